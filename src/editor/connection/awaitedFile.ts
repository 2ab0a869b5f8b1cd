import { commands } from 'vscode';
import { parseWebAddress, type ResourceId } from '../../core/model/resource';
import type { Clock } from '../../core/model/ports';
import type { KeyValueStore } from '../../storage/keyValueStore';
import { toUri } from '../uris';
import { openFolders } from './openFolders';

const key = 'fileToOpen';
/** A window that has not come up by then is not coming any more. */
const longestMs = 5 * 60_000;

interface Kept {
  readonly folder: string;
  readonly file: string;
  readonly at: number;
}

/** A file that is to be opened in the window that shows its folder, which may be one that does not exist yet. */
export class AwaitedFile {
  constructor(
    private readonly memento: KeyValueStore,
    private readonly clock: Clock,
  ) {}

  async set(folder: ResourceId, file: ResourceId): Promise<void> {
    await this.memento.update(key, { folder, file, at: this.clock.now().wall } satisfies Kept);
  }

  /** Opens it if its folder is open here now. */
  async openHere(): Promise<void> {
    const kept = this.memento.get<Partial<Kept>>(key);
    const folder = parseWebAddress(kept?.folder ?? '');
    const file = parseWebAddress(kept?.file ?? '');
    if (!folder || !file || !openFolders().includes(folder)) return;
    await this.memento.update(key, undefined);
    const age = this.clock.now().wall - (kept?.at ?? 0);
    if (age < longestMs) await commands.executeCommand('vscode.open', toUri(file));
  }
}
