// Somebody deletes a file that we hold a lock on: keeping the lock alive does not bring the file back.
import assert from 'node:assert/strict';
import { existsSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isFailure } from '../../src/core/model/failure';
import { Colleague } from '../support/colleague';
import { OnServer } from '../support/core/onServer';
import { skipWithout } from '../support/rings/skipWithout';
import { type LockServer, serverKinds } from '../support/servers/server';
import { startServer } from '../support/servers/start';

for (const kind of serverKinds) {
  describe(`a file that is deleted on ${kind}`, function () {
    this.timeout(60_000);
    let server: LockServer;
    let alice: OnServer;

    before(async function () {
      skipWithout(this, kind);
      server = await startServer(kind);
      alice = new OnServer(server.url, server.user('alice'));
    });
    after(async () => {
      await alice?.close();
      await server?.stop();
    });

    async function locked(path: string) {
      server.seed({ [path]: 'text' });
      await alice.open(path);
      return alice.leases.take(alice.at(path), 'hand');
    }

    it('is not brought back by the refresh of our lock', async () => {
      const lease = await locked('deleted.txt');
      rmSync(join(server.dataDir, 'deleted.txt'));
      await alice.leases.verify(lease);
      assert.equal(existsSync(join(server.dataDir, 'deleted.txt')), false);
    });

    it('is not brought back where our lock was ended as well', async () => {
      const lease = await locked('ended.txt');
      const same = new Colleague(server.url, server.user('alice'));
      await same.unlock('ended.txt', lease.token.reveal());
      rmSync(join(server.dataDir, 'ended.txt'));
      await alice.leases.verify(lease);
      assert.equal(alice.leases.of(alice.at('ended.txt')), undefined);
      assert.equal(existsSync(join(server.dataDir, 'ended.txt')), false);
      const bob = new Colleague(server.url, server.user('bob'));
      assert.ok((await bob.send('PUT', 'ended.txt', { body: 'new' })).status < 300, 'and no lock is left');
    });

    it('is not made by a lock on it', async () => {
      await assert.rejects(alice.leases.take(alice.at('never.txt'), 'hand'), (error) =>
        isFailure(error, 'notFound'),
      );
      assert.equal(existsSync(join(server.dataDir, 'never.txt')), false);
    });

    it('is not taken for one that is only empty', async () => {
      const lease = await locked('empty.txt');
      const file = join(server.dataDir, 'empty.txt');
      const same = new Colleague(server.url, server.user('alice'));
      await same.unlock('empty.txt', lease.token.reveal());
      writeFileSync(file, '');
      const old = new Date(Date.now() - 60_000);
      utimesSync(file, old, old);
      await alice.leases.verify(lease);
      assert.equal(statSync(file).size, 0);
      await alice.leases.take(alice.at('empty.txt'), 'hand');
      assert.equal(existsSync(file), true);
    });
  });
}
