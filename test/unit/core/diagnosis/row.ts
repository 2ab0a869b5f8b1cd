import assert from 'node:assert/strict';
import type { Cause, Confidence, Diagnosis, ReasonCode } from '../../../../src/core/diagnosis/diagnosis';

/** A row of the table of causes, with evidence that shows it. */
export interface Row {
  readonly row: number | string;
  readonly shows: string;
  readonly made: () => Diagnosis;
  readonly is: readonly [Cause, Confidence];
  readonly first?: Diagnosis['advice'][number];
  /** The reasons that come first. */
  readonly because?: readonly ReasonCode[];
}

export function tryRows(rows: readonly Row[]): void {
  for (const { row, shows, made, is, first, because = [] } of rows) {
    it(`row ${row}: ${shows}`, () => {
      const found = made();
      assert.deepEqual(
        [found.cause, found.confidence],
        is,
        `${found.rule}: ${JSON.stringify(found.evidence)}`,
      );
      assert.ok(found.evidence.length > 0 && found.advice.length > 0);
      assert.deepEqual(
        found.evidence.slice(0, because.length).map(({ code }) => code),
        because,
      );
      if (first) assert.equal(found.advice[0], first);
      // Who is not sure says what else it may be.
      if (found.confidence === 'low') assert.ok((found.alternatives ?? []).length > 0);
    });
  }
}
