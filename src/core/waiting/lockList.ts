import { Owner } from '../../base/disposable';
import { Emitter } from '../../base/emitter';
import type { BlockedSaves } from '../saving/blockedSaves';
import type { Lock } from '../model/lock';
import type { LockStore } from '../locks/lockStore';
import { blocksUs, rootAbove, type LockView } from '../model/lockView';
import type { ResourceId } from '../model/resource';
import type { Waits } from './waits';

/** What a locked or blocked file means to the user. A file is in one group: the first that applies. */
export type LockGroup = 'waiting' | 'blocking' | 'mine' | 'others';

export interface LockListEntry {
  readonly resource: ResourceId;
  readonly group: LockGroup;
  readonly view: LockView;
}

export interface LockListDeps {
  readonly store: LockStore;
  readonly waits: Waits;
  readonly blockedSaves: BlockedSaves;
  /** Open files with unsaved changes. */
  readonly dirtyFiles: () => ReadonlySet<ResourceId>;
}

/**
 * Lists every lock once, at its lock root, and the files that are blocked by one. Tracks only the few locked
 * resources, so that an update costs no more than what changed.
 */
export class LockList extends Owner {
  private readonly locked = new Map<ResourceId, LockView>();
  private readonly changed = this.owned.add(new Emitter<void>());

  /** Fires when an entry may have changed. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly deps: LockListDeps) {
    super();
    const { store, waits, blockedSaves } = deps;
    this.owned.add(
      store.onDidChange((resources) => {
        const before = this.locked.size;
        const found = this.update(resources);
        if (found > 0 || before !== this.locked.size) this.changed.fire();
      }),
    );
    this.owned.add(waits.onDidChange(() => this.changed.fire()));
    this.owned.add(blockedSaves.onDidChange(() => this.changed.fire()));
    this.update([...store.resources()]);
  }

  /** Waiting and blocked files newest first, mine by expiry, others' by name. */
  entries(): readonly LockListEntry[] {
    const { waits, blockedSaves, dirtyFiles } = this.deps;
    const waiting = waits.all().map(({ resource }) => this.entry(resource, 'waiting'));
    const blocked = blockedSaves.all().map(({ resource }) => this.entry(resource, 'blocking'));
    const dirty = [...dirtyFiles()]
      .map((resource) => this.entry(resource, 'blocking'))
      .filter(({ view }) => blocksUs(view) || view.state === 'lost');
    const blocking = unique([...waiting, ...blocked, ...dirty]);
    const listed = new Set(blocking.map(({ resource }) => resource));
    const rest = this.rootEntries().filter(({ resource }) => !listed.has(resource));
    const mine = rest.filter(({ group }) => group === 'mine').sort(byExpiry);
    const others = rest.filter(({ group }) => group === 'others').sort(byName);
    return [...blocking, ...mine, ...others];
  }

  /** Updates the changed resources; returns how many of them have a lock or have lost one. */
  private update(resources: readonly ResourceId[]): number {
    let found = 0;
    for (const resource of resources) {
      const view = this.viewOf(resource);
      if (view.state === 'free' || view.state === 'unknown') this.locked.delete(resource);
      else {
        this.locked.set(resource, view);
        found += 1;
      }
    }
    return found;
  }

  /** One entry for each lock root: a folder's lock is not repeated for its members. */
  private rootEntries(): LockListEntry[] {
    const rootEntries = new Map<ResourceId, LockView>();
    for (const [resource, view] of this.locked) {
      const root = view.state === 'lost' || !view.lock ? undefined : rootAbove(view.lock, resource);
      if (!root) rootEntries.set(resource, view);
      // The folder itself may never have been polled.
      else if (view.lock && !this.locked.has(root)) rootEntries.set(root, rootViewOf(view.lock, view));
    }
    return [...rootEntries].map(([resource, view]) => ({ resource, group: groupOf(view), view }));
  }

  private entry(resource: ResourceId, group: LockGroup): LockListEntry {
    return { resource, group, view: this.viewOf(resource) };
  }

  private viewOf(resource: ResourceId): LockView {
    return this.deps.store.viewOf(resource);
  }
}

function rootViewOf(lock: Lock, { state, asOf }: LockView): LockView {
  return { state, lock, locks: [lock], ...(asOf !== undefined && { asOf }) };
}

function groupOf({ state }: LockView): LockGroup {
  return state === 'other' || state === 'shared' ? 'others' : 'mine';
}

function unique(entries: readonly LockListEntry[]): LockListEntry[] {
  const first = new Map<ResourceId, LockListEntry>();
  for (const entry of entries) if (!first.has(entry.resource)) first.set(entry.resource, entry);
  return [...first.values()];
}

function byExpiry(one: LockListEntry, two: LockListEntry): number {
  return endOf(one) - endOf(two) || byName(one, two);
}

/** Lost locks come first, locks without an end last. */
function endOf({ view }: LockListEntry): number {
  if (view.state === 'lost') return -Number.MAX_VALUE;
  // A finite number: two locks without an end must compare as equal.
  return view.lock?.expiry.kind === 'at' ? view.lock.expiry.at.mono : Number.MAX_VALUE;
}

function byName(one: LockListEntry, two: LockListEntry): number {
  if (one.resource === two.resource) return 0;
  return one.resource < two.resource ? -1 : 1;
}
