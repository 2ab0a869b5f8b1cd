import type { LockProvider } from '../../core/model/ports';
import type { WebdavClient } from './client';
import { breakLock } from './operations/locking/breakLock';
import { lock } from './operations/locking/lock';
import { stat } from './operations/propfind';
import { refresh } from './operations/locking/refresh';
import { rights } from './operations/rights';
import { unlock } from './operations/locking/unlock';

/** The write locks of one WebDAV server (RFC 4918 sections 6 and 7). */
export function webdavLocks(client: WebdavClient): LockProvider {
  return {
    id: 'webdav',
    look: async (resource, options) => (await stat(client, resource, options)).listing,
    traits() {
      const {
        refusesLostLocks = false,
        enforcesFullTimeout = false,
        checksLockCondition = false,
      } = client.profile;
      return { refusesLostLocks, enforcesFullTimeout, locksOnlyExisting: checksLockCondition };
    },
    rights: (resource) => rights(client, resource),
    lock: (resource, lockRequest, options) => lock(client, resource, lockRequest, options),
    refresh: (lease, seconds) => refresh(client, lease, seconds),
    release: (lease) => unlock(client, lease),
    breakLock: (seen) => breakLock(client, seen),
  };
}
