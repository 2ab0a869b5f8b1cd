import { LockPoller } from '../../../src/core/polling/lockPoller';
import { ServerPauses } from '../../../src/core/polling/serverPauses';
import { PollScheduler } from '../../../src/core/polling/pollScheduler';
import type { ResourceId } from '../../../src/core/model/resource';
import { FakeClock } from './fakeClock';
import { file } from './files';
import type { Operation } from './mishaps';
import { goodHabits, ModelServer, type Habits } from './modelServer';
import { Person } from './person';

/** A person in front of a window, with what it shows; nobody else is there. */
export class Screen {
  readonly clock = new FakeClock();
  readonly server;
  readonly ann;
  readonly poller;
  readonly scheduler;
  intervalMs = 30_000;
  readonly faults: unknown[] = [];
  files: ResourceId[] = [];
  folders: ResourceId[] = [];

  constructor(habits: Partial<Habits> = {}, lockOn: 'edit' | 'manual' = 'manual') {
    const { clock } = this;
    this.server = new ModelServer(clock, { ...goodHabits, ...habits });
    this.ann = new Person('ann', this.server, clock, { lockOn });
    this.poller = new LockPoller(this.ann.directory, clock, new ServerPauses(clock));
    this.scheduler = new PollScheduler({
      poller: this.poller,
      store: this.ann.store,
      clock,
      intervalMs: () => this.intervalMs,
      interests: () => this,
      onFault: (error) => this.faults.push(error),
    });
  }

  /** Makes files on the server and gives their names: `folder/0`, `folder/1` ... */
  fill(folder: string, count: number): ResourceId[] {
    const names = Array.from({ length: count }, (_, index) => file(`${folder}/${index}`));
    for (const id of names) this.server.put(id, 'text');
    return names;
  }

  /** What was asked since this was last called, as `3 list, 1 stat`. */
  asked(): string {
    const counts = new Map<Operation, number>();
    for (const call of this.ann.client.calls.splice(0)) {
      const operation = call.split(' ')[0] as Operation;
      counts.set(operation, (counts.get(operation) ?? 0) + 1);
    }
    return [...counts]
      .sort()
      .map(([operation, count]) => `${count} ${operation}`)
      .join(', ');
  }
}
