import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KeptLease } from '../../../src/core/leases/leaseStorage';
import type { LockId } from '../../../src/core/model/lock';
import { Secret } from '../../../src/core/model/secret';
import { LeaseStore } from '../../../src/storage/leaseStore';
import { markOf } from '../../../src/storage/processMark';
import { WindowPresence } from '../../../src/storage/windowPresence';
import { FakeClock } from '../../support/core/fakeClock';
import { file } from '../../support/core/files';

/** No process has this number. */
const deadPid = 2 ** 22 + 7;

class Secrets {
  readonly texts = new Map<string, string>();
  /** What is refused, as by a keyring that is locked. */
  refuses: 'get' | 'store' | undefined;

  get(key: string): Promise<string | undefined> {
    if (this.refuses === 'get') return Promise.reject(new Error('the keyring is locked'));
    return Promise.resolve(this.texts.get(key));
  }
  store(key: string, value: string): Promise<void> {
    if (this.refuses === 'store') return Promise.reject(new Error('the keyring is locked'));
    this.texts.set(key, value);
    return Promise.resolve();
  }
  delete(key: string): Promise<void> {
    this.texts.delete(key);
    return Promise.resolve();
  }
}

describe('The vault of leases', () => {
  let folder: string;
  let secrets: Secrets;
  let clock: FakeClock;

  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'vault-')), 'windows');
    secrets = new Secrets();
    clock = new FakeClock();
    clock.wallOffset = Date.now() - clock.now().mono;
  });
  afterEach(() => rm(join(folder, '..'), { recursive: true }));

  // Each window has a process of its own: here the one that runs the tests, which lives as long.
  const self = markOf(process.ppid);
  const leaseStore = (window: string, workspaceKey = 'here') => {
    const problems: unknown[] = [];
    const onProblem = (error: unknown) => problems.push(error);
    // Judges by what the leases' own files say.
    const alive = new WindowPresence({
      folder: join(folder, '..', 'alive'),
      window: 'ff',
      self,
      clock,
      onProblem,
    });
    alive.end();
    const isClosed: WindowPresence['isClosed'] = (other, sign) => alive.isClosed(other, sign);
    return new LeaseStore({
      secrets,
      folder,
      presence: { window, self, isClosed },
      workspaceKey,
      clock,
      onProblem,
    });
  };

  function lease(path: string, claims: KeptLease['claims'] = ['edit']): KeptLease {
    const { mono, wall } = clock.now();
    return {
      claims,
      lease: {
        resource: file(path),
        token: new Secret(`urn:secret-${path}`),
        id: `id-${path}` as LockId,
        scope: 'exclusive',
        depth: 'self',
        expiry: { kind: 'at', at: { mono: mono + 600_000, wall: wall + 600_000 } },
        grantedMs: 600_000,
        since: { mono, wall },
      },
    };
  }

  const keptBy = (window: string) =>
    (JSON.parse(secrets.texts.get(`leases ${window}`) ?? '[]') as unknown[]).length;

  /** The window ends without a word. */
  async function crash(window: string, change: (notice: Record<string, unknown>) => void = () => undefined) {
    const path = join(folder, `${window}.json`);
    const notice = { ...(JSON.parse(await readFile(path, 'utf8')) as object), pid: deadPid };
    change(notice);
    await writeFile(path, JSON.stringify(notice));
  }

  it('keeps tokens in the secret store and nowhere else', async () => {
    await leaseStore('a1').keep([lease('a')]);
    const plain = await Promise.all(
      (await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')),
    );
    assert.equal(plain.length, 1);
    assert.doesNotMatch(plain.join(''), /secret/);
    assert.match([...secrets.texts.values()].join(''), /urn:secret-a/);
  });

  it('leaves nothing where nothing is held', async () => {
    await leaseStore('a1').keep([lease('a')]);
    await leaseStore('a1').keep([]);
    assert.deepEqual(await readdir(folder), []);
    assert.equal(secrets.texts.size, 0);
  });

  it('gives the next window what one left, once, with its times on the new clock', async () => {
    await leaseStore('a1').keep([lease('a', ['hand'])]);
    await crash('a1');
    clock.wallOffset += 60_000;
    const next = leaseStore('b2');
    const [kept] = await next.inherit('here');
    assert.equal(kept?.lease.token.reveal(), 'urn:secret-a');
    assert.deepEqual(kept?.claims, ['hand']);
    assert.deepEqual(kept?.lease.expiry, {
      kind: 'at',
      at: { mono: clock.now().mono + 540_000, wall: clock.now().wall + 540_000 },
    });
    assert.deepEqual(await leaseStore('c3').inherit('all'), []);
    assert.deepEqual(await readdir(folder), ['b2.json'], 'it is the heir’s from now on');
    await crash('b2');
    assert.equal((await leaseStore('c3').inherit('here')).length, 1);
  });

  it('gives it to one of many that want it at once', async () => {
    await leaseStore('a1').keep([lease('a')]);
    await crash('a1');
    const heirs = await Promise.all(['b2', 'c3', 'd4', 'e5'].map((name) => leaseStore(name).inherit('all')));
    assert.deepEqual(heirs.map((leases) => leases.length).sort(), [0, 0, 0, 1]);
  });

  it('takes nothing from a window that lives, also after a long sleep', async () => {
    await leaseStore('a1').keep([lease('a')]);
    const old = new Date(Date.now() - 8 * 3_600_000);
    await utimes(join(folder, 'a1.json'), old, old);
    assert.deepEqual(await leaseStore('b2').inherit('all'), []);
  });

  it('takes at once what a window left at its end', async () => {
    const first = leaseStore('a1');
    await first.keep([lease('a')]);
    await first.leaveToNextWindow();
    assert.equal((await leaseStore('b2').inherit('here')).length, 1);
  });

  it('takes first what is of its own workspace', async () => {
    await leaseStore('a1', 'there').keep([lease('a')]);
    await crash('a1');
    const next = leaseStore('b2', 'here');
    assert.deepEqual(await next.inherit('here'), []);
    assert.deepEqual(await next.inherit('all'), [], 'it may only be loading again');
    await clock.pass(15_000);
    assert.deepEqual(await next.inherit('here'), []);
    assert.equal((await next.inherit('all')).length, 1);
  });

  it('leaves to another workspace for a day what that has left in order', async () => {
    const first = leaseStore('a1', 'there');
    await first.keep([lease('a', ['hand'])]);
    await first.leaveToNextWindow();
    const next = leaseStore('b2', 'here');
    assert.deepEqual(await next.inherit('all'), []);
    await clock.pass(3_600_000);
    assert.deepEqual(await next.inherit('all'), []);
    const back = leaseStore('c3', 'there');
    assert.equal((await back.inherit('here')).length, 1);
    await back.leaveToNextWindow();
    const old = new Date(clock.now().wall - 25 * 3_600_000);
    await utimes(join(folder, 'c3.json'), old, old);
    assert.equal((await next.inherit('all')).length, 1);
  });

  it('judges a window on another machine by its silence', async () => {
    await leaseStore('a1').keep([lease('a')]);
    await crash('a1', (notice) => (notice['host'] = 'another'));
    assert.deepEqual(await leaseStore('b2').inherit('all'), []);
    const old = new Date(Date.now() - 31 * 60_000);
    await utimes(join(folder, 'a1.json'), old, old);
    assert.equal((await leaseStore('b2').inherit('all')).length, 1);
  });

  it('leaves everything where it was while secrets cannot be read or written', async () => {
    await leaseStore('a1').keep([lease('a')]);
    await crash('a1');
    for (const refuses of ['get', 'store'] as const) {
      secrets.refuses = refuses;
      await assert.rejects(leaseStore('b2').inherit('all'), /keyring/);
      assert.deepEqual(await readdir(folder), ['a1.json']);
    }
    secrets.refuses = undefined;
    assert.equal((await leaseStore('c3').inherit('all')).length, 1);
  });

  it('leaves alone what is kept in the secrets of another computer, until it is long forgotten', async () => {
    await leaseStore('a1').keep([lease('a')]);
    await crash('a1');
    const theirs = secrets;
    secrets = new Secrets();
    assert.deepEqual(await leaseStore('b2').inherit('all'), []);
    assert.deepEqual(await readdir(folder), ['a1.json']);
    assert.equal(theirs.texts.size, 1);
    const old = new Date(Date.now() - 31 * 24 * 3_600_000);
    await utimes(join(folder, 'a1.json'), old, old);
    assert.deepEqual(await leaseStore('b2').inherit('all'), []);
    assert.deepEqual(await readdir(folder), []);
  });

  it('finds what a window had won when it died', async () => {
    await leaseStore('a1').keep([lease('a')]);
    await crash('a1');
    await rename(join(folder, 'a1.json'), join(folder, 'a1.won-b2'));
    assert.deepEqual(await leaseStore('c3').inherit('all'), [], 'it may still be at it');
    clock.wallOffset += 11 * 60_000;
    const heirs = await Promise.all(['c3', 'd4'].map((name) => leaseStore(name).inherit('all')));
    assert.deepEqual(heirs.map((leases) => leases.length).sort(), [0, 1]);
  });

  it('loses nothing that it has found to what it cannot read', async () => {
    await leaseStore('a1').keep([lease('a')]);
    await leaseStore('b2').keep([lease('b')]);
    await crash('a1');
    await crash('b2');
    const get = secrets.get.bind(secrets);
    let asked = 0;
    secrets.get = (key) => ((asked += 1) === 2 ? Promise.reject(new Error('locked')) : get(key));
    const heir = leaseStore('c3');
    assert.equal((await heir.inherit('all')).length, 1);
    assert.equal((await heir.inherit('all')).length, 1);
    assert.equal(keptBy('c3'), 2);
    await crash('c3');
    await leaseStore('d4').keep([lease('d')]);
    await crash('d4');
    assert.equal((await leaseStore('e5').inherit('all')).length, 3);
    assert.equal(keptBy('e5'), 3, 'and each once');
  });

  it('keeps what it has won until it is told to keep it, whatever else it is told meanwhile', async () => {
    for (const name of ['a1', 'b2']) {
      await leaseStore(name).keep([lease(name)]);
      await crash(name);
    }
    const heir = leaseStore('c3');
    await heir.keep([lease('c')]);
    const remove = secrets.delete.bind(secrets);
    const kept: number[] = [];
    secrets.delete = async (key) => {
      await remove(key);
      await heir.keep([lease('c')]);
      kept.push(keptBy('c3'));
    };
    const found = await heir.inherit('all');
    assert.deepEqual(kept, [2, 3]);
    await heir.keep([lease('c'), ...found]);
    assert.equal(keptBy('c3'), 3);
    await heir.keep([lease('c')]);
    assert.equal(keptBy('c3'), 1, 'from then on it keeps what it is told');
  });

  it('knows a process that was given the number of another', async () => {
    await leaseStore('a1').keep([lease('a')]);
    await crash('a1', (notice) => Object.assign(notice, { pid: process.ppid, started: '1' }));
    assert.equal((await leaseStore('b2').inherit('all')).length, 1);
    await crash('b2', (notice) => (notice['pid'] = process.pid));
    assert.equal((await leaseStore('c3').inherit('all')).length, 1, 'our own was another window’s before');
  });

  it('knows which locks other windows hold, and how to end them', async () => {
    await leaseStore('a1', 'there').keep([lease('a')]);
    const other = leaseStore('b2');
    assert.equal(other.isOurs('id-a' as LockId), true);
    assert.equal(other.isOurs('id-x' as LockId), false);
    assert.equal((await other.find('id-a' as LockId))?.token.reveal(), 'urn:secret-a');
    assert.equal(await other.find('id-x' as LockId), undefined);
  });

  it('knows a lock that another window has taken meanwhile, without asking the disk for each of many', async () => {
    const other = leaseStore('b2');
    assert.equal(other.isOurs('id-a' as LockId), false);
    await leaseStore('a1', 'there').keep([lease('a')]);
    assert.equal(other.isOurs('id-a' as LockId), false);
    await clock.pass(1_000);
    assert.equal(other.isOurs('id-a' as LockId), true);
  });

  it('finds no lease of a window that has ended, but still knows its lock as ours', async () => {
    await leaseStore('a1').keep([lease('a')]);
    await crash('a1');
    const other = leaseStore('b2', 'there');
    assert.equal(await other.find('id-a' as LockId), undefined);
    assert.equal(other.isOurs('id-a' as LockId), true);
  });

  it('knows a lock by its mark, on its own file and on no other', async () => {
    const { claims, lease: held } = lease('a');
    const first = leaseStore('a1', 'there');
    await first.keep([{ claims, lease: { ...held, mark: 'm1' } }]);
    for (const window of [first, leaseStore('b2')]) {
      assert.equal(window.lockByMark('m1', held.resource), held.id);
      assert.equal(window.lockByMark('m1', file('b')), undefined);
      assert.equal(window.lockByMark('m2', held.resource), undefined);
    }
  });

  it('clears away what a window has left half written', async () => {
    await leaseStore('a1').keep([lease('a')]);
    const old = new Date(clock.now().wall - 2 * 3_600_000);
    await writeFile(join(folder, 'c3.json-00.half'), '{');
    await utimes(join(folder, 'c3.json-00.half'), old, old);
    await leaseStore('b2').inherit('here');
    assert.deepEqual(await readdir(folder), ['a1.json']);
  });

  it('passes over what it cannot read', async () => {
    await leaseStore('a1').keep([lease('a')]);
    await crash('a1');
    secrets.texts.set('leases a1', '{ not json');
    assert.deepEqual(await leaseStore('b2').inherit('all'), []);
    await leaseStore('c3').keep([lease('c')]);
    await writeFile(join(folder, 'c3.json'), 'null');
    assert.deepEqual(await leaseStore('d4').inherit('all'), []);
  });
});
