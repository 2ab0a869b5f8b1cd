// What a check of a server says of servers that are not what they seem.
import assert from 'node:assert/strict';
import type { FailureKind } from '../../../../src/core/model/failure';
import { resourceId } from '../../../../src/core/model/resource';
import { checkServer, type CheckResult } from '../../../../src/core/diagnosis/serverCheck';
import { FakeClock } from '../../../support/core/fakeClock';
import type { Operation } from '../../../support/core/mishaps';
import { ModelClient } from '../../../support/core/modelClient';
import { goodHabits, ModelServer, type Habits } from '../../../support/core/modelServer';

const scratch = resourceId('https://dav.example/docs/check.txt');
const lockRequest = { seconds: 60, owner: 'Alice' };

function bench(habits: Partial<Habits> = {}) {
  const server = new ModelServer(new FakeClock(), { ...goodHabits, ...habits });
  const client = new ModelClient(server, 'alice');
  const check = async () => {
    const results = await checkServer({ files: client, locks: client, scratch, lockRequest });
    assert.equal(server.files.has(scratch), false, 'the file of the check is still there');
    assert.equal(server.locks.size, 0, 'a lock is still there');
    return new Map(results.map((result) => [result.step, result]));
  };
  /** Once the first has come back, the second goes wrong as often as kinds are given. */
  const failAfter = (after: Operation, operation: Operation, ...kinds: readonly FailureKind[]) => {
    client.travel = (passing, way) => {
      if (passing === after && way === 'back') {
        client.travel = () => Promise.resolve();
        for (const kind of kinds) client.fail(operation, kind);
      }
      return Promise.resolve();
    };
  };
  return { server, client, check, failAfter };
}

const outcomes = (results: ReadonlyMap<string, CheckResult>) =>
  Object.fromEntries([...results].map(([step, { outcome }]) => [step, outcome]));

describe('A check of a server', () => {
  it('finds nothing wrong with a good one', async () => {
    const { client, check } = bench();
    client.said = { claimsLocks: true, lock: true };
    assert.deepEqual(outcomes(await check()), {
      rights: 'yes',
      supported: 'yes',
      lock: 'yes',
      granted: 'note',
      listed: 'yes',
      enforced: 'yes',
      ifMatch: 'yes',
      ownWrite: 'yes',
      refresh: 'yes',
      unlock: 'yes',
      cleanUp: 'yes',
    });
  });

  it('tells locks that are listed and keep nobody out', async () => {
    const { listed, enforced } = outcomes(await bench({ enforces: false }).check());
    assert.deepEqual([listed, enforced], ['yes', 'no']);
  });

  it('tells locks that nobody sees', async () => {
    const { lock, listed, enforced } = outcomes(await bench({ lists: false, enforces: false }).check());
    assert.deepEqual([lock, listed, enforced], ['yes', 'no', 'no']);
  });

  it('tells conditions that are overlooked', async () => {
    assert.equal(outcomes(await bench({ honorsIfMatch: false }).check())['ifMatch'], 'no');
  });

  it('tells what the server says of the file', async () => {
    const { client, check } = bench();
    client.said = { claimsLocks: true, lock: false };
    const { rights, supported } = outcomes(await check());
    assert.deepEqual([rights, supported], ['yes', 'no']);
  });

  for (const kind of ['serverFault', 'unreachable', 'busy', 'timeout'] as const)
    it(`takes a write that fails for another reason for no proof: ${kind}`, async () => {
      const { check, failAfter } = bench();
      failAfter('stat', 'write', kind);
      const results = await check();
      assert.deepEqual(
        [results.get('enforced')?.outcome, results.get('enforced')?.failure?.kind],
        ['failed', kind],
      );
      assert.equal(results.get('ownWrite')?.outcome, 'yes');
    });

  it('takes a condition that fails for another reason for no proof', async () => {
    const { check, failAfter } = bench();
    failAfter('stat', 'write', 'locked', 'serverFault');
    const results = await check();
    assert.equal(results.get('enforced')?.outcome, 'yes');
    assert.deepEqual(
      [results.get('ifMatch')?.outcome, results.get('ifMatch')?.failure?.kind],
      ['failed', 'serverFault'],
    );
  });

  it('goes on when the look after a granted lock fails', async () => {
    const { check, failAfter } = bench();
    failAfter('lock', 'stat', 'serverFault');
    const { lock, listed, enforced, unlock } = outcomes(await check());
    assert.deepEqual([lock, listed, enforced, unlock], ['yes', 'failed', 'yes', 'yes']);
  });

  it('says that no lock is granted where none is', async () => {
    const { client, check } = bench();
    client.fail('lock', 'unsupported');
    const results = await check();
    assert.deepEqual(outcomes(results), { lock: 'failed', cleanUp: 'yes' });
  });

  it('takes the file away whose answer was lost', async () => {
    const { client, check } = bench();
    client.fail('write', 'interrupted', { lost: true, facts: { maybeDone: true } });
    assert.deepEqual(outcomes(await check()), { create: 'failed', cleanUp: 'yes' });
  });
});
