import assert from 'node:assert/strict';
import type { Lock } from '../../../../src/core/model/lock';
import { lockIdOf } from '../../../../src/protocol/webdav/reading/token';
import { activeLock, at, discovery, found, mono, multistatus, Stage, wall } from './stage';

const dav = { dav: '1, 3, extended-mkcol, access-control, nc-paginate, oc-resource-sharing' };
const seconds = wall / 1000;

function nc(props: Record<string, string | number>): string {
  return Object.entries(props)
    .map(([name, value]) => `<nc:${name} xmlns:nc="http://nextcloud.org/ns">${value}</nc:${name}>`)
    .join('');
}

async function locks(props: string, headers: Record<string, string> = dav): Promise<readonly Lock[]> {
  const answer = { ...multistatus(found('/a.txt', props)), headers };
  const stage = new Stage(answer, answer);
  return (await stage.server.files.stat(at('/a.txt'))).listing.locks;
}

describe('locks of Nextcloud', () => {
  it('are asked for as soon as an answer shows that they are offered, and only there', async () => {
    const answer = { ...multistatus(found('/a.txt', '')), headers: dav };
    const stage = new Stage(answer, answer);
    await stage.server.files.stat(at('/a.txt'));
    assert.doesNotMatch(String(stage.requests[0]?.body), /nextcloud/);
    assert.match(String(stage.requests[1]?.body), /<nc:lock-owner-displayname\/>/);
    stage.done();
    const other = new Stage(multistatus(found('/a.txt', '')), multistatus(found('/a.txt', '')));
    await other.server.files.stat(at('/a.txt'));
    await other.server.files.stat(at('/a.txt'));
    assert.doesNotMatch(String(other.requests[1]?.body), /nextcloud/);
  });

  it('have a holder that the server vouches for', async () => {
    const props = nc({
      lock: 1,
      'lock-owner': 'ann',
      'lock-owner-type': 0,
      'lock-owner-displayname': 'Ann Lee',
      'lock-time': seconds - 60,
      'lock-timeout': 1800,
    });
    assert.deepEqual(await locks(discovery() + props), [
      {
        source: 'listing',
        scope: 'exclusive',
        depth: 'self',
        root: at('/a.txt'),
        holder: { name: 'Ann Lee', contacts: [], assertedBy: 'server', self: 'other' },
        since: { mono: mono - 60_000, wall: wall - 60_000 },
        expiry: { kind: 'at', at: { mono: mono + 1_740_000, wall: wall + 1_740_000 } },
        byHand: true,
      },
    ]);
  });

  it('are reckoned in the server’s time', async () => {
    const headers = { ...dav, date: new Date(wall + 3_600_000).toUTCString() };
    const [lock] = await locks(nc({ lock: 1, 'lock-time': seconds + 3600, 'lock-timeout': 600 }), headers);
    assert.deepEqual(lock?.since, { mono, wall });
  });

  it('are taken by hand where the server says so, and only there', async () => {
    const kinds = [0, 1, 2].map(
      async (type) => (await locks(nc({ lock: 1, 'lock-owner-type': type })))[0]?.byHand,
    );
    assert.deepEqual(await Promise.all(kinds), [true, undefined, undefined]);
  });

  it('never end where the timeout is none', async () => {
    const [lock] = await locks(nc({ lock: 1, 'lock-owner': 'ann', 'lock-timeout': 0 }));
    assert.deepEqual(lock?.expiry, { kind: 'never' });
  });

  it('are an office program’s, not a person’s, where that holds them', async () => {
    const props = { lock: 1, 'lock-owner': 'richdocuments', 'lock-owner-type': 1 };
    const [lock] = await locks(nc({ ...props, 'lock-owner-displayname': 'Nextcloud Office' }));
    assert.equal(lock?.holder.name, undefined);
    assert.equal(lock?.holder.app, 'Nextcloud Office');
  });

  it('are ours elsewhere where the account is ours', async () => {
    const [lock] = await locks(nc({ lock: 1, 'lock-owner': 'ann.account', 'lock-owner-type': 0 }));
    assert.equal(lock?.holder.self, 'elsewhere');
  });

  it('are one with the DAV lock beside them, which has the token', async () => {
    const token = nc({
      lock: 1,
      'lock-owner': 'ann',
      'lock-owner-type': 2,
      'lock-owner-displayname': 'Ann Lee',
    });
    const [lock, ...rest] = await locks(discovery(activeLock({ token: 'urn:1', owner: 'x' })) + token);
    assert.equal(rest.length, 0);
    assert.equal(lock?.id, lockIdOf('urn:1'));
    assert.equal(lock?.holder.name, 'Ann Lee');
    assert.equal(lock?.holder.assertedBy, 'server');
  });

  it('are none where the server says so', async () => {
    const answer = { ...multistatus(found('/a.txt', nc({ lock: 0 }))), headers: dav };
    const stage = new Stage(answer, answer);
    assert.deepEqual((await stage.server.files.stat(at('/a.txt'))).listing, { locks: [], reported: true });
    assert.deepEqual(await locks(nc({ lock: '' })), []);
  });
});
