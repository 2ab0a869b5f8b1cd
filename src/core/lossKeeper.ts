import { Emitter } from '../base/emitter';
import type { Directory } from './directory';
import { isFailure } from './failure';
import type { Leases, Loss } from './leases';
import type { Clock } from './ports';
import type { ResourceId } from './resource';
import type { SeenVersions } from './seenVersions';
import { compareVersions } from './version';

export interface LossDeps {
  readonly leases: Leases;
  readonly directory: Directory;
  readonly seen: SeenVersions;
  readonly clock: Clock;
}

export interface LossOutcome {
  readonly loss: Loss;
  /** `retaken`: free and unchanged, so the lock is ours again and nobody needs to be bothered. */
  readonly outcome: 'retaken' | 'lost';
  /** Whether the server's content changed since the person saw it. */
  readonly content: 'same' | 'changed' | 'unknown';
}

/** A server that takes our lock away again and again is not argued with: so often within so long, then it is told. */
const retakes = { most: 3, withinMs: 5 * 60_000 };

/** When one of our locks is lost: takes it again where that is safe, else says so. */
export class LossKeeper {
  private readonly settled = new Emitter<LossOutcome>();
  private readonly retakenAt = new Map<ResourceId, readonly number[]>();
  private readonly subscription;

  readonly onDidSettle = this.settled.event;

  constructor(private readonly deps: LossDeps) {
    this.subscription = deps.leases.onDidLose((loss) => void this.handle(loss));
  }

  dispose(): void {
    this.subscription.dispose();
    this.settled.dispose();
  }

  private async handle(loss: Loss): Promise<void> {
    const content = await this.contentSince(loss);
    const retaken = content === 'same' && this.mayRetake(loss) && (await this.retake(loss));
    if (!retaken) this.deps.leases.giveUp(loss);
    this.settled.fire({ loss, content, outcome: retaken ? 'retaken' : 'lost' });
  }

  private async contentSince({ lease }: Loss): Promise<LossOutcome['content']> {
    try {
      const base = this.deps.seen.of(lease.resource);
      const there = await this.deps.directory.stat(lease.resource, 0, { exact: true });
      return base ? compareVersions(base.version, there.version) : 'unknown';
    } catch (error) {
      if (!isFailure(error)) throw error;
      return 'unknown';
    }
  }

  private mayRetake({ lease, claims }: Loss): boolean {
    const now = this.deps.clock.now().mono;
    const recent = (this.retakenAt.get(lease.resource) ?? []).filter((at) => now - at < retakes.withinMs);
    const may = claims.size > 0 && recent.length < retakes.most;
    if (may) this.retakenAt.set(lease.resource, [...recent, now]);
    return may;
  }

  private async retake(loss: Loss): Promise<boolean> {
    try {
      await this.deps.leases.retake(loss);
      return this.deps.leases.isWanted(loss.lease.resource);
    } catch (error) {
      if (!isFailure(error)) throw error;
      return false;
    }
  }
}
