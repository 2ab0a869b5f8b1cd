// Two people at one file of a server, everything that they and the server may do in any order, and what must hold after.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { FakeClock, settle } from './fakeClock';
import { file } from './files';
import { goodHabits, ModelServer, type Habits, type ModelWrite } from './modelServer';
import type { Operation } from './modelClient';
import { Person } from './person';

const path = file('a');

/** Something that a person does. */
interface Act {
  readonly do: 'open' | 'type' | 'save' | 'wait' | 'stopWaiting' | 'close' | 'revert' | 'lock' | 'release';
  readonly who: number;
}

/** One thing that happens. `who` is 0 or 1. */
type Step = { readonly do: 'pass' | 'sleep'; readonly ms: number } | Happening;

type Happening =
  | Act
  | { readonly do: 'break' | 'restart' }
  | { readonly do: 'crash'; readonly who: number }
  | { readonly do: 'offline'; readonly who: number; readonly on: boolean }
  | { readonly do: 'mishap'; readonly who: number; readonly operation: Operation; readonly lost: boolean };

const who = fc.integer({ min: 0, max: 1 });
const plainly: fc.Arbitrary<Act['do']> = fc.constantFrom(
  'open',
  'save',
  'save',
  'wait',
  'stopWaiting',
  'close',
  'revert',
  'lock',
  'release',
  'type',
  'type',
);
const operation = fc.constantFrom<Operation>('write', 'lock', 'refresh', 'unlock', 'stat', 'read');

export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: fc.record({ do: plainly, who }) },
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant('pass' as const),
        ms: fc.constantFrom(1, 50, 400, 5_000, 31_000, 330_000),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('sleep' as const), ms: fc.constantFrom(20_000, 700_000) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constantFrom('break' as const, 'restart' as const) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const), who }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('offline' as const), who, on: fc.boolean() }) },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constant('mishap' as const), who, operation, lost: fc.boolean() }),
    },
  ),
  { minLength: 4, maxLength: 24 },
);

export const habits: fc.Arbitrary<Habits> = fc.record({
  lists: fc.boolean(),
  honoursIfMatch: fc.boolean(),
  tags: fc.constantFrom('strong', 'weak', 'none'),
  grants: fc.constantFrom(
    (seconds: number) => seconds,
    () => 60,
    () => undefined,
  ),
  expires: fc.constantFrom(true, true, false),
  tellsTag: fc.boolean(),
});

/** A run of one history, and what it came to. */
export class World {
  readonly clock = new FakeClock();
  readonly server: ModelServer;
  readonly people: Person[] = [];
  /** Every text that was ever typed, in order. */
  private readonly typed = [0, 0];
  private readonly running = new Set<Promise<unknown>>();
  private readonly lost: string[] = [];
  /** Whether somebody's lock may rightly outlive them. */
  private orphans = false;

  constructor(
    private readonly wanted: Habits,
    private readonly latency: readonly number[],
  ) {
    this.server = new ModelServer(this.clock, { ...goodHabits, ...wanted });
    this.server.put(path, 'base');
    this.server.onWrite = (write) => this.judge(write);
    for (const name of ['ann', 'bob']) this.people.push(this.arrive(name));
  }

  async run(history: readonly Step[]): Promise<void> {
    await this.clock.pass(3_000);
    for (const person of this.people) this.later(person.open(path));
    await this.clock.pass(3_000);
    for (const step of history) {
      if (!('ms' in step)) this.take(step);
      else await this.clock[step.do](step.ms);
      await settle();
    }
    await this.end();
  }

  private arrive(name: string): Person {
    const person = new Person(name, this.server, this.clock, { limitMs: 3_600_000 });
    let turn = 0;
    person.client.travel = (_, way) => {
      const ms = this.latency[(turn += 1) % this.latency.length] ?? 0;
      if (ms === 0 || way === 'back') return Promise.resolve();
      return new Promise((resolve) => void this.clock.after(ms, resolve));
    };
    return person;
  }

  private take(step: Happening): void {
    switch (step.do) {
      case 'break':
        return this.server.break(path);
      case 'restart':
        return this.server.restart();
      case 'crash':
        this.orphans = true;
        this.people[step.who]?.dispose();
        this.people[step.who] = this.arrive(step.who === 0 ? 'ann' : 'bob');
        return;
      case 'offline':
        return this.with(step.who, (person) => void (person.client.offline = step.on));
      case 'mishap':
        // A lock that nobody was told of is for the protocol to find again.
        this.orphans ||= step.operation === 'lock' && step.lost;
        return this.with(step.who, ({ client }) =>
          client.fail(step.operation, 'interrupted', step.lost ? { lost: true } : {}),
        );
      default:
        return this.with(step.who, (person) => this.act(person, step));
    }
  }

  private act(person: Person, step: Act): void {
    const isOpen = person.isOpen(path);
    switch (step.do) {
      case 'open':
        return isOpen ? undefined : this.later(person.open(path));
      case 'type': {
        if (!isOpen) return;
        const count = (this.typed[step.who] = (this.typed[step.who] ?? 0) + 1);
        return person.type(path, `${person.name} ${count} on ${person.text(path)?.split(' on ')[0]}`);
      }
      case 'save':
        return isOpen && person.isDirty(path) ? this.later(person.save(path)) : undefined;
      case 'wait':
        return isOpen && person.isDirty(path) ? person.waits.arm(path) : undefined;
      case 'stopWaiting':
        return person.waits.stop(path);
      case 'revert':
        return isOpen ? this.later(person.revert(path)) : undefined;
      case 'close':
        return isOpen && !person.isDirty(path) ? person.close(path) : undefined;
      case 'lock':
        return this.later(person.leases.take(path, 'hand'));
      case 'release':
        return this.later(person.leases.release(path));
    }
  }

  /** Everybody goes home; the network and the server behave. */
  private async end(): Promise<void> {
    for (const person of this.people) person.client.recover();
    await this.clock.pass(130_000);
    await Promise.allSettled(this.running);
    for (const person of this.people) {
      if (person.isOpen(path)) person.close(path);
      // Only what was taken by hand is let go by hand: everything else goes by itself.
      if (person.leases.claimsOn(path).has('hand')) this.later(person.leases.drop(path, 'hand'));
    }
    await this.clock.pass(300_000);
    this.check();
  }

  private with(index: number, run: (person: Person) => void): void {
    const person = this.people[index];
    if (person) run(person);
  }

  private later(promise: Promise<unknown>): void {
    const done = promise.catch(() => undefined).finally(() => this.running.delete(done));
    this.running.add(done);
  }

  private check(): void {
    for (const person of this.people) {
      assert.deepEqual(person.faults, [], 'no error of the code itself');
      assert.deepEqual(person.leases.held(), [], 'no lock is held for nobody');
      assert.deepEqual(person.waits.all(), [], 'no wait is left without its document');
    }
    assert.deepEqual(this.lost, [], 'no lost update');
    this.checkWrites();
    if (!this.orphans) assert.equal(this.server.lockOn(path), undefined, 'no lock is left on the server');
    assert.equal(this.clock.pending, 0, 'no timer is left');
  }

  /**
   * Nothing unseen is ever replaced. Only where the server does not check what it is told, and no lock keeps others out,
   * there is a moment between the look and the write.
   */
  private judge({ who: name, over, text, locked }: ModelWrite): void {
    const { honoursIfMatch, tags } = this.wanted;
    const isChecked = locked || (honoursIfMatch && tags === 'strong');
    const start = this.people.find((person) => person.name === name)?.savingSince ?? Infinity;
    const wasThere = this.server.writes.slice(0, -1).findLastIndex((write) => write.text === over) < start;
    if (!isChecked && !wasThere) return;
    const writer = this.people.find((person) => person.name === name);
    // Who crashed meanwhile has left nobody to ask.
    if (!writer?.knows.has(text)) return;
    if (over !== undefined && !writer.knows.has(over))
      this.lost.push(`${name} wrote "${text}" over "${over}"`);
  }

  private checkWrites(): void {
    const { writes } = this.server;
    for (const [index, write] of writes.entries()) {
      if (write.who === 'admin') continue;
      assert.notEqual(write.text, write.over, 'nothing is written twice');
      assert.equal(write.over, writes[index - 1]?.text);
    }
    for (const text of this.people.flatMap(({ saved }) => saved)) {
      const isThere = writes.some((write) => write.text === text);
      assert.ok(isThere, `"${text}" was called saved`);
    }
  }
}
