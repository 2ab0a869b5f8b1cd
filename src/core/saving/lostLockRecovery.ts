import { Emitter } from '../../base/emitter';
import type { Directory } from '../polling/directory';
import { isFailure } from '../model/failure';
import type { Leases, Loss } from '../leases/leases';
import type { Clock, ServerOf } from '../model/ports';
import type { ResourceId } from '../model/resource';
import { sameBytes, type BaseVersions } from './baseVersions';
import { compareVersions } from '../model/version';

export interface LostLockRecoveryDeps {
  readonly serverOf: ServerOf;
  readonly leases: Leases;
  /** Resolves when no save is under way any more; true if one was. */
  readonly saveOver: (resource: ResourceId) => Promise<boolean>;
  readonly directory: Directory;
  readonly baseVersions: BaseVersions;
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
export class LostLockRecovery {
  private readonly settled = new Emitter<LossOutcome>();
  private readonly retakenAt = new Map<ResourceId, readonly number[]>();
  private readonly subscription;

  readonly onDidSettle = this.settled.event;

  constructor(private readonly deps: LostLockRecoveryDeps) {
    this.subscription = deps.leases.onDidLose((loss) => void this.handle(loss));
  }

  dispose(): void {
    this.subscription.dispose();
    this.settled.dispose();
  }

  private async handle(loss: Loss): Promise<void> {
    let judged = await this.judge(loss);
    // A save under way tells of its own refusal, and has its own text on the server by then if it was not refused.
    if (judged.outcome === 'lost' && (await this.deps.saveOver(loss.lease.resource)))
      judged = await this.judge(loss);
    if (judged.outcome === 'lost') this.deps.leases.giveUp(loss);
    // Nobody wants it any more, or another loss has come since and speaks for both.
    if (judged.outcome === 'retaken' || loss.claims.size > 0) this.settled.fire(judged);
  }

  private async judge(loss: Loss): Promise<LossOutcome> {
    const content = await this.contentSince(loss);
    const retaken = content === 'same' && this.mayRetake(loss) && (await this.retake(loss));
    return { loss, content, outcome: retaken ? 'retaken' : 'lost' };
  }

  private async contentSince({ lease: { resource } }: Loss): Promise<LossOutcome['content']> {
    const { baseVersions, directory } = this.deps;
    const before = baseVersions.of(resource);
    try {
      const there = await directory.stat(resource, 0, { exact: true });
      // What was saved while the answer was on its way may be newer than the answer, or be what it tells of.
      const known = [before, baseVersions.of(resource)].filter((base) => base !== undefined);
      if (known.length === 0) return 'unknown';
      const compared = known.map(({ version }) => compareVersions(version, there.version));
      return compared.includes('same') ? 'same' : await this.byContent(resource);
    } catch (error) {
      if (!isFailure(error)) throw error;
      return 'unknown';
    }
  }

  /** Equal content under a changed tag is no change. */
  private async byContent(resource: ResourceId): Promise<'same' | 'changed'> {
    const { serverOf, baseVersions } = this.deps;
    const { bytes } = await serverOf(resource).read(resource);
    const known = baseVersions.of(resource)?.bytes;
    return known && sameBytes(known, bytes) ? 'same' : 'changed';
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
