import fc from 'fast-check';
import { steps, ways } from '../../../support/core/happenings';
import { World } from '../../../support/core/history';

/** `LOCK_STATUS_TEST_SEED` repeats a run. */
const seed = Number(process.env['LOCK_STATUS_TEST_SEED'] ?? Date.now() % 2 ** 31);
const numRuns = Number(process.env['LOCK_STATUS_TEST_RUNS'] ?? 10_000);

describe('Two people, a server and whatever may happen', function () {
  this.timeout(180_000);

  it(`lose no update, forget no lock and save nothing twice in ${numRuns} histories, seed ${seed}`, async () => {
    const latency = fc.array(fc.constantFrom(0, 0, 1, 30, 700), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(ways, latency, steps, async (wanted, delays, history) => {
        await new World(wanted, delays).run(history);
      }),
      { seed, numRuns },
    );
  });
});
