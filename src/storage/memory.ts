import { createHash, randomBytes } from 'node:crypto';
import type { ListingHabit, LockStore } from '../core/locks/lockStore';
import type { ResourceId, ServerId } from '../core/model/resource';
import type { Base, SeenVersions } from '../core/saving/seenVersions';
import type { Version } from '../core/model/version';
import type { KeyValueStore } from './keyValueStore';

const habitsKey = 'listingHabits';
const versionsKey = 'seenVersions';

/** What tells this installation from others of the same person; made once, and in the owner text of our locks. */
export function instanceId(memento: KeyValueStore): string {
  const known = memento.get<string>('instanceId');
  if (known !== undefined) return known;
  const fresh = randomBytes(5).toString('hex');
  void memento.update('instanceId', fresh);
  return fresh;
}

/** Keeps over a restart which servers have been seen to list locks. */
export function keepHabits(memento: KeyValueStore, store: LockStore): { dispose(): void } {
  const habits = new Map(Object.entries(memento.get<Record<ServerId, ListingHabit>>(habitsKey, {})));
  // One that had no locks may have got them since: asking for one tells.
  for (const [server, habit] of habits) if (habit !== 'none') store.recallHabit(server as ServerId, habit);
  return store.onDidLearnHabit((server) => {
    habits.set(server, store.habitOf(server));
    void memento.update(habitsKey, Object.fromEntries(habits));
  });
}

interface KeptBase {
  readonly version: Version;
  readonly certain: boolean;
  /** SHA-256 of the content. */
  readonly digest?: string;
}

/** Keeps over a restart what the open files rest on: text that comes back unsaved is checked against it. */
export class KeptVersions {
  private readonly digests = new WeakMap<Base, string>();

  constructor(
    private readonly memento: KeyValueStore,
    private readonly seen: SeenVersions,
  ) {
    const kept = memento.get<readonly (readonly [ResourceId, KeptBase])[]>(versionsKey, []);
    for (const [id, { version, certain, digest }] of kept) {
      const isContent = (bytes: Uint8Array) => digestOf(bytes) === digest;
      const base: Base = { version, certain, ...(digest !== undefined && { isContent }) };
      if (digest !== undefined) this.digests.set(base, digest);
      seen.saw(id, base);
    }
  }

  keep(): void {
    void this.memento.update(
      versionsKey,
      [...this.seen.all()].map(([id, base]) => [id, this.kept(base)]),
    );
  }

  private kept(base: Base): KeptBase {
    const { version, certain, bytes } = base;
    const digest = this.digests.get(base) ?? (bytes && digestOf(bytes));
    if (digest === undefined) return { version, certain };
    this.digests.set(base, digest);
    return { version, certain, digest };
  }
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64');
}
