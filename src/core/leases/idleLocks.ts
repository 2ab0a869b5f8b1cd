import type { Disposable } from '../../base/disposable';
import type { Leases } from './leases';
import type { LockId } from '../model/lock';
import type { Clock } from '../model/ports';
import type { ResourceId } from '../model/resource';

export interface IdleDeps {
  readonly leases: Pick<Leases, 'held'>;
  readonly clock: Clock;
  /** Somebody works in a file. */
  readonly onDidEdit: (listener: (resource: ResourceId) => void) => Disposable;
  readonly isDirty: (resource: ResourceId) => boolean;
}

export interface Idle {
  readonly resource: ResourceId;
  readonly ms: number;
}

/** Long enough for a meal with somebody on the telephone. */
const idleMs = 40 * 60_000;
const lookEveryMs = 5 * 60_000;

/** Locks that we keep from others and do not use. Each is told of once. */
export class IdleLocks implements Disposable {
  private readonly usedAt = new Map<ResourceId, number>();
  private readonly told = new Set<LockId>();
  private readonly edits: Disposable;
  private timer: Disposable | undefined;

  constructor(
    private readonly deps: IdleDeps,
    private readonly tell: (idle: readonly Idle[], held: number) => void,
  ) {
    this.edits = deps.onDidEdit((resource) => this.usedAt.set(resource, deps.clock.now().mono));
    this.schedule();
  }

  dispose(): void {
    this.edits.dispose();
    this.timer?.dispose();
  }

  private schedule(): void {
    this.timer = this.deps.clock.after(lookEveryMs, () => {
      this.look();
      this.schedule();
    });
  }

  private look(): void {
    const { leases, clock, isDirty } = this.deps;
    const now = clock.now().mono;
    const held = leases.held();
    this.forgetOthers(held);
    const idle: Idle[] = [];
    for (const { resource, id } of held) {
      // A lock that is first seen counts as used now: refreshing it is not using it.
      const used = this.usedAt.get(resource) ?? now;
      this.usedAt.set(resource, used);
      // What is not saved yet needs its lock, however long it takes.
      if (now - used < idleMs || isDirty(resource) || this.told.has(id)) continue;
      this.told.add(id);
      idle.push({ resource, ms: now - used });
    }
    if (idle.length > 0) this.tell(idle, held.length);
  }

  private forgetOthers(held: ReturnType<Leases['held']>): void {
    const ids = new Set(held.map(({ id }) => id));
    for (const id of this.told) if (!ids.has(id)) this.told.delete(id);
    const resources = new Set(held.map(({ resource }) => resource));
    for (const id of this.usedAt.keys()) if (!resources.has(id)) this.usedAt.delete(id);
  }
}
