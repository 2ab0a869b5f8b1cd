// Hours at two windows on one server, on a clock that nobody has to wait for, with requests that go wrong now and then.
import { RemoteFailure, type FailureKind } from '../../../src/core/model/failure';
import type { ResourceId } from '../../../src/core/model/resource';
import { PollScheduler } from '../../../src/core/polling/pollScheduler';
import { LockPoller } from '../../../src/core/polling/lockPoller';
import { ServerPauses } from '../../../src/core/polling/serverPauses';
import { FakeClock } from './fakeClock';
import { file } from './files';
import { ModelServer } from './modelServer';
import { Person } from './person';

const minute = 60_000;
/** How many of the requests fail on the way there, or lose their answer. */
const faultRate = 0.05;

class WorkdayClock extends FakeClock {
  private seed = 1;

  /** mulberry32: the same chance in each run. */
  override random(): number {
    this.seed = (this.seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.seed ^ (this.seed >>> 15), 1 | this.seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}

export class Workday {
  readonly clock = new WorkdayClock();
  readonly server = new ModelServer(this.clock);
  readonly people: readonly Person[];
  readonly files = Array.from({ length: 20 }, (_, at) => file(`day ${at}`));
  faults = 0;
  saves = 0;
  refused = 0;
  private faulty = true;
  private readonly schedulers: readonly PollScheduler[];

  constructor() {
    for (const id of this.files) this.server.put(id, 'base');
    this.people = ['ann', 'bob'].map((name) => new Person(name, this.server, this.clock));
    for (const { client } of this.people) client.travel = (_, way) => this.travel(way);
    this.schedulers = this.people.map((person) => this.poll(person));
  }

  /** Each opens a file, types, saves, and mostly closes it again; a minute or, where something takes longer, more. */
  async minute(): Promise<void> {
    const edits = Promise.all(this.people.map((person) => this.edit(person)));
    await this.pass(edits, minute);
  }

  /** Everything is saved or thrown away and closed, without further faults; then the editor stands open for a while. */
  async evening(): Promise<void> {
    this.faulty = false;
    for (const person of this.people)
      for (const id of this.files.filter((one) => person.isOpen(one))) {
        await this.pass(this.finish(person, id), minute);
      }
    await this.clock.pass(60 * minute);
  }

  end(): void {
    for (const scheduler of this.schedulers) scheduler.dispose();
    for (const person of this.people) person.dispose();
  }

  /** What the test itself notes down is no part of what it weighs. */
  forgetNotes(): void {
    this.server.writes.length = 0;
    this.server.unheard.clear();
    for (const person of this.people) {
      for (const notes of [person.client.calls, person.saved, person.problems, person.losses, person.ends])
        notes.length = 0;
      person.knows.clear();
    }
  }

  private async edit(person: Person): Promise<void> {
    const id = this.any();
    const wait = async (ms: number) => new Promise<void>((done) => void this.clock.after(ms, done));
    try {
      if (!person.isOpen(id)) await person.open(id);
    } catch (error) {
      if (!(error instanceof RemoteFailure)) throw error;
      return;
    }
    for (let stroke = 0; stroke < 4; stroke += 1) {
      person.type(id, `${person.name} ${this.clock.now().mono} ${stroke}`);
      await wait(300);
    }
    if (await person.save(id)) {
      this.saves += 1;
      if (this.clock.random() < 0.8) person.close(id);
      return;
    }
    this.refused += 1;
    if (this.clock.random() < 0.5) person.waits.arm(id);
    else await this.giveUp(person, id);
  }

  /** Lets time pass until it is done. */
  private async pass(doing: Promise<unknown>, ms: number): Promise<void> {
    let done = false;
    const end = doing.finally(() => (done = true));
    do await this.clock.pass(ms);
    while (!done);
    await end;
  }

  private async finish(person: Person, id: ResourceId): Promise<void> {
    if (!(await person.save(id))) await person.revert(id);
    person.close(id);
  }

  private async giveUp(person: Person, id: ResourceId): Promise<void> {
    try {
      await person.revert(id);
    } catch (error) {
      if (!(error instanceof RemoteFailure)) throw error;
    }
    person.close(id);
  }

  private any(): ResourceId {
    const id = this.files[Math.floor(this.clock.random() * this.files.length)];
    if (!id) throw new Error('No file');
    return id;
  }

  private async travel(way: 'there' | 'back'): Promise<void> {
    await new Promise<void>((done) => void this.clock.after(20, done));
    if (!this.faulty || this.clock.random() >= faultRate / 2) return;
    this.faults += 1;
    const kind: FailureKind = way === 'there' ? 'unreachable' : 'interrupted';
    throw new RemoteFailure(kind, {
      resource: this.any(),
      ...(way === 'back' && { maybeDone: true }),
    });
  }

  private poll(person: Person): PollScheduler {
    const scheduler = new PollScheduler({
      poller: new LockPoller(person.directory, this.clock, new ServerPauses(this.clock)),
      store: person.store,
      clock: this.clock,
      intervalMs: () => 30_000,
      interests: () => ({ files: this.files.filter((id) => person.isOpen(id)), folders: [] }),
      onFault: (error) => person.faults.push(error),
    });
    scheduler.start();
    return scheduler;
  }
}
