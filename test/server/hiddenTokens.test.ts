// A server that lists locks without their tokens (RFC 4918 section 15.8 allows it): ours is still ours.
import assert from 'node:assert/strict';
import { lockView } from '../../src/core/model/lockView';
import { Colleague } from '../support/colleague';
import { OnServer } from '../support/core/onServer';
import { skipWithout } from '../support/rings/skipWithout';
import { type LockServer, serverKinds } from '../support/servers/server';
import { startServer } from '../support/servers/start';

const withoutTokens = (listing: string) =>
  listing.replace(/<((?:\w+:)?)locktoken\b[^>]*>[\s\S]*?<\/\1locktoken>/g, '');

for (const kind of serverKinds) {
  describe(`our lock on ${kind} where no tokens are listed`, function () {
    this.timeout(60_000);
    let server: LockServer;
    let alice: OnServer;

    before(async function () {
      skipWithout(this, kind);
      server = await startServer(kind);
      alice = new OnServer(server.url, server.user('alice'), undefined, withoutTokens);
    });
    after(async () => {
      await alice?.close();
      await server?.stop();
    });

    const stateOf = (path: string) => lockView(alice.store.stateOf(alice.at(path))).state;

    it('stays ours at every look, without being taken back each time', async () => {
      server.seed({ 'seen.txt': 'one' });
      await alice.open('seen.txt');
      const id = alice.at('seen.txt');
      await alice.leases.take(id, 'edit');
      alice.asked();
      for (let look = 0; look < 4; look += 1) {
        await alice.directory.stat(id, 0);
        assert.equal(stateOf('seen.txt'), 'mine');
      }
      assert.doesNotMatch(alice.asked(), /LOCK/);
      for (const text of ['two', 'three', 'four']) await alice.save('seen.txt', text);
      assert.equal(alice.leases.held().filter(({ resource }) => resource === id).length, 1);
      assert.deepEqual(alice.blockedSaves.all(), []);
      await alice.leases.release(id);
    });

    it('hinders us neither from renaming nor from deleting our own file', async () => {
      server.seed({ 'old.txt': 'one' });
      await alice.open('old.txt');
      await alice.leases.take(alice.at('old.txt'), 'edit');
      const [from, to] = [alice.at('old.txt'), alice.at('new.txt')];
      await alice.core.relocation.transfer({ how: 'move', from, to, overwrite: false });
      assert.deepEqual([...alice.leases.claimsOn(to)], ['edit']);
      await alice.core.relocation.remove(to);
      await assert.rejects(alice.directory.stat(to, 0));
    });

    it('is not taken for one of a colleague, nor a colleague’s for ours', async () => {
      server.seed({ 'theirs.txt': 'one' });
      const bob = new Colleague(server.url, server.user('bob'));
      await bob.lock('theirs.txt');
      await alice.directory.stat(alice.at('theirs.txt'), 0);
      assert.equal(stateOf('theirs.txt'), 'other');
    });
  });
}
