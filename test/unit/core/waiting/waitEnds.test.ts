import assert from 'node:assert/strict';
import { RemoteFailure, type FailureKind } from '../../../../src/core/model/failure';
import { file } from '../../../support/core/files';
import type { Operation } from '../../../support/core/mishaps';
import type { ModelClient } from '../../../support/core/modelClient';
import { given } from '../../../support/core/waiting';

const a = file('a');
const minute = 60_000;

describe('Waiting for what will not go by itself', () => {
  const always = (client: ModelClient, operation: Operation, kind: FailureKind, status: number) => {
    for (let index = 0; index < 5_000; index += 1) client.fail(operation, kind, { facts: { status } });
  };

  for (const [kind, status] of [
    ['signInNeeded', 401],
    ['forbidden', 403],
    ['quota', 507],
    ['refused', 400],
  ] as const) {
    for (const operation of ['lock', 'write'] as const) {
      it(`ends at once with the reason where ${operation} is answered with ${status}`, async () => {
        const { clock, server, client, ends, reasons } = await given();
        always(client, operation, kind, status);
        server.break(a);
        const before = client.count('write');
        await clock.pass(60 * minute);
        assert.deepEqual(ends(), ['failed']);
        assert.deepEqual(reasons, [kind]);
        assert.ok(client.count('write') - before <= 1);
        assert.equal(client.count('lock'), 1);
        assert.equal(server.lockOn(a), undefined);
      });
    }
  }

  for (const [kind, status] of [
    ['signInNeeded', 401],
    ['tls', 0],
    ['notFound', 404],
    ['redirected', 302],
  ] as const) {
    const look = kind === 'signInNeeded' ? 'answered with 401' : kind;
    it(`ends where look after look is ${look} for more than a minute, and not before`, async () => {
      const { clock, client, ends, reasons } = await given();
      always(client, 'stat', kind, status);
      client.calls.length = 0;
      await clock.pass(minute - 1_000);
      assert.deepEqual(ends(), []);
      await clock.pass(3 * minute);
      assert.deepEqual(ends(), ['failed']);
      assert.deepEqual(reasons, [kind]);
      const looks = client.count('stat');
      assert.ok(looks >= 3 && looks <= 8, `${looks} looks`);
    });

    it(`goes on where two looks were ${look}`, async () => {
      const { clock, server, client, ends } = await given();
      for (let index = 0; index < 2; index += 1) client.fail('stat', kind, { facts: { status } });
      await clock.pass(10 * minute);
      assert.deepEqual(ends(), []);
      server.break(a);
      await clock.pass(3 * minute);
      assert.deepEqual(ends(), ['saved']);
    });
  }

  for (const kind of ['redirected', 'tls', 'notFound'] as const) {
    for (const operation of ['lock', 'write'] as const) {
      it(`goes on where ${operation} was ${kind}, and ends after a few tries`, async () => {
        const once = await given();
        once.client.fail(operation, kind);
        once.server.break(a);
        await once.clock.pass(5 * minute);
        assert.deepEqual(once.ends(), ['saved']);

        const { clock, server, client, ends, reasons } = await given();
        always(client, operation, kind, 0);
        server.break(a);
        await clock.pass(60 * minute);
        assert.deepEqual(ends(), ['failed']);
        assert.deepEqual(reasons, [kind]);
        assert.equal(client.count('lock'), 6);
      });
    }
  }

  for (const [kind, facts] of [
    ['signInNeeded', { status: 401, retryAfterMs: 10 * minute }],
    ['notFound', { status: 404, retryAfterMs: 10 * minute }],
  ] as const) {
    it(`ends nothing by what became of another file (${kind})`, async () => {
      const { clock, server, ann, client } = await given();
      const other = file('elsewhere/b');
      // Asked about first.
      ann.waits.stop(a);
      ann.waits.arm(other);
      ann.waits.arm(a);
      ann.ends.length = 0;
      const entry = client.stat.bind(client);
      let refused = 0;
      client.stat = (resource) => {
        if (resource !== other || refused > 0) return entry(resource);
        refused += 1;
        return Promise.reject(new RemoteFailure(kind, { resource, ...facts }));
      };
      await clock.pass(9 * minute);
      assert.equal(refused, 1);
      assert.equal(ann.waits.of(a)?.phase, 'waiting');
      server.break(a);
      await clock.pass(5 * minute);
      assert.ok(ann.ends.includes(`${a} saved`), ann.ends.join());
    });
  }

  for (const operation of ['lock', 'write'] as const) {
    it(`ends after a few tries where the server fails at ${operation}`, async () => {
      const { clock, server, client, ends, reasons } = await given();
      always(client, operation, 'serverFault', 500);
      server.break(a);
      await clock.pass(60 * minute);
      assert.deepEqual(ends(), ['failed']);
      assert.deepEqual(reasons, ['serverFault']);
      assert.equal(client.count('lock'), 6);
    });
  }

  it('goes on where the server failed only now and then', async () => {
    const { clock, server, client, ends } = await given();
    for (let round = 0; round < 3; round += 1) {
      for (let index = 0; index < 4; index += 1)
        client.fail('lock', 'serverFault', { facts: { status: 500 } });
      client.fail('lock', 'busy', { facts: { status: 503 } });
    }
    server.break(a);
    await clock.pass(60 * minute);
    assert.deepEqual(ends(), ['saved']);
  });

  it('ends where the right is missing behind a 423 that no lock explains', async () => {
    const { clock, server, client, ends, reasons } = await given();
    client.rights = () => Promise.resolve({ write: false });
    always(client, 'lock', 'locked', 423);
    server.break(a);
    await clock.pass(10 * minute);
    assert.deepEqual(ends(), ['failed']);
    assert.deepEqual(reasons, ['locked']);
    assert.ok(client.count('lock') <= 3, `${client.count('lock')} LOCKs`);
  });

  it('tries ever more rarely where nobody holds what is refused', async () => {
    for (const operation of ['lock', 'write'] as const) {
      const { clock, server, client } = await given({}, 8 * 60 * minute);
      always(client, operation, 'locked', 423);
      server.break(a);
      client.calls.length = 0;
      await clock.pass(8 * 60 * minute);
      assert.ok(client.count('lock') <= 130, `${client.count('lock')} LOCKs in eight hours`);
      assert.ok(client.count('write') <= 520, `${client.count('write')} PUTs in eight hours`);
    }
  });

  it('asks rarely about a lock that somebody has taken by hand, and says so from the first moment', async () => {
    const { clock, server, client, ann, ends } = await given({}, 8 * 60 * minute);
    assert.equal(ann.waits.of(a)?.trouble, undefined);
    ann.waits.stop(a);
    server.lockFor('bob', a);
    await ann.directory.stat(a, 0);
    ann.waits.arm(a);
    ann.ends.length = 0;
    assert.equal(ann.waits.of(a)?.trouble, 'byHand');
    await clock.pass(30 * minute);
    client.calls.length = 0;
    await clock.pass(60 * minute);
    assert.ok(client.calls.length >= 10 && client.calls.length <= 16, `${client.calls.length} requests`);
    server.break(a);
    await clock.pass(7 * minute);
    assert.deepEqual(ends(), ['saved'], 'who ends it by hand is noticed all the same');
  });

  it('says so as soon as it is known that a lock should have ended', async () => {
    const { clock, server, ann } = await given({ expires: false }, 8 * 60 * minute);
    server.break(a);
    server.lockFor('bob', a, 600);
    ann.waits.stop(a);
    await ann.directory.stat(a, 0);
    ann.waits.arm(a);
    await clock.pass(minute);
    assert.equal(ann.waits.of(a)?.trouble, undefined);
    await clock.pass(30 * minute);
    assert.equal(ann.waits.of(a)?.trouble, 'expired');
  });

  it('says at the end of its time what was in the way', async () => {
    const { clock, server, client, ends, reasons } = await given({}, 30 * minute);
    always(client, 'write', 'busy', 503);
    server.break(a);
    await clock.pass(31 * minute);
    assert.deepEqual(ends(), ['gaveUp']);
    assert.deepEqual(reasons, ['busy']);
  });
});
