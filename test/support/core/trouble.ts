// One server in trouble: every deed of a person, with a proxy of its own in which things go wrong.
import { Colleague } from '../colleague';
import { startFaultProxy, type FaultProxy } from '../faultProxy';
import type { Fault, Match } from '../faults';
import type { LockServer } from '../servers/server';
import { OnServer } from './onServer';
import { attempt, deeds, patienceWith, type Deed, type Trial } from './trials';

export interface Death {
  readonly moment: 'before' | 'within';
  readonly forgetLocks: boolean;
}

/** What came of one trial. */
export interface Result {
  readonly deed: string;
  readonly often?: string;
  /** undefined when all was as it must be. */
  readonly problem: string | undefined;
}

/** A person who has the file open, a colleague, and the proxy between the person and the server. */
interface Scene {
  readonly deed: Deed;
  readonly trial: Trial;
  readonly proxy: FaultProxy;
}

export class Trouble {
  private serial = 0;

  constructor(private readonly server: LockServer) {}

  /**
   * Every deed, each as often as asked, with the fault in its way. One after the other: Apache answers 500 to a request
   * that finds its lock store in use by another.
   */
  async faulty(
    fault: Fault,
    extents: readonly (readonly [string, (deed: Deed) => Match])[],
  ): Promise<readonly Result[]> {
    const results: Result[] = [];
    for (const [name, deed] of Object.entries(deeds)) {
      for (const [often, match] of extents) {
        const problem = await problemOf(() => this.befallen(deed, match(deed), fault));
        results.push({ deed: name, often, problem });
      }
    }
    return results;
  }

  /** The server dies once in the middle of all the deeds, and comes back. */
  async killed({ moment, forgetLocks }: Death): Promise<readonly Result[]> {
    const problems = new Map<string, string>();
    const scenes = new Map<string, Scene>();
    /** The next thing that all do, one after the other; whoever has failed stays behind. */
    const all = async (step: (name: string, scene: Scene) => Promise<void>): Promise<void> => {
      for (const [name, scene] of scenes) {
        if (problems.has(name)) continue;
        const problem = await problemOf(() => step(name, scene));
        if (problem !== undefined) problems.set(name, problem);
      }
    };
    try {
      for (const [name, deed] of Object.entries(deeds)) scenes.set(name, await this.enter(deed));
      await all((_, { deed, trial }) => deed.prepare(trial));
      if (moment === 'before') await this.server.kill();
      const dead = new Moment();
      const attempts = new Map<string, ReturnType<typeof attempt>>();
      await all(async (name, { deed, trial, proxy }) => {
        const { method } = deed;
        // The server dies when the requests have reached it; whoever asks after that finds nobody.
        const arrived = proxy.next({ method }, 'arrived');
        if (moment === 'within')
          proxy.inject({ method, times: 1 }, { kind: 'hold', at: 'request', until: dead.come });
        const ended = attempt(trial, deed);
        attempts.set(name, ended);
        await (moment === 'within' ? Promise.race([arrived, ended]) : ended);
      });
      if (moment === 'within') await this.server.kill();
      dead.reach();
      const failures = new Map<string, Awaited<ReturnType<typeof attempt>>>();
      await all(async (name) => void failures.set(name, await attempts.get(name)));
      await this.server.restart({ forgetLocks });
      await all(async (name, { deed, trial, proxy }) => {
        proxy.clear();
        // What is said of a lock may be out of date until somebody asks the server again.
        if (!forgetLocks || deed.method === 'PUT') await deed.judge(trial, failures.get(name));
        const again = await attempt(trial, deed);
        await (forgetLocks && deed.judgeForgotten ? deed.judgeForgotten(trial) : deed.judge(trial, again));
        if (again) throw again;
      });
    } finally {
      for (const scene of scenes.values()) await leave(scene);
    }
    return Object.keys(deeds).map((deed) => ({ deed, problem: problems.get(deed) }));
  }

  private async befallen(deed: Deed, match: Match, fault: Fault): Promise<void> {
    const scene = await this.enter(deed);
    const { trial, proxy } = scene;
    try {
      await deed.prepare(trial);
      proxy.inject(match, fault);
      const failure = await attempt(trial, deed);
      proxy.clear();
      await deed.judge(trial, failure);
    } finally {
      await leave(scene);
    }
  }

  private async enter(deed: Deed): Promise<Scene> {
    const { server } = this;
    const path = `file${(this.serial += 1)}.txt`;
    server.seed({ [path]: 'old text' });
    const proxy = await startFaultProxy(server.url);
    const alice = new OnServer(proxy.url, server.user('alice'), patienceWith(proxy));
    const scene = {
      deed,
      proxy,
      trial: { server, alice, bob: new Colleague(server.url, server.user('bob')), path },
    };
    try {
      await alice.server.files.probe(alice.at(''));
      await alice.open(path);
      return scene;
    } catch (error) {
      await leave(scene);
      throw error;
    }
  }
}

async function leave({ trial, proxy }: Scene): Promise<void> {
  proxy.clear();
  await trial.alice.close();
  await proxy.stop();
}

/** Something that happens once, and that many may wait for. */
class Moment {
  reach!: () => void;
  readonly come = new Promise<void>((reach) => (this.reach = reach));
}

async function problemOf(run: () => Promise<void>): Promise<string | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
