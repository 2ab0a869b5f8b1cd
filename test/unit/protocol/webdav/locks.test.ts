import assert from 'node:assert/strict';
import type { Lock } from '../../../../src/core/model/lock';
import { lockIdOf } from '../../../../src/protocol/webdav/reading/token';
import { activeLock, type ActiveLock, at, discovery, found, mono, multistatus, Stage, wall } from './stage';

type Listed = ActiveLock | string;

function locksOn(path: string, ...locks: Listed[]): Promise<readonly Lock[]> {
  return listed(path, locks, () => undefined);
}

async function listed(path: string, locks: Listed[], know: (stage: Stage) => unknown) {
  const xml = locks.map((lock) => (typeof lock === 'string' ? lock : activeLock(lock)));
  const stage = new Stage(multistatus(found(path, discovery(...xml))));
  stage.owned.add(lockIdOf('urn:uuid:ours'));
  know(stage);
  return (await stage.server.files.stat(at(path))).listing.locks;
}

async function only(
  path: string,
  lock: Listed,
  know: (stage: Stage) => unknown = () => undefined,
): Promise<Lock> {
  const [first, ...rest] = await listed(path, [lock], know);
  assert.ok(first && rest.length === 0);
  return first;
}

const inSeconds = (seconds: number) => ({
  kind: 'at' as const,
  at: { mono: mono + seconds * 1000, wall: wall + seconds * 1000 },
});

describe('a lock as it is listed', () => {
  it('is reported with its fingerprint, never with its token', async () => {
    const lock = await only('/a.txt', { token: 'urn:uuid:secret-token', root: '/a.txt', owner: 'Ann' });
    assert.deepEqual(lock, {
      id: lockIdOf('urn:uuid:secret-token'),
      source: 'listing',
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

  it('sits on the resource where no root is reported', async () => {
    assert.equal((await only('/a.txt', {})).root, at('/a.txt'));
  });

  it('sits on an unknown tree where no root is reported and it reaches down', async () => {
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

  it('is reported with all the others', async () => {
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

  it('is a lock even where nothing is reported of it', async () => {
    const lock = await only('/a.txt', '<D:activelock/>');
    assert.deepEqual(lock, {
      source: 'listing',
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

  it('is ours elsewhere where this installation has stored it, and never by its owner text', async () => {
    const owner = 'Ann Lee &lt;mailto:ann@example.org&gt; (VS Code, on LAPTOP-7, as ann, id me)';
    const token = 'urn:uuid:other';
    const stored = (stage: Stage) => stage.elsewhere.add(lockIdOf(token));
    const { holder } = await only('/a.txt', { token, owner }, stored);
    assert.deepEqual(holder, {
      name: 'Ann Lee',
      app: 'VS Code',
      host: 'LAPTOP-7',
      contacts: [{ kind: 'mail', uri: 'mailto:ann@example.org' }],
      assertedBy: 'client',
      self: 'elsewhere',
      matchedBy: 'installation',
    });
    const copied = (stage: Stage) => stage.byMark.set('me', lockIdOf('urn:uuid:ours'));
    const { self, matchedBy } = (await only('/a.txt', { token, owner }, copied)).holder;
    assert.deepEqual([self, matchedBy], ['other', undefined], 'a colleague may have copied the text');
  });

  it('is ours elsewhere where it has the mark of a LOCK that was not answered', async () => {
    const lock = { token: 'urn:uuid:other', owner: 'Ann Lee (VS Code, id me)' };
    const awaited = (stage: Stage) => stage.awaited.add('me');
    assert.equal((await only('/a.txt', lock, awaited)).holder.self, 'elsewhere');
    assert.equal((await only('/a.txt', lock)).holder.self, 'other');
  });

  it('is ours where no token is listed and we hold the lock of this file', async () => {
    const id = lockIdOf('urn:uuid:ours');
    const holding = (stage: Stage) => (stage.heldOn = id);
    for (const owner of [undefined, 'ann', 'Ann Lee'] as const) {
      const lock = await only('/a.txt', owner === undefined ? {} : { owner }, holding);
      assert.deepEqual([lock.id, lock.holder.self], [id, 'thisWindow']);
    }
    const infinite = await only('/a.txt', { depth: 'infinity', root: '/a.txt' }, holding);
    assert.equal(infinite.holder.self, 'thisWindow', 'some say so of every lock');
    for (const theirs of [{ scope: 'shared' }, { root: '/', depth: 'infinity' }] as const)
      assert.equal((await only('/a.txt', theirs, holding)).holder.self, 'unknown');
    const marked = { owner: 'Bob (VS Code, id his)' };
    assert.equal((await only('/a.txt', marked, holding)).holder.self, 'other', 'with another’s mark');
    assert.equal((await only('/a.txt', {})).holder.self, 'unknown');
  });

  it('is the one whose mark it has where no token is listed', async () => {
    const lock = { owner: 'Ann Lee (VS Code, id me)' };
    const id = lockIdOf('urn:uuid:ours');
    const here = await only('/a.txt', lock, (stage) => stage.byMark.set('me', id));
    assert.deepEqual([here.id, here.holder.self], [id, 'thisWindow']);
    const there = lockIdOf('urn:uuid:there');
    const elsewhere = await only('/a.txt', lock, (stage) => {
      stage.byMark.set('me', there);
      stage.elsewhere.add(there);
    });
    assert.deepEqual([elsewhere.id, elsewhere.holder.self], [there, 'elsewhere']);
  });

  it('covers a tree unless it is plainly of one resource', async () => {
    for (const depth of ['1', '', 'infinite?', 'Infinity'])
      assert.equal((await only('/folder/a.txt', { depth, root: '/folder/' })).depth, 'tree', depth);
  });

  it('is by its likeness ours where only the account is', async () => {
    const owner = 'Bob (VS Code, on BOB-PC, as ann.account, id somebody)';
    const ours = (await only('/a.txt', { owner })).holder;
    assert.deepEqual([ours.self, ours.matchedBy], ['other', 'account']);
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
