import type { LockId } from '../model/lock';
import { UnconfirmedLocks } from './unconfirmedLocks';

/**
 * Identifies our locks in listings. Constructed before the servers, which use it to read listings, and before the
 * leases, which keep it up to date.
 */
export class OwnLocks {
  private readonly held = new Set<LockId>();
  readonly unconfirmed = new UnconfirmedLocks();

  /** Whether this window holds the lock. */
  owns(id: LockId): boolean {
    return this.held.has(id);
  }

  /** Whether the lock may be one that we requested without getting a response. */
  mayOwn(id: LockId): boolean {
    return this.unconfirmed.has(id);
  }

  add(id: LockId): void {
    this.held.add(id);
  }

  delete(id: LockId): void {
    this.held.delete(id);
  }
}
