// Locks that refuse nobody. The answers are those of github.com/nextcloud/server,
// apps/dav/lib/Connector/Sabre/FakeLockerPlugin.php (fakeLockProvider, fakeUnlockProvider, propFind).
import assert from 'node:assert/strict';
import { activeLock, at, discovery, failureOf, found, multistatus, Stage } from './stage';

const resource = at('/a.txt');
const lockRequest = { seconds: 600, owner: 'Ann' };
const token = 'opaquelocktoken:0cc175b9c0f1b6a831c399e269772661';
/** No Lock-Token header. */
const granted = {
  status: 200,
  headers: { 'content-type': 'application/xml; charset=utf-8' },
  body: `<?xml version="1.0"?><d:prop xmlns:d="DAV:" xmlns:D="DAV:">${discovery(activeLock({ token, timeout: 'Second-1800', depth: 'infinity' }))}</d:prop>`,
};
const nothingListed = multistatus(found('/a.txt', discovery()));

describe('a lock that is granted in appearance only', () => {
  it('is found out by a second one, and is no lock', async () => {
    const stage = new Stage(nothingListed, granted, nothingListed, granted, { status: 204 }, nothingListed);
    const failure = await failureOf(stage.server.locks.lock(resource, lockRequest));
    assert.equal(failure.kind, 'unsupported');
    assert.equal(failure.facts.code, 'LOCK_NOT_ENFORCED');
    assert.deepEqual(
      stage.requests.map(({ method }) => method),
      ['PROPFIND', 'LOCK', 'PROPFIND', 'LOCK', 'UNLOCK', 'PROPFIND'],
    );
  });

  it('is a lock where the second one is refused', async () => {
    const stage = new Stage(nothingListed, granted, nothingListed, { status: 423 });
    const lease = await stage.server.locks.lock(resource, lockRequest);
    assert.equal(lease.token.reveal(), token);
    stage.done();
  });

  it('is a lock where it is listed', async () => {
    const listed = multistatus(found('/a.txt', discovery(activeLock({ token }))));
    const stage = new Stage(nothingListed, granted, listed);
    assert.equal((await stage.server.locks.lock(resource, lockRequest)).token.reveal(), token);
    stage.done();
  });
});
