// A move, and our locks on what is moved.
import assert from 'node:assert/strict';
import { isFailure } from '../../../../src/core/model/failure';
import type { ResourceId } from '../../../../src/core/model/resource';
import { FakeClock } from '../../../support/core/fakeClock';
import { file } from '../../../support/core/files';
import { ModelServer } from '../../../support/core/modelServer';
import { Person } from '../../../support/core/person';

const a = file('a');
const other = file('other');

async function given() {
  const clock = new FakeClock();
  const server = new ModelServer(clock);
  server.put(a, 'base');
  await clock.pass(1_000);
  const ann = new Person('ann', server, clock, { lockOn: 'manual' });
  ann.learnsToList(a);
  const move = async (from: ResourceId, to: ResourceId) => {
    await clock.pass(1);
    return ann.core.relocation.transfer({ how: 'move', from, to, overwrite: false });
  };
  return { clock, server, ann, move };
}

describe('Moving under our lock', () => {
  describe('on a server that moves nothing that is locked', () => {
    const stubborn = async (bobIsQuick = false) => {
      const it = await given();
      await it.ann.leases.take(a, 'hand');
      const move = it.ann.client.move.bind(it.ann.client);
      it.ann.client.move = (from, to, guard) => {
        if (guard.leases.length > 0)
          it.ann.client.fail('move', 'preconditionFailed', { facts: { status: 412 } });
        else if (bobIsQuick) it.ann.client.fail('move', 'forbidden', { facts: { status: 403 } });
        return move(from, to, guard);
      };
      const moving = it.move(a, other).then(
        () => 'moved',
        (error: { kind: string }) => error.kind,
      );
      await it.clock.pass(5_000);
      return { ...it, outcome: await moving };
    };

    it('unlocks, moves, and locks again under the new name', async () => {
      const { server, ann, outcome } = await stubborn();
      assert.equal(outcome, 'moved');
      assert.equal(server.text(other), 'base');
      assert.equal(server.lockOn(a), undefined);
      assert.equal(server.lockOn(other)?.who, 'ann');
      assert.deepEqual([...ann.leases.claimsOn(other)], ['hand']);
    });

    it('locks again under the old name where that is refused as well', async () => {
      const { server, outcome } = await stubborn(true);
      assert.equal(outcome, 'forbidden');
      assert.equal(server.text(a), 'base');
      assert.equal(server.lockOn(a)?.who, 'ann');
    });
  });

  it('moves nothing while one of the locks may still be there, says why, and keeps them all', async () => {
    for (const lost of [false, true]) {
      const { clock, server, ann, move } = await given();
      const [one, two, folder] = [file('f/one'), file('f/two'), file('f')];
      server.folders.add(folder);
      for (const id of [one, two]) {
        server.put(id, 'base');
        await ann.leases.take(id, 'hand');
      }
      ann.client.fail('move', 'preconditionFailed', { facts: { status: 412 } });
      ann.client.fail('unlock', 'interrupted', { lost });
      const moving = move(folder, file('g')).catch((error: unknown) => error);
      await clock.pass(60_000);
      const failure = await moving;
      assert.ok(isFailure(failure, 'interrupted'));
      // It is not the move of which nobody knows whether it was done.
      assert.equal(failure.facts.maybeDone, false);
      assert.equal(ann.client.count('move'), 1);
      assert.equal(server.text(file('g/one')), undefined);
      for (const id of [one, two]) {
        assert.equal(server.lockOn(id)?.who, 'ann');
        assert.deepEqual([...ann.leases.claimsOn(id)], ['hand']);
      }
    }
  });

  it('takes no claim along that ends under the old name', async () => {
    const { ann, move } = await given();
    await ann.leases.take(a, 'wait');
    await ann.leases.take(a, 'save');
    await move(a, other);
    assert.deepEqual(ann.leases.held(), []);
  });
});
