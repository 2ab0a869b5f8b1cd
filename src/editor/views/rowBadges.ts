import { FileDecoration, Uri, type FileDecorationProvider } from 'vscode';
import { Owner } from '../../base/disposable';
import { Emitter, type Event } from '../../base/emitter';
import { Timer } from '../../base/timer';
import type { Clock } from '../../core/model/ports';
import { twoSignsLeft } from '../words/time';

/** Nothing is read from here. */
const scheme = 'lock-status-row';

const redrawMs = 60_000;

/** The address of a row of the Locks view: its path selects the icon, and the badge says what is left until then. */
export function rowUri({ path }: Uri, badgeUntil: number | undefined): Uri {
  return Uri.from({ scheme, path, ...(badgeUntil !== undefined && { query: String(badgeUntil) }) });
}

/** What is left of the locks whose rows have no room for it. The file's own badge would say again what the group says. */
export class RowBadges extends Owner implements FileDecorationProvider {
  private readonly changed = this.owned.add(new Emitter<undefined>());
  private readonly redrawing: Timer;

  readonly onDidChangeFileDecorations: Event<undefined> = this.changed.event;

  constructor(private readonly clock: Clock) {
    super();
    this.redrawing = this.owned.add(new Timer(clock));
  }

  provideFileDecoration(uri: Uri): FileDecoration | undefined {
    if (uri.scheme !== scheme || uri.query === '') return undefined;
    const badge = twoSignsLeft(Number(uri.query) - this.clock.now().mono);
    if (badge === undefined) return undefined;
    this.redrawing.setOnce(redrawMs, () => this.changed.fire(undefined));
    return new FileDecoration(badge);
  }
}
