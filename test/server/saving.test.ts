// Whatever goes wrong on the wire: the file is the old one or the new one, what is said is true, and the text is kept.
import { Colleague } from '../support/colleague';
import { OnServer } from '../support/core/onServer';
import { attempt, deeds, everywhere, faults, patience, type Deed, type Trial } from '../support/core/trials';
import { skipWithout } from '../support/rings/skipWithout';
import { startFaultProxy, type FaultProxy } from '../support/faultProxy';
import type { Fault, Match } from '../support/faults';
import { type LockServer, type ServerKind, serverKinds } from '../support/servers/server';
import { startServer } from '../support/servers/start';

/** Server and fault → deed → how often it was tried, and came out well. */
const table = new Map<string, Map<string, { tried: number; survived: number }>>();

/** Whom of the requests of a deed a fault befalls. */
const extent: readonly (readonly [string, (deed: Deed) => Match])[] = [
  ['once', ({ method }) => ({ method, times: 1 })],
  ['always', ({ method }) => ({ method })],
  ['everywhere', () => ({})],
];

/** Milliseconds that a server may take for its first answer. */
const bornMs = 10_000;

type Moment = 'before' | 'within';

const deaths: readonly (readonly [Moment, boolean])[] = [
  ['before', false],
  ['before', true],
  ['within', true],
];

/** Keeps locks in memory alone. */
const forgets = new Set<ServerKind>(['nginx']);

for (const kind of serverKinds) {
  describe(`trouble on the way to ${kind}`, function () {
    this.timeout(120_000);
    let server: LockServer;
    let proxy: FaultProxy;
    let serial = 0;

    before(async function () {
      skipWithout(this, kind);
      server = await startServer(kind);
      proxy = await startFaultProxy(server.url);
    });
    after(async () => {
      await proxy?.stop();
      await server?.stop();
    });

    for (const [name, fault] of Object.entries(faults)) {
      it(`${name}: every deed is what it was said to be`, async () => {
        const failed: string[] = [];
        for (const [deedName, deed] of Object.entries(deeds)) {
          const extents = everywhere.has(name) ? extent : extent.slice(0, 2);
          for (const [often, match] of extents) {
            const problem = await trouble({ deed, fault, match: match(deed) });
            note(`${kind}: ${name}`, deedName, problem === undefined);
            if (problem !== undefined) failed.push(`${deedName}, ${often}: ${problem}`);
          }
        }
        if (failed.length > 0) throw new Error(failed.join('\n'));
      });
    }

    for (const [moment, forgetLocks] of deaths) {
      if (!forgetLocks && forgets.has(kind)) continue;
      const row = `killed ${moment} it, back ${forgetLocks ? 'without' : 'with'} its locks`;
      it(row, async () => {
        const failed: string[] = [];
        for (const [deedName, deed] of Object.entries(deeds)) {
          const problem = await killed(deed, { moment, forgetLocks });
          note(`${kind}: ${row}`, deedName, problem === undefined);
          if (problem !== undefined) failed.push(`${deedName}: ${problem}`);
        }
        if (failed.length > 0) throw new Error(failed.join('\n'));
      });
    }

    /** A person who has the file open, and a colleague. */
    async function trial(
      run: (trial: Trial) => Promise<void>,
      patienceMs = patience,
    ): Promise<string | undefined> {
      const path = `file${(serial += 1)}.txt`;
      server.seed({ [path]: 'old text' });
      const alice = new OnServer(proxy.url, server.user('alice'), patienceMs);
      try {
        await alice.server.files.probe(alice.at(''));
        await alice.open(path);
        await run({ server, alice, bob: new Colleague(server.url, server.user('bob')), path });
        return undefined;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      } finally {
        proxy.clear();
        await alice.close();
      }
    }

    function trouble(how: { deed: Deed; fault: Fault; match: Match }): Promise<string | undefined> {
      const { deed, fault, match } = how;
      return trial(async (now) => {
        await deed.prepare(now);
        proxy.inject(match, fault);
        const failure = await attempt(now, deed);
        proxy.clear();
        await deed.judge(now, failure);
      });
    }

    function killed(
      deed: Deed,
      { moment, forgetLocks }: { moment: Moment; forgetLocks: boolean },
    ): Promise<string | undefined> {
      return trial(async (now) => {
        await deed.prepare(now);
        const acting = moment === 'before' ? undefined : dyingOf(deed.method);
        if (!acting) await server.kill();
        const failure = await attempt(now, deed);
        await acting;
        await server.restart({ forgetLocks });
        proxy.clear();
        // What is said of a lock may be out of date until somebody asks the server again.
        if (!forgetLocks || deed.method === 'PUT') await deed.judge(now, failure);
        const again = await attempt(now, deed);
        await (forgetLocks && deed.judgeForgotten ? deed.judgeForgotten(now) : deed.judge(now, again));
        if (again) throw again;
      }, bornMs);
    }

    /** The server dies when the request has reached it; whoever asks after that finds nobody. */
    async function dyingOf(method: string): Promise<void> {
      const reached = proxy.next({ method }, 'arrived');
      let dead = (): void => undefined;
      const until = new Promise<void>((resolve) => (dead = resolve));
      proxy.inject({ method, times: 1 }, { kind: 'hold', at: 'request', until });
      await reached;
      await server.kill();
      dead();
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
