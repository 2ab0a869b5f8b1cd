import type { Disposable } from '../../base/disposable';
import { isFailure } from '../model/failure';
import type { Leases } from './leases';
import type { LockPoller } from '../polling/lockPoller';
import type { OpenDocuments } from './openDocuments';
import type { Clock } from '../model/ports';
import type { ResourceId } from '../model/resource';

export interface EditLockDeps {
  readonly leases: Leases;
  readonly poller: LockPoller;
  readonly documents: OpenDocuments;
  readonly clock: Clock;
  readonly lockOn: () => 'edit' | 'open' | 'manual';
  /** A refusal that is worth a line in the log; the person sees its effect in the views. */
  readonly onRefused: (resource: ResourceId, error: unknown) => void;
}

/** Every keystroke would ask again; a refused lock is asked for at most this often. */
const askAgainMs = 30_000;
/** Closing and opening again within this keeps the lock. */
const graceMs = 1_000;

/** Takes the lock when somebody begins to edit, and lets it go when the file is closed and clean. */
export class EditLocks implements Disposable {
  private readonly refusedAt = new Map<ResourceId, number>();
  private readonly closing = new Map<ResourceId, Disposable>();

  constructor(private readonly deps: EditLockDeps) {}

  opened(resource: ResourceId): void {
    this.keep(resource);
    if (this.deps.lockOn() === 'open') this.take(resource);
  }

  edited(resource: ResourceId): void {
    this.keep(resource);
    if (this.deps.lockOn() !== 'manual') this.take(resource);
  }

  closed(resource: ResourceId): void {
    this.keep(resource);
    this.refusedAt.delete(resource);
    // Also where there is no lock just now: one that was lost may be on its way back.
    this.closing.set(
      resource,
      this.deps.clock.after(graceMs, () => {
        this.closing.delete(resource);
        if (!this.deps.documents.isOpen(resource)) void this.letGo(resource);
      }),
    );
  }

  dispose(): void {
    for (const timer of this.closing.values()) timer.dispose();
    this.closing.clear();
  }

  private keep(resource: ResourceId): void {
    this.closing.get(resource)?.dispose();
    this.closing.delete(resource);
  }

  private take(resource: ResourceId): void {
    const { leases, clock } = this.deps;
    if (leases.hasNoLocks(resource)) return;
    // One that nobody wants any more is about to be let go: it is wanted again.
    if (leases.claimsOn(resource).size > 0) return;
    if (leases.covering(resource).some((lease) => lease.resource !== resource)) return;
    const refused = this.refusedAt.get(resource);
    if (refused !== undefined && clock.now().mono - refused < askAgainMs) return;
    this.refusedAt.set(resource, clock.now().mono);
    void this.takeNow(resource);
  }

  /** Never rejects: a refused lock changes what is shown, not the text. */
  private async takeNow(resource: ResourceId): Promise<void> {
    const { leases, poller, documents, onRefused } = this.deps;
    try {
      await leases.take(resource, 'edit');
      this.refusedAt.delete(resource);
      if (!documents.isOpen(resource)) await leases.drop(resource, 'edit');
    } catch (error) {
      onRefused(resource, error);
      if (isFailure(error, 'locked')) await poller.ask([resource]);
    }
  }

  private async letGo(resource: ResourceId): Promise<void> {
    try {
      await this.deps.leases.drop(resource, 'edit');
    } catch (error) {
      this.deps.onRefused(resource, error);
    }
  }
}
