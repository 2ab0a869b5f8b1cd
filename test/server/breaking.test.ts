// Breaking a lock and checking a server, on every server there is.
import assert from 'node:assert/strict';
import { isFailure } from '../../src/core/model/failure';
import { checkServer } from '../../src/core/diagnosis/serverCheck';
import { Colleague } from '../support/colleague';
import { skipWithout } from '../support/rings/skipWithout';
import { accounts, type LockServer, serverKinds, type ServerKind } from '../support/servers/server';
import { startServer } from '../support/servers/start';
import { Session, lockRequest } from './webdavSession';

/** Who may end a lock that somebody else took. */
const breaks: Readonly<Record<ServerKind, boolean>> = {
  apache: false,
  lighttpd: false,
  nginx: true,
  nephele: false,
};

for (const kind of serverKinds) {
  describe(`Force on ${kind}`, function () {
    this.timeout(60_000);
    let server: LockServer;
    let alice: Session;
    let bob: Colleague;

    before(async function () {
      skipWithout(this, kind);
      server = await startServer(kind);
      server.seed({ 'a.md': 'First.\n', 'docs/b.md': 'Second.\n' });
      alice = new Session(server.url, accounts.alice);
      bob = new Colleague(server.url, accounts.bob);
    });

    after(async () => {
      await alice?.close();
      await server?.stop();
    });

    it(breaks[kind] ? 'ends the lock of another' : 'says that a lock is bound to its user', async () => {
      await bob.lock('a.md', { owner: 'Ann Lee' });
      const [lock] = await alice.locks('a.md');
      assert.ok(lock?.id);
      const run = alice.dav.locks.breakLock({ resource: alice.at('a.md'), id: lock.id, depth: 'self' });
      if (breaks[kind]) {
        assert.deepEqual(await run, { wasHeld: true });
        assert.deepEqual(await alice.locks('a.md'), []);
        return;
      }
      await assert.rejects(run, (error) => isFailure(error, 'forbidden'));
      assert.equal((await alice.locks('a.md'))[0]?.id, lock.id);
    });

    it('ends a lock of one’s own that another program has left', async () => {
      const mine = new Colleague(server.url, accounts.alice);
      await mine.lock('docs/b.md');
      const [lock] = await alice.locks('docs/b.md');
      assert.ok(lock?.id);
      await alice.dav.locks.breakLock({ resource: alice.at('docs/b.md'), id: lock.id, depth: 'self' });
      assert.deepEqual(await alice.locks('docs/b.md'), []);
    });

    it('checks the server on a file of its own, and leaves nothing', async () => {
      const scratch = alice.at('docs/lock-status-check.txt');
      const results = await checkServer({ ...alice.dav, scratch, lockRequest });
      const said = Object.fromEntries(results.map(({ step, outcome }) => [step, outcome]));
      assert.deepEqual(
        { ...said, ifMatch: undefined, weakTag: undefined },
        {
          rights: 'yes',
          supported: 'yes',
          lock: 'yes',
          granted: 'note',
          listed: 'yes',
          enforced: 'yes',
          ownWrite: 'yes',
          ifMatch: undefined,
          weakTag: undefined,
          refresh: 'yes',
          unlock: 'yes',
          cleanUp: 'yes',
        },
      );
      // One server overwrites whatever the condition says.
      assert.equal(said.ifMatch, kind === 'nginx' ? 'no' : 'yes');
      await assert.rejects(bob.get('docs/lock-status-check.txt'));
    });
  });
}
