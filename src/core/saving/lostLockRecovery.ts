import { Owner } from '../../base/disposable';
import { Emitter } from '../../base/emitter';
import type { Directory } from '../polling/directory';
import { isFailure, orElse } from '../model/failure';
import type { Leases, Loss } from '../leases/leases';
import type { Clock, FilesOf } from '../model/ports';
import type { ResourceId } from '../model/resource';
import { sameBytes, type BaseVersions } from './baseVersions';
import { compareVersions } from '../model/version';

export interface LostLockRecoveryDeps {
  readonly filesOf: FilesOf;
  readonly leases: Leases;
  /** Resolves when no save is under way; true if one was. */
  readonly saveSettled: (resource: ResourceId) => Promise<boolean>;
  /** Resolves when nothing is under way that moves or deletes it. */
  readonly relocationSettled: (resource: ResourceId) => Promise<void>;
  readonly directory: Directory;
  readonly baseVersions: BaseVersions;
  readonly clock: Clock;
}

export interface LossOutcome {
  readonly loss: Loss;
  /** `retaken`: the file was unlocked and unchanged, so we hold the lock again. */
  readonly outcome: 'retaken' | 'lost';
  /** Whether the server's content changed since the user saw it; of a retaken lock, as seen under it. */
  readonly content: 'same' | 'changed' | 'unknown';
}

/** If a server breaks our lock again and again, retake it only this often before reporting the loss. */
const retakes = { most: 3, withinMs: 5 * 60_000 };

/** When a lock of ours is lost: retakes it if that is safe, else reports the loss. */
export class LostLockRecovery extends Owner {
  private readonly settled = this.owned.add(new Emitter<LossOutcome>());
  private readonly retakenAt = new Map<ResourceId, readonly number[]>();

  readonly onDidSettle = this.settled.event;

  constructor(private readonly deps: LostLockRecoveryDeps) {
    super();
    this.owned.add(deps.leases.onDidLose((loss) => void this.handle(loss)));
  }

  private async handle(loss: Loss): Promise<void> {
    let result = await this.assess(loss);
    // A save under way reports its own refusal; if it was not refused, its text is on the server by then.
    if (result.outcome === 'lost' && (await this.deps.saveSettled(loss.lease.resource)))
      result = await this.assess(loss);
    if (result.outcome === 'lost') this.deps.leases.giveUp(loss);
    // Not reported if no claim is left, or if a later loss covers both.
    if (result.outcome === 'retaken' || loss.claims.size > 0) this.settled.fire(result);
  }

  private async assess(loss: Loss): Promise<LossOutcome> {
    const before = await this.contentSince(loss);
    const retaken = before === 'same' && this.mayRetake(loss) && (await this.retake(loss));
    if (!retaken) return { loss, content: before, outcome: 'lost' };
    // Until the lock was ours again, somebody else may have written.
    return { loss, content: await this.contentSince(loss), outcome: 'retaken' };
  }

  private async contentSince({ lease: { resource } }: Loss): Promise<LossOutcome['content']> {
    const { baseVersions, directory } = this.deps;
    const before = baseVersions.of(resource);
    try {
      const current = await directory.stat(resource, 0, { exact: true });
      // A save during the request may be newer than the response, or be what the response shows.
      const known = [before, baseVersions.of(resource)].filter((base) => base !== undefined);
      if (known.length === 0) return 'unknown';
      const compared = known.map(({ version }) => compareVersions(version, current.version));
      return compared.includes('same') ? 'same' : await this.byContent(resource);
    } catch (error) {
      if (!isFailure(error)) throw error;
      return 'unknown';
    }
  }

  /** Equal content under a changed entity tag is no change. */
  private async byContent(resource: ResourceId): Promise<'same' | 'changed'> {
    const { filesOf, baseVersions } = this.deps;
    const { bytes } = await filesOf(resource).read(resource);
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
    // Where the file has just gone, a LOCK would make an empty one (RFC 4918 section 7.3).
    await this.deps.relocationSettled(loss.lease.resource);
    return orElse(false, async () => {
      await this.deps.leases.retake(loss);
      return this.deps.leases.isWanted(loss.lease.resource);
    });
  }
}
