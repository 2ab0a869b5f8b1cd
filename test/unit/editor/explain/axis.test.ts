import assert from 'node:assert/strict';
import { ticksBetween } from '../../../../src/editor/explain/axis';

const minute = 60_000;
const start = new Date(2026, 10, 22, 9, 57, 13).getTime();

describe('The ticks of a time axis', () => {
  for (const minutes of [2, 3, 7, 20, 45, 90, 240, 26 * 60])
    it(`are on whole minutes, evenly apart and few, over ${minutes} minutes`, () => {
      const ticks = ticksBetween(start, start + minutes * minute);
      assert.ok(ticks.length >= 1 && ticks.length <= 6, String(ticks.length));
      assert.ok(ticks.every((at) => at % minute === 0 && at >= start && at <= start + minutes * minute));
      const steps = new Set(ticks.slice(1).map((at, index) => at - (ticks[index] ?? 0)));
      assert.ok(steps.size <= 1, [...steps].join());
    });

  it('are on full hours of the local clock where they are hours apart', () => {
    for (const at of ticksBetween(start, start + 5 * 60 * minute)) assert.equal(new Date(at).getMinutes(), 0);
  });
});
