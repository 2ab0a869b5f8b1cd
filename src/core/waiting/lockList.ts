import { Disposables, type Disposable } from '../../base/disposable';
import { Emitter } from '../../base/emitter';
import type { BlockedSaves } from '../saving/blockedSaves';
import type { Lock } from '../model/lock';
import type { LockStore } from '../locks/lockStore';
import { blocksUs, lockView, rootAbove, type LockView } from '../model/lockView';
import type { ResourceId } from '../model/resource';
import type { Waits } from './waits';

/** What a locked or blocked file is to the person. A file stands in one group: the first that fits. */
export type LockGroup = 'waiting' | 'inMyWay' | 'mine' | 'others';

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
 * The roll of locks: every lock once, where it sits, and the files that are held up by one. Keeps the few resources that
 * have a lock apart from the many that have none, so that news costs what is new.
 */
export class LockList implements Disposable {
  private readonly owned = new Disposables();
  private readonly locked = new Map<ResourceId, LockView>();
  private readonly changed = this.owned.add(new Emitter<void>());

  /** Something in the roll may read differently now. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly deps: LockListDeps) {
    const { store, waits, blockedSaves } = deps;
    this.owned.add(
      store.onDidChange((resources) => {
        const before = this.locked.size;
        const found = this.look(resources);
        if (found > 0 || before !== this.locked.size) this.changed.fire();
      }),
    );
    this.owned.add(waits.onDidChange(() => this.changed.fire()));
    this.owned.add(blockedSaves.onDidChange(() => this.changed.fire()));
    this.look([...store.resources()]);
  }

  /** Mine by expiry, blocked and waiting files newest first, others' by name. */
  entries(): readonly LockListEntry[] {
    const { waits, blockedSaves, dirtyFiles } = this.deps;
    const waiting = waits.all().map(({ resource }) => this.entry(resource, 'waiting'));
    const blocked = blockedSaves.all().map(({ resource }) => this.entry(resource, 'inMyWay'));
    const barred = [...dirtyFiles()]
      .map((resource) => this.entry(resource, 'inMyWay'))
      .filter(({ view }) => blocksUs(view) || view.state === 'lost');
    const held = unique([...waiting, ...blocked, ...barred]);
    const listed = new Set(held.map(({ resource }) => resource));
    const rest = this.sites().filter(({ resource }) => !listed.has(resource));
    const mine = rest.filter(({ group }) => group === 'mine').sort(byExpiry);
    const others = rest.filter(({ group }) => group === 'others').sort(byName);
    return [...held, ...mine, ...others];
  }

  dispose(): void {
    this.owned.dispose();
  }

  /** Looks again at what changed; returns how many of them have a lock or have lost one. */
  private look(resources: readonly ResourceId[]): number {
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

  /** One entry for each place where a lock sits: a folder's lock is not told again for all that lies in the folder. */
  private sites(): LockListEntry[] {
    const sites = new Map<ResourceId, LockView>();
    for (const [resource, view] of this.locked) {
      const root = view.state === 'lost' || !view.lock ? undefined : rootAbove(view.lock, resource);
      if (!root) sites.set(resource, view);
      // The folder itself may never have been asked.
      else if (view.lock && !this.locked.has(root)) sites.set(root, siteOf(view.lock, view));
    }
    return [...sites].map(([resource, view]) => ({ resource, group: groupOf(view), view }));
  }

  private entry(resource: ResourceId, group: LockGroup): LockListEntry {
    return { resource, group, view: this.viewOf(resource) };
  }

  private viewOf(resource: ResourceId): LockView {
    return lockView(this.deps.store.stateOf(resource), this.deps.store.lossOf(resource));
  }
}

function siteOf(lock: Lock, { state, asOf }: LockView): LockView {
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

/** What was lost comes first, what never ends last. */
function endOf({ view }: LockListEntry): number {
  if (view.state === 'lost') return -Number.MAX_VALUE;
  // A finite number: two locks without an end must compare as equal.
  return view.lock?.expiry.kind === 'at' ? view.lock.expiry.at.mono : Number.MAX_VALUE;
}

function byName(one: LockListEntry, two: LockListEntry): number {
  if (one.resource === two.resource) return 0;
  return one.resource < two.resource ? -1 : 1;
}
