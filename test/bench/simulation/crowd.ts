// Many people at their windows, each with the whole core, and one server that does one thing after the other.
import { LockPoller } from '../../../src/core/polling/lockPoller';
import { ServerPauses } from '../../../src/core/polling/serverPauses';
import { PollScheduler, type Interests } from '../../../src/core/polling/pollScheduler';
import type { ResourceId } from '../../../src/core/model/resource';
import { goodHabits, ModelServer, type Habits } from '../../support/core/modelServer';
import { Person } from '../../support/core/person';
import { quantile } from '../measure';
import { HeapClock } from './heapClock';

/** What the server needs for one request, and the way to it and back. */
const serviceMs = 2;
const wayMs = 20;

export interface Member {
  readonly person: Person;
  readonly scheduler: PollScheduler;
  interests: Interests;
}

export const nothing: Interests = { files: [], folders: [] };

export class Crowd {
  readonly clock: HeapClock;
  readonly server: ModelServer;
  readonly members: Member[] = [];
  private readonly arrivals: number[] = [];
  private freeAt = 0;

  constructor(seed = 1, habits: Partial<Habits> = {}) {
    this.clock = new HeapClock(seed);
    this.server = new ModelServer(this.clock, { ...goodHabits, ...habits });
  }

  add(count: number): void {
    for (let at = 0; at < count; at++) this.members.push(this.member(`p${this.members.length}`));
  }

  set offline(offline: boolean) {
    for (const { person } of this.members) person.client.offline = offline;
  }

  private member(name: string): Member {
    const { clock } = this;
    const person = new Person(name, this.server, clock, { lockOn: 'manual' });
    person.client.travel = (_, way) => this.travel(way);
    const scheduler = new PollScheduler({
      poller: new LockPoller(person.directory, clock, new ServerPauses(clock)),
      store: person.store,
      clock,
      intervalMs: () => 30_000,
      interests: () => member.interests,
      onFault: (error) => {
        throw error;
      },
    });
    const member: Member = { person, scheduler, interests: nothing };
    return member;
  }

  /** Lets people begin at any moment of the given time. */
  async eachWithin(ms: number, begin: (member: Member, index: number) => void): Promise<void> {
    for (const [index, member] of this.members.entries())
      this.clock.after(this.clock.random() * ms, () => begin(member, index));
    await this.clock.pass(ms);
  }

  any(ids: readonly ResourceId[]): ResourceId {
    const id = ids[Math.floor(this.clock.random() * ids.length)];
    if (!id) throw new Error('None to choose from');
    return id;
  }

  /** Requests per second since then: in the mean, and in the busiest second. */
  load(since: number): { readonly mean: number; readonly peak: number; readonly count: number } {
    const seconds = new Map<number, number>();
    let count = 0;
    for (const at of this.arrivals) {
      if (at < since) continue;
      count += 1;
      const second = Math.floor((at - since) / 1_000);
      seconds.set(second, (seconds.get(second) ?? 0) + 1);
    }
    const mean = count / Math.max(1, (this.clock.now().mono - since) / 1_000);
    return { mean, peak: Math.max(0, ...seconds.values()), count };
  }

  get now(): number {
    return this.clock.now().mono;
  }

  end(): void {
    for (const { person, scheduler } of this.members) {
      scheduler.dispose();
      person.dispose();
    }
  }

  private travel(way: 'there' | 'back'): Promise<void> {
    if (way === 'back') return this.pause(wayMs);
    this.arrivals.push(this.now + wayMs);
    this.freeAt = Math.max(this.freeAt, this.now + wayMs) + serviceMs;
    return this.pause(this.freeAt - this.now);
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => void this.clock.after(ms, resolve));
  }
}

export function middle(values: readonly number[]): { readonly median: number; readonly p95: number } {
  return { median: quantile(values, 0.5), p95: quantile(values, 0.95) };
}
