import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { lockIdOf } from '../../../../src/protocol/webdav/reading/token';
import { activeLock, at, discovery, failureOf, found, multistatus, Stage } from './stage';

const file = at('/a.txt');
const shown = { resource: file, id: lockIdOf('urn:theirs'), depth: 'self' } as const;
const listing = (...locks: string[]) => multistatus(found('/a.txt', discovery(...locks)));
const theirs = activeLock({ token: 'urn:theirs' });

describe('Breaking a lock', () => {
  it('sends the token that is listed now, and looks whether it worked', async () => {
    const stage = new Stage(listing(theirs), { status: 204 }, listing());
    assert.deepEqual(await stage.server.locks.breakLock(shown), { wasHeld: true });
    assert.deepEqual(stage.asked, ['PROPFIND /a.txt', 'UNLOCK /a.txt', 'PROPFIND /a.txt']);
    assert.equal(stage.header(1, 'lock-token'), '<urn:theirs>');
  });

  it('leaves a lock alone that was taken after the person looked', async () => {
    const stage = new Stage(listing(activeLock({ token: 'urn:newer' })));
    assert.deepEqual(await stage.server.locks.breakLock(shown), { wasHeld: false });
    stage.done();
  });

  it('has nothing to do where the lock no longer exists', async () => {
    const stage = new Stage(listing());
    assert.deepEqual(await stage.server.locks.breakLock(shown), { wasHeld: false });
  });

  it('unlocks a tree where it sits', async () => {
    const root = at('/folder');
    const inside = multistatus(found('/folder/a.txt', discovery(theirs)));
    const stage = new Stage(inside, { status: 204 }, multistatus(found('/folder/', discovery())));
    await stage.server.locks.breakLock({ ...shown, resource: at('/folder/a.txt'), root, depth: 'tree' });
    assert.equal(stage.asked[1], 'UNLOCK /folder/');
  });

  for (const status of [403, 423]) {
    it(`says that locks are bound to their users where the answer is ${status}`, async () => {
      const stage = new Stage(listing(theirs), { status }, listing(theirs));
      const failure = await failureOf(stage.server.locks.breakLock(shown));
      assert.equal(failure.kind, 'forbidden');
      assert.doesNotMatch(inspect(failure, { depth: 6 }), /urn:theirs/);
    });
  }

  it('says so where the server keeps its tokens to itself', async () => {
    const stage = new Stage(listing(activeLock()));
    assert.equal(
      (await failureOf(stage.server.locks.breakLock({ resource: file, depth: 'self' }))).kind,
      'unsupported',
    );
  });

  it('does not believe a success after which the lock is still listed', async () => {
    const stage = new Stage(listing(theirs), { status: 204 }, listing(theirs));
    assert.equal((await failureOf(stage.server.locks.breakLock(shown))).kind, 'serverFault');
  });
});
