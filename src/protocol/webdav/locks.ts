import type { Lease } from '../../core/model/lease';
import type { LockListing } from '../../core/model/lock';
import type {
  CallOptions,
  LockOptions,
  LockProvider,
  LockRequest,
  LockToBreak,
  LockTraits,
  Rights,
} from '../../core/model/ports';
import type { ResourceId } from '../../core/model/resource';
import type { WebdavClient } from './client';
import { breakLock } from './operations/breakLock';
import { lock } from './operations/lock';
import { stat } from './operations/propfind';
import { refresh } from './operations/refresh';
import { rights } from './operations/rights';
import { unlock } from './operations/unlock';

/** The write locks of one WebDAV server (RFC 4918 sections 6 and 7). */
export class WebdavLocks implements LockProvider {
  readonly id = 'webdav';
  readonly #client: WebdavClient;

  constructor(client: WebdavClient) {
    this.#client = client;
  }

  async look(resource: ResourceId, options?: CallOptions): Promise<LockListing> {
    return (await stat(this.#client, resource, options)).listing;
  }

  traits(_resource: ResourceId): LockTraits {
    const {
      refusesLostLocks = false,
      enforcesFullTimeout = false,
      checksLockCondition = false,
    } = this.#client.profile;
    return { refusesLostLocks, enforcesFullTimeout, locksOnlyExisting: checksLockCondition };
  }

  rights(resource: ResourceId, options?: CallOptions): Promise<Rights> {
    return rights(this.#client, resource, options);
  }

  lock(resource: ResourceId, lockRequest: LockRequest, options?: LockOptions): Promise<Lease> {
    return lock(this.#client, resource, lockRequest, options);
  }

  refresh(lease: Lease, seconds: number, options?: CallOptions): Promise<Lease> {
    return refresh(this.#client, lease, seconds, options);
  }

  release(lease: Lease, options?: CallOptions): Promise<{ readonly wasHeld: boolean }> {
    return unlock(this.#client, lease, options);
  }

  breakLock(lock: LockToBreak, options?: CallOptions): Promise<{ readonly wasHeld: boolean }> {
    return breakLock(this.#client, lock, options);
  }
}
