import assert from 'node:assert/strict';
import {
  activeLock,
  at,
  discovery,
  failureOf,
  found,
  granted,
  leaseOn,
  mono,
  multistatus,
  Stage,
  wall,
} from './stage';

const file = at('/a.txt');
const ours = leaseOn(file, 'urn:uuid:ours', { since: { mono: 1, wall: 1 } });
const mine = { token: 'urn:uuid:ours', timeout: 'Second-300' };
const listed = (...locks: string[]) => multistatus(found('/a.txt', discovery(...locks)));
const modDavFs = { dav: '1,2, <http://apache.org/dav/propset/fs/1>' };

describe('refreshing a lock', () => {
  it('submits the token untagged, with a time and without a body', async () => {
    const stage = new Stage(granted(mine, modDavFs));
    await stage.server.locks.refresh(ours, 300);
    assert.deepEqual(stage.requests[0]?.headers, {
      depth: '0',
      if: '(<urn:uuid:ours>)',
      timeout: 'Second-300',
    });
    assert.equal(stage.requests[0]?.body, undefined);
  });

  it('gives the lease its new end', async () => {
    const lease = await new Stage(granted(mine, modDavFs)).server.locks.refresh(ours, 300);
    assert.deepEqual(lease.expiry, { kind: 'at', at: { mono: mono + 300_000, wall: wall + 300_000 } });
    assert.deepEqual(lease.since, { mono, wall });
    assert.equal(lease.id, ours.id);
  });

  it('is looked after where the answer is a 207 without a refusal', async () => {
    const all = multistatus(
      '<D:response><D:href>/a.txt</D:href><D:status>HTTP/1.1 200 OK</D:status></D:response>',
    );
    const kept = new Stage(all, listed(activeLock(mine)));
    assert.equal((await kept.server.locks.refresh(ours, 300)).id, ours.id);
    const lost = new Stage(all, listed(activeLock({ token: 'urn:uuid:another' })));
    assert.equal((await failureOf(lost.server.locks.refresh(ours, 300))).kind, 'leaseLost');
  });

  it('forgets the old expiry where no new one is reported', async () => {
    const lease = await new Stage(granted({ ...mine, timeout: 'Infinite' }, modDavFs)).server.locks.refresh(
      ours,
      300,
    );
    assert.deepEqual(lease.expiry, { kind: 'never' });
    assert.equal('grantedMs' in lease, false);
  });

  it('sees through an echo of a dead token', async () => {
    const shown = '<x:z xmlns:x="urn:uuid:c2f41010-65b3-11d1-a29f-00aa00c14882/"/>';
    const look = { ...multistatus(found('/a.txt', shown)), headers: { server: 'lighttpd/1.4.69' } };
    const stage = new Stage(look, granted(mine), listed(), granted(mine), listed(activeLock(mine)));
    await stage.server.files.stat(file);
    assert.equal((await failureOf(stage.server.locks.refresh(ours, 300))).kind, 'leaseLost');
    assert.equal((await stage.server.locks.refresh(ours, 300)).grantedMs, 300_000);
  });

  it('believes a server of unknown ways that lists no locks at all', async () => {
    const stage = new Stage(granted(mine), multistatus(found('/a.txt', '')));
    assert.equal((await stage.server.locks.refresh(ours, 300)).grantedMs, 300_000);
  });

  it('gives back a new lock that nobody has asked for', async () => {
    const answer = granted({ token: 'urn:new' }, { server: 'nginx/1.22.1', 'lock-token': '<urn:new>' });
    const stage = new Stage(answer, { status: 204 }, listed());
    assert.equal((await failureOf(stage.server.locks.refresh(ours, 300))).kind, 'leaseLost');
    assert.deepEqual(stage.asked, ['LOCK /a.txt', 'UNLOCK /a.txt', 'PROPFIND /a.txt']);
    assert.equal(stage.header(1, 'lock-token'), '<urn:new>');
  });

  it('takes a file away that it has brought back, and none that was there', async () => {
    const nginx = { server: 'nginx/1.22.1', 'lock-token': '<urn:new>', date: new Date(wall).toUTCString() };
    const empty = (age: number) =>
      multistatus(
        found(
          '/a.txt',
          `<D:resourcetype/><D:getcontentlength>0</D:getcontentlength><D:getlastmodified>${new Date(wall - age).toUTCString()}</D:getlastmodified>`,
        ),
      );
    const made = new Stage(
      granted({ token: 'urn:new' }, nginx, 201),
      empty(0),
      { status: 204 },
      { status: 204 },
      { status: 404 },
    );
    assert.equal((await failureOf(made.server.locks.refresh(ours, 300))).kind, 'leaseLost');
    const asked = ['LOCK /a.txt', 'PROPFIND /a.txt', 'DELETE /a.txt', 'UNLOCK /a.txt', 'PROPFIND /a.txt'];
    assert.deepEqual(made.asked, asked, 'the lock may outlive the file');
    assert.equal(made.header(2, 'if'), '<https://dav.example/a.txt> (<urn:new>)');
    assert.equal(made.header(3, 'lock-token'), '<urn:new>');
    const there = new Stage(
      granted({ token: 'urn:new' }, nginx, 201),
      empty(60_000),
      { status: 204 },
      listed(),
    );
    assert.equal((await failureOf(there.server.locks.refresh(ours, 300))).kind, 'leaseLost');
    assert.deepEqual(there.asked, ['LOCK /a.txt', 'PROPFIND /a.txt', 'UNLOCK /a.txt', 'PROPFIND /a.txt']);
  });

  it('has failed for good where the refusal and the listing agree', async () => {
    const member =
      '<D:response><D:href>/a.txt</D:href><D:status>HTTP/1.1 412 Precondition Failed</D:status></D:response>';
    for (const refused of [
      { status: 412 },
      { status: 400 },
      { status: 409 },
      { status: 423 },
      multistatus(member),
    ]) {
      const stage = new Stage(refused, listed(activeLock({ token: 'urn:other' })));
      assert.equal((await failureOf(stage.server.locks.refresh(ours, 300))).kind, 'leaseLost');
    }
    const gone = new Stage({ status: 404 }, { status: 404 });
    const { kind, facts } = await failureOf(gone.server.locks.refresh(ours, 300));
    assert.deepEqual([kind, facts.code], ['leaseLost', 'FILE_MISSING'], 'the lock may outlive the file');
  });

  it('has failed for good by the status alone on a server that lists no locks', async () => {
    const stage = new Stage({ status: 412 }, multistatus(found('/a.txt', '')));
    assert.equal((await failureOf(stage.server.locks.refresh(ours, 300))).kind, 'leaseLost');
  });

  it('has only failed where the lock is still held, or nothing is known', async () => {
    const standing = new Stage({ status: 412 }, listed(activeLock(mine)));
    assert.equal((await failureOf(standing.server.locks.refresh(ours, 300))).kind, 'preconditionFailed');
    assert.equal(
      (await failureOf(new Stage({ status: 500 }).server.locks.refresh(ours, 300))).kind,
      'serverFault',
    );
    assert.equal(
      (await failureOf(new Stage('unreachable').server.locks.refresh(ours, 300))).kind,
      'unreachable',
    );
    const silent = new Stage({ status: 400 }, 'unreachable');
    assert.equal((await failureOf(silent.server.locks.refresh(ours, 300))).kind, 'refused');
  });

  it('is not contradicted by a lock that is listed without its token', async () => {
    const tokenless = listed(activeLock({}));
    const learned = new Stage(
      listed(activeLock(mine)),
      { status: 200, headers: { timeout: 'Second-120' } },
      tokenless,
    );
    await learned.server.files.stat(ours.resource);
    assert.equal((await learned.server.locks.refresh(ours, 300)).grantedMs, 120_000);
    const refused = new Stage({ status: 423 }, tokenless);
    assert.equal((await failureOf(refused.server.locks.refresh(ours, 300))).kind, 'locked');
  });

  it('survives an answer without a body', async () => {
    const stage = new Stage({ status: 200, headers: { timeout: 'Second-120' } }, listed(activeLock(mine)));
    assert.equal((await stage.server.locks.refresh(ours, 300)).grantedMs, 120_000);
  });
});
