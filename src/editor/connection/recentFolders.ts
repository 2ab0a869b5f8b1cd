import { parseWebAddress, type ResourceId } from '../../core/model/resource';
import type { KeyValueStore } from '../../storage/keyValueStore';

const key = 'recentFolders';
const most = 10;

/** The remote folders that were opened last, in any window. */
export class RecentFolders {
  constructor(private readonly memento: KeyValueStore) {}

  /** The last one first. */
  all(): ResourceId[] {
    const kept = this.memento.get<unknown>(key);
    if (!Array.isArray(kept)) return [];
    return kept.flatMap((url: unknown) => (typeof url === 'string' ? (parseWebAddress(url) ?? []) : []));
  }

  async note(folder: ResourceId): Promise<void> {
    const before = this.all();
    if (before[0] === folder) return;
    await this.memento.update(key, [folder, ...before.filter((one) => one !== folder)].slice(0, most));
  }
}
