// What each action of a person costs in requests. Round trips are what a person waits for, so they are counted exactly.
import assert from 'node:assert/strict';
import { Colleague } from '../support/colleague';
import { FaultProxy } from '../support/faultProxy';
import type { PersonWindow } from '../support/hosts/personWindow';
import { openSignedIn } from '../support/hosts/signedIn';
import { startServer } from '../support/servers/start';
import { accounts, type LockServer } from '../support/servers/server';

describe('The requests of an action', () => {
  let server: LockServer;
  let proxy: FaultProxy;
  let window: PersonWindow;

  before(async () => {
    server = await startServer('apache');
    server.seed({ 'a.md': 'Text.\n', 'b.md': 'Text.\n', 'theirs.md': 'Text.\n' });
    const ann = new Colleague(server.url, accounts.bob);
    await ann.lock('theirs.md', { owner: 'Ann Lee' });
    proxy = new FaultProxy(() => server.url);
    await proxy.start();
    window = await openSignedIn(proxy, { settings: { 'lockStatus.refreshInterval': 300 } });
    await window.reload();
    await window.explorerRow('theirs.md', ({ badge }) => badge === 'L');
  });

  after(async () => {
    await window.close();
    await proxy.stop();
    await server.stop();
  });

  /** Since it was last called, as `PUT 204`; of one file, or of everything else. */
  let counted = 0;
  const since = (name?: string) => {
    const all = proxy.exchanges.slice(counted);
    counted = proxy.exchanges.length;
    console.log(all.map((e) => `${e.method} ${e.path} ${e.headers.depth ?? ''} ${e.status}`).join('\n'));
    return all
      .filter(({ path }) => name === undefined || path === `/${name}`)
      .map(({ method, status }) => `${method} ${status}`);
  };

  it('lab', async () => {
    console.log('open folder', since().length);
    await window.openFile('a.md');
    console.log('open file', since().length);
    await window.openFile('b.md');
    console.log('open file', since().length);
    await window.openFile('a.md');
    console.log('tab switch', since().length);
    await window.type('Mine: ');
    await window.explorerRow('a.md', ({ badge }) => badge === 'Me');
    console.log('first key', since().length);
    await window.save();
    await window.untilDirty('a.md', false);
    console.log('save', since().length);
    await window.type('More: ');
    await window.save();
    await window.untilDirty('a.md', false);
    console.log('save again', since().length);
    await window.press('Control+F4');
    await window.explorerRow('a.md', ({ badge }) => badge === '');
    console.log('close', since().length);
    await window.openFile('theirs.md');
    console.log('open', since().length);
    await window.type('Mine: ');
    await window.until({
      what: 'a LOCK',
      read: async () => proxy.count({ method: 'LOCK' }),
      accept: (n) => n > 1,
    });
    console.log('first key', since().length);
    await window.save();
    await window.toast(/Failed to save 'theirs.md'/);
    console.log('refused', since().length);
    assert.ok(true);
  });
});
