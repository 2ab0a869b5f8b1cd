import { randomBytes } from 'node:crypto';
import type { Memento } from 'vscode';
import type { ListingHabit, LockStore } from '../core/lockStore';
import type { ResourceId, ServerId } from '../core/resource';
import type { SeenVersions } from '../core/seenVersions';
import type { Version } from '../core/version';

const habitsKey = 'listingHabits';
const versionsKey = 'seenVersions';

/** What tells this installation from others of the same person; made once, and in the owner text of our locks. */
export function instanceId(memento: Memento): string {
  const known = memento.get<string>('instanceId');
  if (known !== undefined) return known;
  const fresh = randomBytes(5).toString('hex');
  void memento.update('instanceId', fresh);
  return fresh;
}

/** Keeps over a restart which servers have been seen to list locks. */
export function keepHabits(memento: Memento, store: LockStore): { dispose(): void } {
  const habits = new Map(Object.entries(memento.get<Record<ServerId, ListingHabit>>(habitsKey, {})));
  // One that had no locks may have got them since: asking for one tells.
  for (const [server, habit] of habits) if (habit !== 'none') store.recallHabit(server as ServerId, habit);
  return store.onDidLearnHabit((server) => {
    habits.set(server, store.habitOf(server));
    void memento.update(habitsKey, Object.fromEntries(habits));
  });
}

/** Keeps over a restart which versions the open files rest on: text that comes back unsaved is checked against them. */
export class KeptVersions {
  constructor(
    private readonly memento: Memento,
    private readonly seen: SeenVersions,
  ) {
    for (const [id, version] of memento.get<readonly [ResourceId, Version][]>(versionsKey, [])) {
      seen.saw(id, { version, certain: true });
    }
  }

  keep(): void {
    void this.memento.update(versionsKey, [...this.seen.all()]);
  }
}
