import assert from 'node:assert/strict';
import { at, failureOf, leaseOn, multistatus, Stage, activeLock, discovery, found } from './stage';

const file = at('/a.txt');

const locked = (lock: Parameters<typeof activeLock>[0]) =>
  multistatus(found('/a.txt', discovery(activeLock(lock))));
const free = multistatus(found('/a.txt', discovery()));

describe('UNLOCK', () => {
  const ours = leaseOn(file);

  it('is believed where the server is known to mean it', async () => {
    const stage = new Stage({ status: 204, headers: { dav: '1,2,<http://apache.org/dav/propset/fs/1>' } });
    assert.deepEqual(await stage.server.locks.release(ours), { wasHeld: true });
    assert.equal(stage.header(0, 'lock-token'), '<urn:uuid:ours>');
  });

  it('is looked after once where it is not', async () => {
    const stage = new Stage({ status: 204 }, free);
    assert.deepEqual(await stage.server.locks.release(ours), { wasHeld: true });
    stage.done();
  });

  it('has failed where the lock stays, whatever the answer was', async () => {
    for (const status of [204, 200, 409]) {
      const stage = new Stage({ status }, locked({ token: 'urn:uuid:ours' }));
      assert.equal((await failureOf(stage.server.locks.release(ours))).kind, 'serverFault');
    }
  });

  it('of a lock that no longer exists is no failure', async () => {
    for (const status of [400, 404, 409, 412]) {
      const stage = new Stage({ status }, free);
      assert.deepEqual(await stage.server.locks.release(ours), { wasHeld: false });
    }
    const member =
      '<D:response><D:href>/a.txt</D:href><D:status>HTTP/1.1 412 Precondition Failed</D:status></D:response>';
    const { server } = new Stage(multistatus(member), free);
    assert.deepEqual(await server.locks.release(ours), { wasHeld: false });
  });

  it('shows nothing free where somebody else’s lock is listed', async () => {
    for (const status of [204, 409]) {
      const { server } = new Stage({ status }, locked({ token: 'urn:uuid:theirs' }));
      assert.deepEqual(await server.locks.release(ours), { wasHeld: false });
    }
  });

  it('is sent again once where the connection breaks', async () => {
    const stage = new Stage('interrupted', { status: 409 }, free);
    assert.deepEqual(await stage.server.locks.release(ours), { wasHeld: false });
    assert.deepEqual(stage.asked, ['UNLOCK /a.txt', 'UNLOCK /a.txt', 'PROPFIND /a.txt']);
  });

  it('may have been done where no answer comes, or none that decides', async () => {
    const broken = new Stage('interrupted', 'unreachable');
    const failure = await failureOf(broken.server.locks.release(ours));
    assert.deepEqual([failure.kind, failure.facts.maybeDone], ['unreachable', true]);
    const slow = new Stage('timeout');
    assert.equal((await failureOf(slow.server.locks.release(ours))).facts.maybeDone, true);
    slow.done();
    const forbidden = new Stage('interrupted', { status: 403 });
    assert.notEqual((await failureOf(forbidden.server.locks.release(ours))).facts.maybeDone, true);
  });

  it('is looked after where the server fails', async () => {
    const lists = locked({ token: 'urn:uuid:theirs' });
    for (const [seen, maybeDone] of [
      [locked({ token: 'urn:uuid:ours' }), false],
      [free, true],
      ['unreachable', true],
    ] as const) {
      const failure = await failureOf(new Stage({ status: 500 }, seen).server.locks.release(ours));
      assert.deepEqual([failure.kind, failure.facts.maybeDone], ['serverFault', maybeDone]);
    }
    const stage = new Stage(lists, { status: 500 }, free);
    await stage.server.locks.look(file);
    assert.deepEqual(await stage.server.locks.release(ours), { wasHeld: true });
  });

  it('fails where it is not allowed', async () => {
    assert.equal((await failureOf(new Stage({ status: 403 }).server.locks.release(ours))).kind, 'forbidden');
    assert.equal((await failureOf(new Stage('unreachable').server.locks.release(ours))).kind, 'unreachable');
  });
});
