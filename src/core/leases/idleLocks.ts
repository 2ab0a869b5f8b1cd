import { type Disposable, Owner } from '../../base/disposable';
import { Timer } from '../../base/timer';
import type { Leases } from './leases';
import type { LockId } from '../model/lock';
import type { Clock } from '../model/ports';
import type { ResourceId } from '../model/resource';

export interface IdleDeps {
  readonly leases: Pick<Leases, 'held'>;
  readonly clock: Clock;
  /** The user edits a file. */
  readonly onDidEdit: (listener: (resource: ResourceId) => void) => Disposable;
  readonly isDirty: (resource: ResourceId) => boolean;
}

export interface Idle {
  readonly resource: ResourceId;
  readonly ms: number;
}

/** Long enough for a meal or a phone call. */
const idleMs = 40 * 60_000;
const checkEveryMs = 5 * 60_000;

/** Reports, once each, locks that we hold but do not use. */
export class IdleLocks extends Owner {
  private readonly usedAt = new Map<ResourceId, number>();
  private readonly reported = new Set<LockId>();
  private readonly timer: Timer;

  constructor(
    private readonly deps: IdleDeps,
    private readonly report: (idle: readonly Idle[], held: number) => void,
  ) {
    super();
    this.timer = this.owned.add(new Timer(deps.clock));
    this.owned.add(deps.onDidEdit((resource) => this.usedAt.set(resource, deps.clock.now().mono)));
    this.schedule();
  }

  private schedule(): void {
    this.timer.set(checkEveryMs, () => {
      this.check();
      this.schedule();
    });
  }

  private check(): void {
    const { leases, clock, isDirty } = this.deps;
    const now = clock.now().mono;
    const held = leases.held();
    this.forgetReleased(held);
    const idle: Idle[] = [];
    for (const { resource, id } of held) {
      // A newly seen lock counts as used now; refreshing it does not count as use.
      const used = this.usedAt.get(resource) ?? now;
      this.usedAt.set(resource, used);
      // Unsaved text needs its lock, however long it takes.
      if (now - used < idleMs || isDirty(resource) || this.reported.has(id)) continue;
      this.reported.add(id);
      idle.push({ resource, ms: now - used });
    }
    if (idle.length > 0) this.report(idle, held.length);
  }

  private forgetReleased(held: ReturnType<Leases['held']>): void {
    const ids = new Set(held.map(({ id }) => id));
    for (const id of this.reported) if (!ids.has(id)) this.reported.delete(id);
    const resources = new Set(held.map(({ resource }) => resource));
    for (const id of this.usedAt.keys()) if (!resources.has(id)) this.usedAt.delete(id);
  }
}
