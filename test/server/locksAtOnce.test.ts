// One person's locks that change at the same time: each is as the server has said. A server that keeps all its locks in
// one place may lose one while it changes another.
import assert from 'node:assert/strict';
import { Colleague } from '../support/colleague';
import { OnServer } from '../support/core/onServer';
import { skipWithout } from '../support/rings/skipWithout';
import { accounts, type LockServer, serverKinds } from '../support/servers/server';
import { startServer } from '../support/servers/start';

/** If all are sent at once, Apache loses a lock, or keeps one that it has released, in most runs of so many rounds. */
const rounds = 60;
const kept = ['kept1.txt', 'kept2.txt', 'kept3.txt'];
const taken = ['taken1.txt', 'taken2.txt'];
const ended = ['ended1.txt', 'ended2.txt'];

for (const kind of serverKinds) {
  describe(`locks that change at once on ${kind}`, function () {
    this.timeout(120_000);
    let server: LockServer;
    let alice: OnServer;

    before(async function () {
      skipWithout(this, kind);
      server = await startServer(kind);
      server.seed(Object.fromEntries([...kept, ...taken, ...ended].map((file) => [file, 'text'])));
      alice = new OnServer(server.url, accounts.alice);
      await alice.server.files.probe(alice.at(''));
    });

    after(async () => {
      await alice?.close();
      await server?.stop();
    });

    it('are all as the server has said', async () => {
      const bob = new Colleague(server.url, accounts.bob);
      const { leases } = alice;
      const take = (file: string) => leases.take(alice.at(file), 'edit');
      const release = (file: string) => leases.release(alice.at(file));
      const locksOn = async (file: string) => (await bob.locksOn(file)).length;
      const leasesKept = await Promise.all(kept.map(take));
      for (let round = 1; round <= rounds; round++) {
        await Promise.all(ended.map(take));
        const refreshed = leasesKept.map((lease) => leases.verify(lease));
        await Promise.all([...ended.map(release), ...taken.map(take), ...refreshed]);
        const held = await Promise.all([...kept, ...taken, ...ended].map(locksOn));
        assert.deepEqual(held, [1, 1, 1, 1, 1, 0, 0], `after round ${round}`);
        await Promise.all(taken.map(release));
      }
    });
  });
}
