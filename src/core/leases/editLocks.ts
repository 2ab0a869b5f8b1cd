import type { Disposable } from '../../base/disposable';
import { isFailure } from '../model/failure';
import type { Leases } from './leases';
import type { LockPoller } from '../polling/lockPoller';
import type { ServerPauses } from '../polling/serverPauses';
import type { OpenDocuments } from './openDocuments';
import type { Clock } from '../model/ports';
import type { ResourceId } from '../model/resource';

export interface EditLockDeps {
  readonly leases: Leases;
  readonly poller: LockPoller;
  readonly documents: OpenDocuments;
  readonly clock: Clock;
  readonly pauses: ServerPauses;
  readonly lockOn: () => 'edit' | 'open' | 'manual';
  /** Logs the refusal; the user sees its effect in the views. */
  readonly onRefused: (resource: ResourceId, error: unknown) => void;
}

/** A refused lock is requested again at most this often, not at every keystroke. */
const retryRefusedMs = 30_000;
/** Reopening the file within this time keeps the lock. */
const reopenGraceMs = 1_000;

/** Takes the lock when the user starts to edit, and releases it soon after the last tab of a clean file is closed. */
export class EditLocks implements Disposable {
  private readonly refusedAt = new Map<ResourceId, number>();
  private readonly closing = new Map<ResourceId, Disposable>();

  constructor(private readonly deps: EditLockDeps) {}

  opened(resource: ResourceId): void {
    this.cancelRelease(resource);
    if (this.deps.lockOn() === 'open') this.take(resource);
  }

  edited(resource: ResourceId): void {
    this.cancelRelease(resource);
    if (this.deps.lockOn() !== 'manual') this.take(resource);
  }

  /** No unsaved text needs the lock any more; without a tab, nobody is about to type. */
  cleaned(resource: ResourceId): void {
    if (!this.isInUse(resource)) this.closed(resource);
  }

  /** The last tab or the document was closed. */
  closed(resource: ResourceId): void {
    this.cancelRelease(resource);
    this.refusedAt.delete(resource);
    // Needed even when no lock is held: a lost lock may be about to be taken again.
    this.closing.set(
      resource,
      this.deps.clock.after(reopenGraceMs, () => {
        this.closing.delete(resource);
        if (!this.isInUse(resource)) void this.release(resource);
      }),
    );
  }

  dispose(): void {
    for (const timer of this.closing.values()) timer.dispose();
    this.closing.clear();
  }

  /** A document that another extension keeps open is in use only while a tab shows it or it has unsaved text. */
  private isInUse(resource: ResourceId): boolean {
    const { documents } = this.deps;
    return documents.isShown(resource) || documents.isDirty(resource);
  }

  private cancelRelease(resource: ResourceId): void {
    this.closing.get(resource)?.dispose();
    this.closing.delete(resource);
  }

  private take(resource: ResourceId): void {
    const { leases, clock } = this.deps;
    if (leases.isLockUnsupported(resource)) return;
    // Check claims, not the lease: a lock without claims is about to be released and must be claimed again.
    if (leases.claimsOn(resource).size > 0) return;
    if (leases.covering(resource).some((lease) => lease.resource !== resource)) return;
    const refused = this.refusedAt.get(resource);
    if (refused !== undefined && clock.now().mono - refused < retryRefusedMs) return;
    this.refusedAt.set(resource, clock.now().mono);
    void this.takeNow(resource);
  }

  /** Never rejects: a refused lock changes the display, not the text. */
  private async takeNow(resource: ResourceId): Promise<void> {
    const { leases, poller, clock, pauses, onRefused } = this.deps;
    const since = clock.now().mono;
    let isSeen = false;
    try {
      const lease = await leases.take(resource, 'edit', { onSeen: () => (isSeen = true) });
      // A lock that was held already cost no request.
      if (lease.since.mono >= since) pauses.lift(resource, since);
      this.refusedAt.delete(resource);
      if (!this.isInUse(resource)) await leases.drop(resource, 'edit');
    } catch (error) {
      onRefused(resource, error);
      if (isFailure(error, 'locked') && !isSeen) await poller.ask([resource]);
    }
  }

  private async release(resource: ResourceId): Promise<void> {
    try {
      await this.deps.leases.drop(resource, 'edit');
    } catch (error) {
      this.deps.onRefused(resource, error);
    }
  }
}
