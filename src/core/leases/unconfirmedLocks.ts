import type { RemoteFailure } from '../model/failure';
import { shows } from './leaseSlot';
import type { LockId, LockState, Stamp } from '../model/lock';
import type { ResourceId } from '../model/resource';

/** A LOCK of which nobody said what became of it. */
interface Unanswered {
  /** What was known before. */
  readonly before: LockState;
  readonly at: Stamp;
}

/**
 * Locks that name no holder and may be ours: they appeared after we asked for one and were not answered. Servers that
 * keep the owner's text tell which lock is whose; on the others only the person can.
 */
export class UnconfirmedLocks {
  private readonly unanswered = new Map<ResourceId, Unanswered>();
  private readonly ids = new Set<LockId>();

  has(id: LockId): boolean {
    return this.ids.has(id);
  }

  /** A LOCK failed. `before`: what was known of the resource when it was sent. */
  failed({ resource, facts }: RemoteFailure, before: LockState, at: Stamp): void {
    if (this.isRefuted(resource, before)) this.unanswered.delete(resource);
    if (facts.maybeDone && !this.unanswered.has(resource)) this.unanswered.set(resource, { before, at });
    const doubt = this.unanswered.get(resource);
    if (doubt && facts.nobodys !== undefined && !shows(doubt.before, facts.nobodys))
      this.ids.add(facts.nobodys);
  }

  /** The lock is ours, and known to be. */
  taken(resource: ResourceId): void {
    this.unanswered.delete(resource);
  }

  /** Seen to be free since. */
  private isRefuted(resource: ResourceId, now: LockState): boolean {
    const doubt = this.unanswered.get(resource);
    return doubt !== undefined && now.kind === 'unlocked' && now.at.mono > doubt.at.mono;
  }
}
