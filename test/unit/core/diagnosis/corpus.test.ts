// Every recorded state, played through the readers and the core, against what a careful colleague would say.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Confidence } from '../../../../src/core/diagnosis/diagnosis';
import { calibrationOf, confusionOf, judge, type Judged } from '../../../support/corpus/judged';
import { statesIn } from '../../../support/corpus/state';

const folder = join(process.cwd(), 'test', 'corpus');
/** How sure a verdict may be: so many of each confidence are right, or name the true cause at all where it is low. */
const wanted: Readonly<Record<Confidence, number>> = { high: 0.99, medium: 0.9, low: 0.95 };
const confidences = ['high', 'medium', 'low'] as const;

function table(title: string, judged: readonly Judged[]): string {
  const calibration = calibrationOf(judged);
  const right = judged.filter(({ isRight }) => isRight).length;
  const rows = confidences.map((confidence) => {
    const { all, good, share } = calibration[confidence];
    return `${confidence} ${good}/${all} (${Math.round(share * 1000) / 10} %)`;
  });
  return [
    `    ${title}: ${right} of ${judged.length} right; ${rows.join(', ')}`,
    ...confusionOf(judged).map((line) => `      ${line}`),
  ].join('\n');
}

describe('The diagnosis of recorded states', () => {
  let ours: readonly Judged[] = [];
  let heldOut: readonly Judged[] = [];
  before(async () => {
    ours = await judge(statesIn(folder));
    heldOut = await judge(statesIn(join(folder, 'heldOut')));
  });
  after(() => {
    console.log([table('Own states', ours), table('Held-out states', heldOut)].join('\n'));
  });

  it('knows at least 150 states', () => {
    assert.ok(ours.length >= 50 && ours.length + heldOut.length >= 150);
  });

  for (const { name, state } of statesIn(folder))
    it(`is right where ${state.behavior}`, () => {
      const one = ours.find((judged) => judged.name === name);
      assert.ok(one);
      const { cause, rule, evidence } = one.diagnosis;
      assert.ok(one.isRight, `${cause} by ${rule}: ${JSON.stringify(evidence)}`);
      assert.deepEqual(
        one.faults.filter((fault) => !fault.startsWith('is ')),
        [],
      );
    });

  it('is as sure as it may be', () => {
    const calibration = calibrationOf(ours);
    for (const confidence of confidences)
      assert.ok(calibration[confidence].share >= wanted[confidence], confidence);
  });

  it('is no worse than it was on states that its rules were not made from', () => {
    const { high, medium, low } = calibrationOf(heldOut);
    assert.ok(heldOut.filter(({ isRight }) => isRight).length >= 97);
    assert.ok(high.share >= wanted.high && medium.share >= wanted.medium && low.share >= wanted.low);
  });
});
