import fc from 'fast-check';
import { type Step, steps } from '../../../support/core/happenings';
import { World } from '../../../support/core/history';
import { readAtOnce } from '../../../support/core/pipelinedScene';
import {
  anyPipelining,
  anyServer,
  describeServer,
  knownServer,
  type Ways,
} from '../../../support/model/servers';

/**
 * The same histories at each run, so that a change is judged by what it changed. `LOCK_STATUS_TEST_SEED` draws others,
 * `random` new ones each time, and `LOCK_STATUS_TEST_RUNS` says how many.
 */
const drawn = process.env['LOCK_STATUS_TEST_SEED'] ?? '469540871';
const seed = drawn === 'random' ? Date.now() % 2 ** 31 : Number(drawn);
const runs = Number(process.env['LOCK_STATUS_TEST_RUNS'] ?? 10_000);
const latency = fc.array(fc.constantFrom(0, 0, 1, 30, 700), { minLength: 1, maxLength: 6 });

describe('Two people, any server and whatever may happen', function () {
  this.timeout(600_000);

  // Without the real clock, a history is the same each time.
  readAtOnce();

  const servers = [
    { kind: 'any server', drawn: anyServer, numRuns: runs },
    // Where conditions count, more rests on a look from right behind a write.
    {
      kind: 'a server known to check them',
      drawn: knownServer,
      numRuns: Math.ceil(runs / 4),
    },
  ];
  for (const { kind, drawn, numRuns } of servers)
    it(`lose no update, claim nothing false, leave no lock and bar no name on ${kind} in ${numRuns} histories, seed ${seed}`, async () => {
      const met = new Set<string>();
      let pipelined = 0;
      const run = async ([ways, delays, history, pipelining]: readonly [
        Ways,
        readonly number[],
        readonly Step[],
        Ways['pipelined'],
      ]) => {
        met.add(describeServer(ways));
        const world = new World({ ...ways, ...(pipelining && { pipelined: pipelining }) }, delays);
        try {
          await world.run(history);
        } catch (error) {
          const what = error instanceof Error ? error.message : String(error);
          throw new Error(`${what}\non a server with ${describeServer(ways)}, pipelined: ${pipelining}`, {
            cause: error,
          });
        }
        pipelined += world.pipelined;
      };
      await fc.assert(fc.asyncProperty(fc.tuple(drawn, latency, steps, anyPipelining), run), {
        seed,
        numRuns,
        includeErrorInReport: true,
      });
      console.log(
        `      ${numRuns} histories on ${met.size} different servers, ${pipelined} requests pipelined`,
      );
      const leastServers = Math.min(500, numRuns / 2);
      if (met.size < leastServers) throw new Error(`Only ${met.size} different servers`);
      if (pipelined === 0) throw new Error('Nothing was pipelined');
    });
});
