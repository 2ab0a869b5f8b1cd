// The README's table of servers: each cell is what came out here, so the table cannot say anything else.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isFailure } from '../../src/core/model/failure';
import { Colleague } from '../support/colleague';
import { OnServer } from '../support/core/onServer';
import { skipUnrecognized } from '../support/rings/recognition';
import { skipWithout } from '../support/rings/skipWithout';
import { startFilesLock } from '../support/servers/filesLock';
import { accounts, type LockServer, repositoryKinds, serverKinds } from '../support/servers/server';
import { startServer } from '../support/servers/start';
import { projectRoot } from '../support/hosts/paths';

interface Stage {
  /** The folder with `hers.txt` and `his.txt`. */
  readonly url: string;
  stop(): Promise<void>;
}

/** The rows by their first cell. */
const rows: Readonly<Record<string, LockServer['kind'] | 'filesLock'>> = {
  'Apache (mod_dav_fs)': 'apache',
  lighttpd: 'lighttpd',
  'nginx (dav-ext)': 'nginx',
  nephele: 'nephele',
  'Subversion (mod_dav_svn)': 'subversion',
  'Nextcloud (files_lock)¹': 'filesLock',
};

async function stageOf(kind: LockServer['kind'] | 'filesLock'): Promise<Stage> {
  if (kind === 'filesLock') {
    const server = await startFilesLock({ 'hers.txt': 'alice', 'his.txt': 'bob' });
    return { url: server.files, stop: () => server.stop() };
  }
  const server = await startServer(kind);
  server.seed({ 'hers.txt': 'old', 'his.txt': 'old' });
  return { url: server.url, stop: () => server.stop() };
}

/** What alice gets from a server on which bob locks files too: the cells of its row. */
class Trial {
  readonly alice: OnServer;
  readonly bob: Colleague;
  readonly herOtherProgram: Colleague;

  constructor(url: string) {
    this.alice = new OnServer(url, accounts.alice);
    this.bob = new Colleague(url, accounts.bob);
    this.herOtherProgram = new Colleague(url, accounts.alice);
  }

  async cells(): Promise<readonly string[]> {
    const { alice, bob } = this;
    await alice.server.files.probe(alice.at(''));
    await alice.open('his.txt');
    const token = await bob.lock('his.txt', { owner: 'Bob Roe', timeout: 'Second-600' });
    await this.look('his.txt');
    const sees = this.view('his.txt').state === 'other' ? 'yes' : 'no';
    const holder = this.holder();
    const isRefused = await this.isRefused('his.txt');
    const breaks = await this.breaks();
    if (breaks !== 'any lock') await bob.unlock('his.txt', token);
    await this.look('his.txt');
    const isFree = this.view('his.txt').state === 'free' && !(await this.isRefused('his.txt'));
    return [sees, holder, await this.takes(), isRefused && isFree ? 'yes' : 'no', breaks];
  }

  private holder(): string {
    const { name, assertedBy } = this.view('his.txt').lock?.holder ?? {};
    if (name === undefined) return 'no';
    return assertedBy === 'server' ? 'from the server' : 'from the lock';
  }

  /** A lock that refuses others, saves and ends. */
  private async takes(): Promise<string> {
    const { alice, bob } = this;
    await alice.open('hers.txt');
    await alice.leases.take(alice.at('hers.txt'), 'edit');
    const { status } = await bob.send('PUT', 'hers.txt', { body: 'by bob' });
    if (status !== 423) return `no: ${status}`;
    await alice.save('hers.txt', 'by alice');
    await alice.leases.release(alice.at('hers.txt'));
    await bob.put('hers.txt', 'by bob');
    return 'yes';
  }

  private async breaks(): Promise<string> {
    const { bob, herOtherProgram } = this;
    if (await this.isBroken('his.txt')) return 'any lock';
    await bob.lock('hers.txt', { timeout: 'Second-600' });
    const inHerFiles = await this.isBroken('hers.txt');
    if (!inHerFiles) await bob.unlock('hers.txt', bob.held.get('hers.txt') ?? '');
    await herOtherProgram.lock('hers.txt', { timeout: 'Second-600' });
    const own = await this.isBroken('hers.txt');
    return [own && 'your own', inHerFiles && 'any in your files'].filter(Boolean).join(', ') || 'no';
  }

  private async isBroken(file: string): Promise<boolean> {
    const { alice } = this;
    await this.look(file);
    const id = this.view(file).lock?.id;
    assert.ok(id);
    try {
      await alice.server.locks.breakLock({ resource: alice.at(file), id, depth: 'self' });
    } catch (error) {
      if (isFailure(error, 'forbidden', 'unsupported')) return false;
      throw error;
    }
    await this.look(file);
    return this.view(file).state === 'free';
  }

  private async isRefused(file: string): Promise<boolean> {
    try {
      await this.alice.save(file, 'by alice');
      return false;
    } catch (error) {
      if (isFailure(error, 'locked')) return true;
      throw error;
    }
  }

  private look(file: string): Promise<unknown> {
    return this.alice.directory.stat(this.alice.at(file), 0);
  }

  private view(file: string) {
    return this.alice.store.viewOf(this.alice.at(file));
  }
}

/** The cells of the README's rows, by the first cell. */
function written(): ReadonlyMap<string, readonly string[]> {
  const text = readFileSync(path.join(projectRoot, 'README.md'), 'utf8');
  const lines = text.split('\n').filter((line) => line.startsWith('|'));
  return new Map(
    lines.map((line) => {
      const [first = '', ...rest] = line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim());
      return [first, rest];
    }),
  );
}

describe('The table of servers in the README', function () {
  this.timeout(60_000);

  it('has a row for every server of the tests', () => {
    const kinds = Object.values(rows);
    for (const kind of [...serverKinds, ...repositoryKinds]) assert.ok(kinds.includes(kind), kind);
  });

  for (const [name, kind] of Object.entries(rows)) {
    it(`says what comes out with ${name}`, async function () {
      skipUnrecognized(this, 'one run is enough for the table');
      if (kind !== 'filesLock') skipWithout(this, kind);
      const stage = await stageOf(kind);
      const trial = new Trial(stage.url);
      try {
        assert.deepEqual(written().get(name), await trial.cells());
      } finally {
        await trial.alice.close();
        await stage.stop();
      }
    });
  }
});
