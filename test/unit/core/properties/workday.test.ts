import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Workday } from '../../../support/core/workday';

/** Bytes in use after everything that can be freed was freed. */
function heap(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}

describe('Eight hours at two windows, with every twentieth request going wrong', function () {
  this.timeout(120_000);

  it('leave no lock, no wait, no blocked save, no listener and no timer behind, and the heap as it was', async () => {
    const day = new Workday();
    const listeners = () => day.people.map((person) => person.listeners());
    const idle = { timers: day.clock.pending, listeners: listeners() };
    const weights: number[] = [];
    for (let hour = 0; hour < 8; hour += 1) {
      for (let passed = 0; passed < 60; passed += 1) await day.minute();
      for (const { faults } of day.people) assert.deepEqual(faults, [], `hour ${hour}`);
      day.forgetNotes();
      weights.push(heap());
    }
    assert.ok(
      day.saves > 500 && day.refused > 20 && day.faults > 100,
      JSON.stringify([day.saves, day.refused, day.faults]),
    );

    await day.evening();
    for (const person of day.people) {
      assert.deepEqual(person.faults, []);
      assert.deepEqual(person.leases.held(), []);
      assert.deepEqual(person.blockedSaves.all(), []);
      assert.deepEqual(person.waits.all(), []);
      assert.deepEqual([...person.baseVersions.all()], []);
    }
    // A lock whose answer was lost ends with its time.
    for (const id of day.files) assert.equal(day.server.lockOn(id), undefined, id);
    assert.deepEqual({ timers: day.clock.pending, listeners: listeners() }, idle);
    day.end();
    assert.equal(day.clock.pending, 0);
    assert.deepEqual(listeners(), [0, 0]);

    const [second = 0] = weights.slice(1);
    const last = weights.at(-1) ?? 0;
    assert.ok(last < second + 2 * 2 ** 20, `heap after each hour: ${weights.join(', ')}`);
  });
});
