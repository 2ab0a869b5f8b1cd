import { type Disposable, Owner } from '../base/disposable';
import type { LockStore } from '../core/locks/lockStore';
import type { ListingSupport } from '../core/locks/stateFromAnswer';
import type { ResourceId, ServerId } from '../core/model/resource';
import type { BaseVersion, BaseVersions } from '../core/saving/baseVersions';
import type { Version } from '../core/model/version';
import { digestOf } from './digest';
import type { KeyValueStore } from './keyValueStore';

const listingSupportKey = 'listingHabits';
const versionsKey = 'seenVersions';

/** Keeps across restarts which servers list locks. */
export function keepListingSupport(memento: KeyValueStore, store: LockStore): Disposable {
  const kept = new Map(
    Object.entries(memento.get<Record<ServerId, ListingSupport | 'none'>>(listingSupportKey, {})),
  );
  // `none` was kept by version 0.1.0 for a whole server, of which one folder may have no locks.
  for (const [server, support] of kept)
    if (support !== 'none') store.restoreListingSupport(server as ServerId, support);
  return store.onDidLearnListingSupport((server) => {
    kept.set(server, store.listingSupportOf(server));
    void memento.update(listingSupportKey, Object.fromEntries(kept));
  });
}

export interface KeptBase {
  readonly version: Version;
  readonly certain: boolean;
  /** SHA-256 of the content. */
  readonly digest?: string;
}

/** Keeps base versions of open files across restarts: restored unsaved text is checked against them. */
export class KeptBaseVersions extends Owner {
  constructor(
    private readonly memento: KeyValueStore,
    private readonly baseVersions: BaseVersions,
  ) {
    super();
    const kept = memento.get<readonly (readonly [ResourceId, KeptBase])[]>(versionsKey, []);
    for (const [id, base] of kept) baseVersions.setShown(id, restoredBase(base));
    this.owned.add(baseVersions.onDidChangeShown(() => this.keep()));
  }

  private keep(): void {
    void this.memento.update(
      versionsKey,
      [...this.baseVersions.all()].map(([id, base]) => [id, keptBase(base)]),
    );
  }
}

/** Of the base versions whose content has been digested before, or is not here any more. */
const digests = new WeakMap<BaseVersion, string>();

export function keptBase(base: BaseVersion): KeptBase {
  const { version, certain, bytes } = base;
  const digest = digests.get(base) ?? (bytes && digestOf(bytes));
  if (digest === undefined) return { version, certain };
  digests.set(base, digest);
  return { version, certain, digest };
}

export function restoredBase({ version, certain, digest }: KeptBase): BaseVersion {
  if (digest === undefined) return { version, certain };
  const base = { version, certain, isContent: (bytes: Uint8Array) => digestOf(bytes) === digest };
  digests.set(base, digest);
  return base;
}
