// A LOCK that the server has done without our hearing of it: the lock is ours to use and to release all the same.
import assert from 'node:assert/strict';
import { isFailure } from '../../src/core/model/failure';
import { lockView } from '../../src/core/model/lockView';
import { Colleague } from '../support/colleague';
import { OnServer } from '../support/core/onServer';
import { patienceWith } from '../support/core/trials';
import { skipWithout } from '../support/rings/skipWithout';
import { startFaultProxy, type FaultProxy } from '../support/faultProxy';
import type { Fault } from '../support/faults';
import { type LockServer, type ServerKind, serverKinds } from '../support/servers/server';
import { startServer } from '../support/servers/start';

/** What these list of a lock says nothing about who has it. */
const ownerless = new Set<ServerKind>(['lighttpd', 'nginx']);

const done = (status: number): Fault => ({ kind: 'answer', status, forward: true });
const silences: Readonly<Record<string, Fault>> = {
  'a reset': { kind: 'reset', at: 'afterAnswer' },
  'a stall': { kind: 'stall', at: 'headers' },
  'a 401': done(401),
  'a 500': done(500),
  'a 502': done(502),
  'a 503': done(503),
  'a 504': done(504),
};

for (const kind of serverKinds) {
  describe(`a lock that ${kind} has given behind a lost answer`, function () {
    this.timeout(60_000);
    let server: LockServer;
    let proxy: FaultProxy;
    let serial = 0;

    before(async function () {
      skipWithout(this, kind);
      server = await startServer(kind);
      proxy = await startFaultProxy(server.url);
    });
    after(async () => {
      await proxy?.stop();
      await server?.stop();
    });

    async function given(run: (its: { path: string; alice: OnServer; bob: Colleague }) => Promise<void>) {
      const path = `lost${(serial += 1)}.txt`;
      server.seed({ [path]: 'text' });
      const alice = new OnServer(proxy.url, server.user('alice'), patienceWith(proxy));
      try {
        await alice.server.files.probe(alice.at(''));
        await alice.open(path);
        await run({ path, alice, bob: new Colleague(server.url, server.user('bob')) });
      } finally {
        proxy.clear();
        await alice.close();
      }
    }

    const isFree = async (bob: Colleague, path: string) =>
      (await bob.send('PUT', path, { body: 'by bob' })).status < 300;

    async function take(alice: OnServer, path: string): Promise<boolean> {
      try {
        await alice.leases.take(alice.at(path), 'hand');
        return true;
      } catch (error) {
        if (isFailure(error)) return false;
        throw error;
      }
    }

    async function end(alice: OnServer, path: string): Promise<void> {
      const resource = alice.at(path);
      if (alice.leases.of(resource)) return alice.leases.release(resource);
      // Nothing tells whose it is: the person is told what it may be, and ends it.
      await alice.directory.stat(resource, 0);
      const { lock } = lockView(alice.store.stateOf(resource));
      assert.ok(lock?.id !== undefined && lock.holder.perhapsOurs);
      await alice.server.locks.breakLock({ resource, depth: 'self', id: lock.id });
    }

    for (const [name, fault] of Object.entries(silences)) {
      it(`after ${name}`, () =>
        given(async ({ path, alice, bob }) => {
          proxy.inject({ method: 'LOCK', times: 1 }, fault);
          const isTaken = await take(alice, path);
          assert.equal(await isFree(bob, path), false);
          assert.equal(isTaken, !ownerless.has(kind));
          if (isTaken) {
            const left = alice.leases.of(alice.at(path))?.grantedMs ?? 0;
            assert.ok(left > 500_000 && left <= 600_000, `granted for ${left} ms`);
          }
          await end(alice, path);
          assert.equal(await isFree(bob, path), true);
        }));
    }

    it('that nobody could look at is found when it is asked for again', () =>
      given(async ({ path, alice, bob }) => {
        proxy.inject({ method: 'LOCK', times: 1 }, done(504));
        proxy.inject({ method: 'PROPFIND', times: 1 }, { kind: 'answer', status: 504 });
        assert.equal(await take(alice, path), false);
        assert.equal(await take(alice, path), !ownerless.has(kind));
        assert.equal(await isFree(bob, path), false);
        await end(alice, path);
        assert.equal(await isFree(bob, path), true);
      }));

    it('is not somebody else’s, who was quicker', () =>
      given(async ({ path, alice, bob }) => {
        await bob.lock(path, { owner: 'Bob' });
        await alice.directory.stat(alice.at(path), 0);
        for (const fault of [undefined, done(504), done(503)]) {
          if (fault) proxy.inject({ method: 'LOCK', times: 1 }, fault);
          assert.equal(await take(alice, path), false);
          await alice.directory.stat(alice.at(path), 0);
          const { lock } = lockView(alice.store.stateOf(alice.at(path)));
          assert.notEqual(lock?.holder.self, 'thisWindow');
          assert.equal(lock?.holder.perhapsOurs, undefined, 'it was there before');
        }
        assert.equal(await bob.unlock(path).then(() => true), true);
      }));
  });
}
