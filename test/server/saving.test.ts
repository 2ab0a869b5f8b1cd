// Whatever goes wrong on the wire: the file is the old one or the new one, what is said is true, and the text is kept.
import { Colleague } from '../support/colleague';
import { OnServer } from '../support/core/onServer';
import { attempt, deeds, faults, patience, type Deed, type Trial } from '../support/core/trials';
import { skipWithout } from '../support/rings/skipWithout';
import { startFaultProxy, type FaultProxy } from '../support/faultProxy';
import type { Fault } from '../support/faults';
import { type LockServer, type ServerKind, serverKinds } from '../support/servers/server';
import { startServer } from '../support/servers/start';

/** Server and fault → deed → how often it was tried, and came out well. */
const table = new Map<string, Map<string, { tried: number; survived: number }>>();

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
          for (const times of [1, Infinity]) {
            const problem = await trouble({ deed, fault, times });
            note(`${kind}: ${name}`, deedName, problem === undefined);
            if (problem !== undefined) failed.push(`${deedName}, ${times} times: ${problem}`);
          }
        }
        if (failed.length > 0) throw new Error(failed.join('\n'));
      });
    }

    it('a server that is killed and comes back', async () => {
      for (const forgetLocks of forgets.has(kind) ? [true] : [false, true]) {
        for (const [deedName, deed] of Object.entries(deeds)) {
          // Where the locks are gone with it, only what concerns the file is asked.
          if (forgetLocks && deedName !== 'save') continue;
          const problem = await killed(deed, forgetLocks);
          const row = `${kind}: killed, back ${forgetLocks ? 'without' : 'with'} its locks`;
          note(row, deedName, problem === undefined);
          if (problem !== undefined) throw new Error(problem);
        }
      }
    });

    /** A person who has the file open, and a colleague. */
    async function trial(run: (trial: Trial) => Promise<void>): Promise<string | undefined> {
      const path = `file${(serial += 1)}.txt`;
      server.seed({ [path]: 'old text' });
      const alice = new OnServer(proxy.url, server.user('alice'), patience);
      try {
        await alice.server.probe(alice.at(''));
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

    function trouble(how: { deed: Deed; fault: Fault; times: number }): Promise<string | undefined> {
      const { deed, fault, times } = how;
      return trial(async (now) => {
        await deed.prepare(now);
        proxy.inject({ method: deed.method, ...(times === 1 && { times }) }, fault);
        const failure = await attempt(now, deed);
        proxy.clear();
        await deed.judge(now, failure);
      });
    }

    function killed(deed: Deed, forgetLocks: boolean): Promise<string | undefined> {
      return trial(async (now) => {
        await deed.prepare(now);
        await server.kill();
        const failure = await attempt(now, deed);
        await server.restart({ forgetLocks });
        await deed.judge(now, failure);
        const again = await attempt(now, deed);
        await deed.judge(now, again);
        if (again) throw again;
      });
    }
  });
}

after(() => {
  const names = Object.keys(deeds);
  console.log(`\n    ${'survived/tried'.padEnd(42)}${names.map((name) => name.padStart(9)).join('')}`);
  for (const [row, cells] of table) {
    const counts = names.map((name) => {
      const { tried, survived } = cells.get(name) ?? { tried: 0, survived: 0 };
      return (tried === 0 ? '-' : `${survived}/${tried}`).padStart(9);
    });
    console.log(`    ${row.padEnd(42)}${counts.join('')}`);
  }
});

function note(row: string, deed: string, survived: boolean): void {
  const cells = table.get(row) ?? new Map<string, { tried: number; survived: number }>();
  const before = cells.get(deed) ?? { tried: 0, survived: 0 };
  cells.set(deed, { tried: before.tried + 1, survived: before.survived + (survived ? 1 : 0) });
  table.set(row, cells);
}
