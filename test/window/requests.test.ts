// What each action of a person costs in requests at most: round trips are what a person waits for. Here what is fresh
// enough not to be asked again goes by the real clock; test/unit/core/requests.test.ts has the exact sequences.
import assert from 'node:assert/strict';
import { Colleague } from '../support/colleague';
import { FaultProxy } from '../support/faultProxy';
import type { PersonWindow } from '../support/hosts/personWindow';
import { openSignedIn } from '../support/hosts/signedIn';
import { startServer } from '../support/servers/start';
import { accounts, type LockServer } from '../support/servers/server';

/** What is left of `all` when each of `some` is taken away once. */
function without(all: readonly string[], some: readonly string[]): string[] {
  const left = [...all];
  for (const one of some) if (left.includes(one)) left.splice(left.indexOf(one), 1);
  return left;
}

describe('The requests of an action', () => {
  let server: LockServer;
  let proxy: FaultProxy;
  let window: PersonWindow;
  const taken = new Map<string, number>();
  /** What earlier actions on a path may still cost: an answer that comes late is seen with the next action. */
  const owing = new Map<string, readonly string[]>();

  /** Waits for the requests that an action needs about a path; beside them it may cost no others than `perhaps`. */
  const costs = async (
    path: string,
    needed: readonly string[],
    perhaps: readonly string[] = [],
  ): Promise<void> => {
    const from = taken.get(path) ?? 0;
    const read = () => {
      const about = proxy.exchanges.filter((one) => one.path === path && one.status !== undefined);
      return Promise.resolve(about.slice(from).map(({ method, status }) => `${method} ${status}`));
    };
    const found = await window.until({
      what: `${needed.join(', ')} of ${path}`,
      read,
      accept: (all) => without(needed, all).length === 0,
    });
    const others = without(found, needed);
    const allowed = [...(owing.get(path) ?? []), ...perhaps];
    assert.deepEqual(without(others, allowed), []);
    owing.set(path, without(allowed, others));
    taken.set(path, from + found.length);
  };

  before(async () => {
    server = await startServer('apache');
    server.seed({ 'a.txt': 'Text.\n', 'b.txt': 'Text.\n', 'theirs.txt': 'Text.\n' });
    await new Colleague(server.url, accounts.bob).lock('theirs.txt', { owner: 'Ann Lee' });
    proxy = new FaultProxy(() => server.url);
    await proxy.start();
    window = await openSignedIn(proxy, { settings: { 'lockStatus.refreshInterval': 300 } });
  });

  after(async () => {
    await window.close();
    await proxy.stop();
    await server.stop();
  });

  it('opening a folder: the challenge, its listing, and nothing of all that the editor looks for', async () => {
    await window.explorerRow('a.txt');
    const before = proxy.exchanges.length;
    await window.reload();
    await window.explorerRow('theirs.txt', ({ badge }) => badge === 'L');
    // What the editor looks for as it starts has been looked for when a file is shown.
    await window.openFile('b.txt');
    await costs('/b.txt', ['GET 200'], ['PROPFIND 207']);
    const all = proxy.exchanges.slice(before).map(({ method, path }) => `${method} ${path}`);
    const others = all.filter((one) => !one.endsWith('/b.txt'));
    assert.deepEqual(without(others, Array<string>(3).fill('PROPFIND /')), []);
  });

  it('opening a file: its text, and its locks unless they were just listed; turning to an open one: its locks', async () => {
    await window.openFile('a.txt');
    await costs('/a.txt', ['GET 200'], ['PROPFIND 207']);
    await window.openFile('b.txt');
    await window.openFile('a.txt');
    await costs('/a.txt', [], ['PROPFIND 207']);
  });

  it('the first key, a save and closing the file: a LOCK, a PUT with its look, an UNLOCK', async () => {
    await window.type('Mine: ');
    await costs('/a.txt', ['LOCK 200'], ['PROPFIND 207']);
    await window.save();
    await window.untilDirty('a.txt', false);
    await costs('/a.txt', ['PUT 204', 'PROPFIND 207'], ['PROPFIND 207']);
    await window.runCommand('View: Close Editor');
    await costs('/a.txt', ['UNLOCK 204'], ['PROPFIND 207']);
  });

  it('a refused save: the PUT and the look that names the holder', async () => {
    await window.openFile('theirs.txt');
    await costs('/theirs.txt', ['GET 200'], ['PROPFIND 207']);
    await window.type('Mine: ');
    await costs('/theirs.txt', ['LOCK 423', 'PROPFIND 207']);
    await window.save();
    await window.toast(/Failed to save 'theirs.txt'/);
    await costs('/theirs.txt', ['PUT 423', 'PROPFIND 207'], ['PROPFIND 207']);
  });
});
