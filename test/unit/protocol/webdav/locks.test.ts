import assert from 'node:assert/strict';
import type { Lock } from '../../../../src/core/model/lock';
import { lockIdOf } from '../../../../src/protocol/webdav/token';
import { activeLock, type ActiveLock, at, discovery, found, mono, multistatus, Stage, wall } from './stage';

async function locksOn(path: string, ...locks: (ActiveLock | string)[]): Promise<readonly Lock[]> {
  const xml = locks.map((lock) => (typeof lock === 'string' ? lock : activeLock(lock)));
  const stage = new Stage(multistatus(found(path, discovery(...xml))));
  stage.owned.add(lockIdOf('urn:uuid:ours'));
  return (await stage.server.files.stat(at(path))).listing.locks;
}

async function only(path: string, lock: ActiveLock | string): Promise<Lock> {
  const [first, ...rest] = await locksOn(path, lock);
  assert.ok(first && rest.length === 0);
  return first;
}

const inSeconds = (seconds: number) => ({
  kind: 'at' as const,
  at: { mono: mono + seconds * 1000, wall: wall + seconds * 1000 },
});

describe('a lock as it is listed', () => {
  it('is told with its fingerprint, never with its token', async () => {
    const lock = await only('/a.txt', { token: 'urn:uuid:secret-token', root: '/a.txt', owner: 'Ann' });
    assert.deepEqual(lock, {
      id: lockIdOf('urn:uuid:secret-token'),
      scope: 'exclusive',
      depth: 'self',
      root: at('/a.txt'),
      holder: { name: 'Ann', contacts: [], assertedBy: 'client', self: 'other' },
      expiry: inSeconds(600),
    });
    assert.match(lock.id ?? '', /^[\w-]{16}$/);
  });

  it('ends when the server says: counting from when it was asked', async () => {
    const expiry = async (timeout: string) => (await only('/a.txt', { timeout })).expiry;
    assert.deepEqual(await expiry('Second-600'), inSeconds(600));
    assert.deepEqual(await expiry(' second-12.5 '), inSeconds(12.5));
    assert.deepEqual(await expiry('Second-0'), inSeconds(0));
    assert.deepEqual(await expiry('Garbage, Second-30'), inSeconds(30));
    for (const never of ['Infinite', 'infinity', 'Second-4100000000', 'Infinite, Second-60'])
      assert.deepEqual(await expiry(never), { kind: 'never' });
    for (const unknown of ['', 'soon', 'Second-', 'Second--1', '600', '10 minutes'])
      assert.deepEqual(await expiry(unknown), { kind: 'unknown' });
  });

  it('sits on the resource where no root is told', async () => {
    assert.equal((await only('/a.txt', {})).root, at('/a.txt'));
  });

  it('sits on an unknown tree where no root is told and it reaches down', async () => {
    const lock = await only('/d/a.txt', { depth: 'infinity' });
    assert.equal(lock.depth, 'tree');
    assert.equal(lock.root, undefined);
  });

  it('sits on the folder above that its root names', async () => {
    const lock = await only('/d/a.txt', { depth: 'Infinity', root: 'http://inner/d/' });
    assert.equal(lock.depth, 'tree');
    assert.equal(lock.root, at('/d'));
  });

  it('sits nowhere that does not hold the resource', async () => {
    assert.equal((await only('/d/a.txt', { depth: 'infinity', root: '/elsewhere/' })).root, undefined);
  });

  it('is not on a member where it is the lock of just the folder', async () => {
    assert.deepEqual(await locksOn('/d/a.txt', { depth: '0', root: '/d/' }), []);
    assert.equal((await locksOn('/d', { depth: '0', root: '/d/' })).length, 1);
    // Another name of the same resource, perhaps: a lock is not thought away.
    assert.equal((await locksOn('/d/a.txt', { depth: '0', root: '/alias/a.txt' })).length, 1);
  });

  it('is told with all the others', async () => {
    const locks = await locksOn(
      '/a.txt',
      { token: 'urn:1', scope: 'shared', owner: 'Ann' },
      { token: 'urn:2', scope: 'shared', owner: 'Bob' },
    );
    assert.deepEqual(
      locks.map(({ scope, holder }) => [scope, holder.name]),
      [
        ['shared', 'Ann'],
        ['shared', 'Bob'],
      ],
    );
  });

  it('is a lock even where nothing is told of it', async () => {
    const lock = await only('/a.txt', '<D:activelock/>');
    assert.deepEqual(lock, {
      scope: 'exclusive',
      depth: 'tree',
      holder: { contacts: [], assertedBy: 'nobody', self: 'unknown' },
      expiry: { kind: 'unknown' },
    });
  });

  it('is this window’s where the token is ours, whatever the owner says', async () => {
    assert.equal((await only('/a.txt', { token: 'urn:uuid:ours' })).holder.self, 'thisWindow');
    assert.equal((await only('/a.txt', { token: 'urn:uuid:ours', owner: 'Bob' })).holder.self, 'thisWindow');
  });

  it('is ours elsewhere where the owner is in our form and speaks of us', async () => {
    const owner = 'Ann Lee &lt;mailto:ann@example.org&gt; (VS Code, on LAPTOP-7, as ann, id me)';
    const { holder } = await only('/a.txt', { token: 'urn:uuid:other', owner });
    assert.deepEqual(holder, {
      name: 'Ann Lee',
      app: 'VS Code',
      host: 'LAPTOP-7',
      contacts: [{ kind: 'mail', uri: 'mailto:ann@example.org' }],
      assertedBy: 'client',
      self: 'elsewhere',
      matchedBy: 'installation',
    });
    const stranger = owner.replace('id me', 'id somebody');
    assert.equal((await only('/a.txt', { owner: stranger })).holder.self, 'other');
  });

  it('is by its likeness ours where only the account is', async () => {
    const owner = 'Bob (VS Code, on BOB-PC, as ann.account, id somebody)';
    const ours = (await only('/a.txt', { owner })).holder;
    assert.deepEqual([ours.self, ours.matchedBy], ['elsewhere', 'account']);
    const plain = (await only('/a.txt', { owner: 'ann.account' })).holder;
    assert.deepEqual([plain.self, plain.matchedBy], ['other', 'account']);
    assert.equal((await only('/a.txt', { owner: 'Ann' })).holder.matchedBy, undefined);
  });

  it('has the holder and the time that an office server vouches for', async () => {
    const lock = await only(
      '/a.txt',
      `<D:activelock xmlns:oc="http://owncloud.org/ns"><D:owner>einstein@idp via Collabora</D:owner>` +
        '<oc:ownername>Albert Einstein</oc:ownername><oc:locktime>2026-11-22T09:50:00Z</oc:locktime></D:activelock>',
    );
    assert.deepEqual(lock.holder, {
      name: 'Albert Einstein',
      app: 'Collabora',
      contacts: [],
      assertedBy: 'server',
      self: 'other',
    });
    assert.deepEqual(lock.since, { mono: mono - 600_000, wall: wall - 600_000 });
  });

  it('does not fill the memory, however many there are', async () => {
    const locks = await locksOn('/a.txt', ...Array.from({ length: 1000 }, () => ({ scope: 'shared' })));
    assert.ok(locks.length > 100 && locks.length < 1000);
  });
});
