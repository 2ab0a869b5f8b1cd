import assert from 'node:assert/strict';

/** For what no event of the editor tells. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let round = 0; !(await holds()); round += 1) {
    assert.ok(round < 2_000, holds.toString());
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
