// Each cause as a real server shows it: why is it refused here?
import assert from 'node:assert/strict';
import type { Diagnosis } from '../../src/core/diagnosis/diagnosis';
import { Colleague } from '../support/colleague';
import { skipWithout } from '../support/rings/skipWithout';
import { type ApacheOptions, startApache } from '../support/servers/apache';
import { startApachePair } from '../support/servers/apachePair';
import { startLighttpd } from '../support/servers/lighttpd';
import { startNginx } from '../support/servers/nginx';
import { startPlainServer } from '../support/servers/plain';
import { accounts, type LockServer } from '../support/servers/server';
import { Person } from './person';

const minute = 60_000;

describe('The cause of a refusal', function () {
  this.timeout(60_000);
  const ends: (() => Promise<unknown>)[] = [];

  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  async function at(starting: Promise<LockServer>) {
    const server = await starting;
    ends.push(() => server.stop());
    server.seed({ 'docs/a.md': 'First.\n', 'docs/b.md': 'Second.\n' });
    const person = new Person(server.url, accounts.alice);
    ends.push(() => person.close());
    return { server, person, bob: new Colleague(server.url, accounts.bob) };
  }

  const apache = (options: ApacheOptions = {}) => at(startApache(options));

  const codes = ({ evidence }: Diagnosis) => evidence.map(({ code }) => code);

  describe('on Apache', function () {
    before(function () {
      skipWithout(this, 'apache');
    });

    it('is a colleague at work', async () => {
      const { person, bob } = await apache();
      await bob.lock('docs/a.md', { owner: 'Ann Lee' });
      assert.equal(await person.saves('docs/a.md'), false);
      const found = await person.why('docs/a.md');
      assert.deepEqual([found.cause, found.confidence], ['editedByOther', 'medium']);
      assert.ok(codes(found).includes('holderClaimed'), 'a name that only the lock says');
    });

    it('is surely a colleague at work once the lock was refreshed', async () => {
      const { person, bob } = await apache();
      await bob.lock('docs/a.md', { timeout: 'Second-300' });
      await person.look('docs/a.md');
      person.ahead = 6_000;
      await bob.refresh('docs/a.md', 'Second-600');
      const found = await person.why('docs/a.md');
      assert.deepEqual([found.cause, found.confidence], ['editedByOther', 'high']);
    });

    it('is a missing right, not a wrong password, for a user who may only read', async () => {
      const { person } = await apache({ readOnly: 'alice' });
      await person.look('docs/a.md');
      assert.equal(await person.saves('docs/a.md'), false);
      const found = await person.why('docs/a.md');
      assert.equal(found.cause, 'access');
      assert.equal(found.advice[0], 'contactAdmin');
    });

    it('is the server without its lock store', async () => {
      const { person } = await apache({ lockStore: false });
      assert.equal(await person.saves('docs/a.md'), false);
      await assert.rejects(person.leases.take(person.at('docs/a.md'), 'hand'));
      const found = await person.why('docs/a.md');
      assert.deepEqual([found.cause, found.confidence], ['serverFault', 'high']);
    });

    it('is a hand that locked without an end', async () => {
      const { person, bob } = await apache();
      await bob.lock('docs/a.md', { owner: 'Ann Lee', timeout: 'Infinite' });
      assert.equal(await person.saves('docs/a.md'), false);
      assert.equal((await person.why('docs/a.md')).cause, 'lockedByHand');
    });

    it('is a program that locked the folder', async () => {
      const { person, bob } = await apache();
      await bob.lock('docs', { owner: 'backup-service', depth: 'infinity' });
      assert.equal(await person.saves('docs/a.md'), false);
      const found = await person.why('docs/a.md');
      assert.deepEqual([found.cause, found.confidence], ['automatic', 'high']);
      assert.ok(codes(found).includes('serviceWords'));
      // Apache does not say where a lock sits.
      const sign = found.evidence.find(({ code }) => code === 'treeLock');
      assert.equal(sign?.resource, person.at('docs'));
    });

    it('is no folder’s lock where a program locked the file with all that would be below it', async () => {
      const { person, bob } = await apache();
      await bob.lock('docs/a.md', { owner: 'Ann Lee', depth: 'infinity' });
      assert.equal(await person.saves('docs/a.md'), false);
      const found = await person.why('docs/a.md');
      assert.equal(found.cause, 'editedByOther');
      assert.ok(!codes(found).includes('treeLock'));
    });

    it('is our own lock, and no refusal', async () => {
      const { person } = await apache();
      await person.leases.take(person.at('docs/a.md'), 'hand');
      const found = await person.why('docs/a.md');
      assert.deepEqual([found.cause, found.confidence], ['ownLock', 'high']);
      assert.deepEqual(codes(found), ['ownHeld']);
    });

    it('may be our own lock in another program', async () => {
      const { server, person } = await apache();
      await new Colleague(server.url, accounts.alice).lock('docs/a.md', { owner: accounts.alice.user });
      assert.equal(await person.saves('docs/a.md'), false);
      const found = await person.why('docs/a.md');
      assert.deepEqual([found.cause, found.confidence], ['ownLock', 'low']);
    });

    it('is nothing any more once the lock is gone', async () => {
      const { person, bob } = await apache();
      await bob.lock('docs/a.md');
      assert.equal(await person.saves('docs/a.md'), false);
      await bob.unlock('docs/a.md');
      assert.equal(await person.saves('docs/a.md'), true);
      // Where no condition is proven to be checked, a save takes a lock of its own, which is ours until it is released.
      await person.leases.settled(person.at('docs/a.md'));
      assert.equal((await person.why('docs/a.md')).cause, 'notLocked');
    });

    it('is two servers behind one address that do not share their locks', async () => {
      const pair = await startApachePair();
      ends.push(() => pair.stop());
      pair.nodes[0].seed({ 'a.md': 'First.\n' });
      await new Colleague(pair.nodes[0].url, accounts.bob).lock('a.md', { owner: 'Ann Lee' });
      const person = new Person(pair.front.url, accounts.alice);
      ends.push(() => person.close());
      // Which node answers is its turn's affair: enough looks meet both.
      let found = await person.why('a.md');
      for (let look = 0; look < 12 && found.cause !== 'serverFault'; look++) found = await person.why('a.md');
      for (let look = 0; look < 8; look++) found = await person.why('a.md');
      assert.deepEqual([found.cause, codes(found)[0]], ['serverFault', 'alternates']);
    });
  });

  describe('on a server that refuses without listing a lock', () => {
    const activeLock =
      '<D:activelock><D:locktype><D:write/></D:locktype><D:lockscope><D:exclusive/></D:lockscope>' +
      '<D:depth>0</D:depth><D:owner>Ann</D:owner><D:timeout>Second-600</D:timeout>' +
      '<D:locktoken><D:href>urn:uuid:1</D:href></D:locktoken></D:activelock>';
    const member = (path: string) =>
      `<D:multistatus xmlns:D="DAV:"><D:response><D:href>${path}</D:href><D:propstat><D:prop><D:resourcetype/>` +
      '<D:getetag>"1"</D:getetag><D:getcontentlength>1</D:getcontentlength>' +
      `<D:lockdiscovery>${path.endsWith('b.md') ? activeLock : ''}</D:lockdiscovery>` +
      '</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response></D:multistatus>';

    /** It lists a lock on b.md, so that it is known to list what there is. */
    async function refusing(status: number, body: string) {
      const server = await startPlainServer(({ method, path }, reply) => {
        if (method === 'PROPFIND') return reply.xml(207, member(path));
        if (method === 'PUT' || method === 'LOCK') return reply.send(status, {}, body);
        if (method === 'GET') return reply.send(200, { ETag: '"1"' }, 'x');
        reply.send(200, { DAV: '1, 2' });
      });
      ends.push(() => server.stop());
      const person = new Person(server.url, accounts.alice);
      ends.push(() => person.close());
      await person.look('docs/b.md');
      assert.equal(await person.saves('docs/a.md'), false);
      return person;
    }

    it('is not over because the list is still empty', async () => {
      const person = await refusing(423, '');
      for (const minutes of [0, 1, 5]) {
        person.ahead = minutes * minute;
        assert.equal((await person.why('docs/a.md')).rule, 'server-at-work', `after ${minutes} minutes`);
      }
    });

    it('is a stale lock inside the server after a quarter of an hour', async () => {
      const person = await refusing(423, '');
      for (let turn = 0; turn < 4; turn++) {
        person.ahead += 4 * minute;
        await person.look('docs/a.md');
        assert.equal(await person.saves('docs/a.md'), false);
      }
      const found = await person.why('docs/a.md');
      assert.deepEqual([found.cause, found.confidence], ['expiredEnforced', 'medium']);
    });

    it('is a hand that locked where another status names it', async () => {
      const lock = { owner: { name: 'Ann Lee' }, locked_at: '2026-11-22T10:00:00Z' };
      const person = await refusing(409, JSON.stringify({ message: 'already locked', lock }));
      const state = person.store.stateOf(person.at('docs/a.md'));
      assert.equal(state.kind === 'locked' && state.locks[0]?.holder.name, 'Ann Lee');
      const found = await person.why('docs/a.md');
      assert.deepEqual([found.cause, found.confidence], ['lockedByHand', 'high']);
    });
  });

  it('is on lighttpd a lock that never ends, with all the doubt that it may be refreshed', async function () {
    skipWithout(this, 'lighttpd');
    const { person, bob } = await at(startLighttpd());
    await bob.lock('docs/a.md', { timeout: 'Second-60' });
    for (let look = 0; look < 5; look++) {
      await person.look('docs/a.md');
      person.ahead += minute;
    }
    assert.equal(await person.saves('docs/a.md'), false);
    const found = await person.why('docs/a.md');
    assert.deepEqual([found.cause, found.confidence], ['expiredEnforced', 'low']);
    assert.ok(found.alternatives?.includes('editedByOther'));
  });

  it('is on nginx a lock of ours that did not live through a restart', async function () {
    skipWithout(this, 'nginx');
    const { server, person } = await at(startNginx());
    await person.leases.take(person.at('docs/a.md'), 'hand');
    await person.look('docs/a.md');
    person.ahead = minute;
    await server.restart();
    const found = await person.why('docs/a.md');
    assert.deepEqual([found.cause, found.confidence], ['leaseLost', 'high']);
  });
});
