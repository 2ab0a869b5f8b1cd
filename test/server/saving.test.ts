// Whatever goes wrong on the wire: the file is the old one or the new one, what is said is true, and the text is kept.
import { deeds, everywhere, faults, type Deed } from '../support/core/trials';
import { Trouble, type Death, type Result } from '../support/core/trouble';
import { skipWithout } from '../support/rings/skipWithout';
import type { Match } from '../support/faults';
import { type LockServer, type ServerKind, serverKinds } from '../support/servers/server';
import { availableServers, startServer } from '../support/servers/start';

/** Server and trouble → deed → how often it was tried, and came out well. */
const table = new Map<string, Map<string, { tried: number; survived: number }>>();

/** Whom of the requests of a deed a fault befalls. */
const extent: readonly (readonly [string, (deed: Deed) => Match])[] = [
  ['once', ({ method }) => ({ method, times: 1 })],
  ['always', ({ method }) => ({ method })],
  ['everywhere', () => ({})],
];

const deaths: readonly Death[] = [
  { moment: 'before', forgetLocks: false },
  { moment: 'before', forgetLocks: true },
  { moment: 'within', forgetLocks: true },
];

/** Keeps locks in memory alone. */
const forgets = new Set<ServerKind>(['nginx']);

/** What can go wrong on the way to a server of that kind. */
function troublesOf(kind: ServerKind): ReadonlyMap<string, (on: Trouble) => Promise<readonly Result[]>> {
  const troubles = new Map<string, (on: Trouble) => Promise<readonly Result[]>>();
  for (const [name, fault] of Object.entries(faults)) {
    const extents = everywhere.has(name) ? extent : extent.slice(0, 2);
    troubles.set(name, (on) => on.faulty(fault, extents));
  }
  for (const death of deaths) {
    if (!death.forgetLocks && forgets.has(kind)) continue;
    const row = `killed ${death.moment} it, back ${death.forgetLocks ? 'without' : 'with'} its locks`;
    troubles.set(row, (on) => on.killed(death));
  }
  return troubles;
}

/** A server on which one trouble after the other is tried. */
interface Course {
  readonly server: Promise<LockServer>;
  readonly results: ReadonlyMap<string, Promise<readonly Result[]>>;
}

// The servers are tried at the same time, because a trial mostly waits; each test then looks at its own results.
let courses: ReadonlyMap<ServerKind, Course> | undefined;

function courseOf(kind: ServerKind): Course {
  courses ??= new Map(availableServers().available.map((one) => [one, beginCourse(one)]));
  const course = courses.get(kind);
  if (!course) throw new Error(`${kind} is not there`);
  return course;
}

function beginCourse(kind: ServerKind): Course {
  const server = startServer(kind);
  const trouble = server.then((started) => new Trouble(started));
  const results = new Map<string, Promise<readonly Result[]>>();
  let before: Promise<unknown> = trouble;
  for (const [row, run] of troublesOf(kind)) {
    const result = before.then(async () => run(await trouble));
    // Its own test tells the failure; the next trouble is tried all the same.
    before = result.catch(() => undefined);
    results.set(row, result);
  }
  return { server, results };
}

for (const kind of serverKinds) {
  describe(`trouble on the way to ${kind}`, function () {
    this.timeout(300_000);

    before(function () {
      skipWithout(this, kind);
      courseOf(kind);
    });

    after(async () => {
      const course = courses?.get(kind);
      await Promise.allSettled([...(course?.results.values() ?? [])]);
      await (await course?.server)?.stop();
    });

    for (const row of troublesOf(kind).keys()) {
      it(faults[row] ? `${row}: every deed is what it was said to be` : row, async () => {
        const results = (await courseOf(kind).results.get(row)) ?? [];
        for (const { deed, problem } of results) note(`${kind}: ${row}`, deed, problem === undefined);
        const failed = results.flatMap(({ deed, often, problem }) =>
          problem === undefined ? [] : `${often === undefined ? deed : `${deed}, ${often}`}: ${problem}`,
        );
        if (failed.length > 0) throw new Error(failed.join('\n'));
      });
    }
  });
}

after(() => {
  const names = Object.keys(deeds);
  console.log(`\n    ${'survived/tried'.padEnd(52)}${names.map((name) => name.padStart(10)).join('')}`);
  for (const [row, cells] of table) {
    const counts = names.map((name) => {
      const { tried, survived } = cells.get(name) ?? { tried: 0, survived: 0 };
      return (tried === 0 ? '-' : `${survived}/${tried}`).padStart(10);
    });
    console.log(`    ${row.padEnd(52)}${counts.join('')}`);
  }
});

function note(row: string, deed: string, survived: boolean): void {
  const cells = table.get(row) ?? new Map<string, { tried: number; survived: number }>();
  const before = cells.get(deed) ?? { tried: 0, survived: 0 };
  cells.set(deed, { tried: before.tried + 1, survived: before.survived + (survived ? 1 : 0) });
  table.set(row, cells);
}
