// Two people at one file of a server, everything that they and the server may do in any order, and what must hold after.
import assert from 'node:assert/strict';
import { FakeClock, settle } from './fakeClock';
import { isFailure } from '../../../src/core/model/failure';
import { serverOf } from '../../../src/core/model/resource';
import { lockView } from '../../../src/core/model/lockView';
import { TreeLocked } from '../../../src/core/saving/relocation';
import { falseClaim } from '../model/claims';
import { connectTo } from '../model/connect';
import type { ModelTransport } from '../model/modelTransport';
import type { Ways } from '../model/servers';
import { WireServer } from '../model/wireServer';
import { file, textOf } from './files';
import { MemoryDisk } from './memoryDisk';
import { changes, outcomeOf, type Act, type Happening, type Step } from './happenings';
import { ModelServer, type ModelLock, withoutLineEnds } from './modelServer';
import { Person } from './person';
import { type Strictness, WriteJudge } from './writeJudge';

const path = file('a');
const otherName = file('b');
/** A wait for a file that nobody holds any more is over by then. */
const longestWaitMs = 20 * 60_000;

/** A run of one history, and what it came to. */
export class World {
  readonly clock = new FakeClock();
  readonly server: ModelServer<Ways>;
  readonly wire: WireServer;
  readonly people: Person[] = [];
  /** Every text that was ever typed, in order. */
  private readonly typed = [0, 0];
  private readonly running = new Set<Promise<unknown>>();
  private readonly judge: WriteJudge;
  private readonly lies: string[] = [];
  private readonly roads = new Map<Person, ModelTransport>();
  private readonly disk = new MemoryDisk();
  private readonly gone = new Set<string>();
  private readonly ambushes = new Map<string, number>();
  /** Texts of windows that crashed. */
  private readonly onTheirWay = new Set<string>();
  /** Refused texts of windows that crashed, which no editor has shown since. */
  private readonly unshown: { readonly name: string; readonly text: string; readonly writes: number }[] = [];

  constructor(
    private readonly wanted: Ways,
    private readonly latency: readonly number[],
    strict: Strictness = { excusesRaces: true },
  ) {
    this.server = new ModelServer(this.clock, wanted);
    this.wire = new WireServer(this.server);
    this.server.put(path, 'base');
    this.judge = new WriteJudge(path, this.server, this.people, strict);
    for (const name of ['ann', 'bob']) this.people.push(this.arrive(name));
  }

  /** How many requests were sent right behind another. */
  get pipelined(): number {
    return [...this.roads.values()].reduce((sum, { pipelined }) => sum + pipelined, 0);
  }

  async run(history: readonly Step[]): Promise<void> {
    await this.clock.pass(3_000);
    // Within the second in which the file was written, so that a tag of whole seconds does not show the next write.
    this.server.put(path, 'base');
    for (const person of this.people) this.later(person.open(path));
    await this.clock.pass(900);
    for (const step of history) {
      if (!('ms' in step)) this.take(step);
      else await this.clock[step.do](step.ms);
      await settle();
    }
    await this.end();
  }

  private arrive(name: string): Person {
    const isClosed = (window: string) => this.gone.has(window);
    const kept = { disk: this.disk, workspaceKey: name, isClosed };
    const { lockOn } = this.wanted;
    const { transport, connect } = connectTo(this.wire, name);
    const person = new Person(name, this.server, this.clock, { limitMs: 3_600_000, lockOn, kept, connect });
    this.roads.set(person, transport);
    let turn = 0;
    transport.travel = (operation, way) => {
      const ms = this.latency[(turn += 1) % this.latency.length] ?? 0;
      const arrives = () => {
        if (operation === 'write' && way === 'there') this.spring(name);
      };
      if (ms === 0 || way === 'back') return Promise.resolve().then(arrives);
      return new Promise<void>((resolve) => void this.clock.after(ms, resolve)).then(arrives);
    };
    return person;
  }

  private take(step: Happening): void {
    switch (step.do) {
      case 'break':
        return this.server.break(path);
      case 'restart':
        return this.server.restart();
      case 'program':
        return this.putByProgram(changes[step.change]);
      case 'crash':
        return this.with(step.who, (person) => this.later(this.crash(person, step)));
      case 'offline':
        return this.with(step.who, (person) => void (this.roadOf(person).offline = step.on));
      case 'ambush':
        return this.with(step.who, ({ name }) => void this.ambushes.set(name, step.nth));
      case 'mishap':
        return this.with(step.who, (person) =>
          this.roadOf(person).mishaps.add(step.operation, { kind: step.kind, ...outcomeOf(step) }),
        );
      default:
        return this.with(step.who, (person) => this.act(person, step));
    }
  }

  private roadOf(person: Person): ModelTransport {
    const road = this.roads.get(person);
    assert.ok(road);
    return road;
  }

  private spring(name: string): void {
    const left = this.ambushes.get(name) ?? 0;
    this.ambushes.set(name, Math.max(0, left - 1));
    if (left === 1) this.putByProgram(changes.shorten);
  }

  /** A program that takes no lock, and is refused where somebody has one. */
  private putByProgram(change: (text: string) => string): void {
    if (!this.server.lockOn(path)) this.server.put(path, change(this.server.text(path) ?? ''));
  }

  /** What was refused is on the disk by now: a disk is quicker than people and networks. */
  private async crash(person: Person, { who, back }: { who: number; back: boolean }): Promise<void> {
    const [refused, text, base] = [
      person.blockedSaves.of(path),
      person.text(path),
      person.baseVersions.shownOf(path),
    ];
    const isUnsaved = person.isDirty(path);
    person.dispose();
    if (text !== undefined) this.onTheirWay.add(withoutLineEnds(text));
    this.gone.add(person.window);
    const next = this.arrive(person.name);
    this.people[who] = next;
    if (back && isUnsaved && text !== undefined) next.comesBack(path, text, { base, knows: person.knows });
    else if (refused)
      this.unshown.push({
        name: person.name,
        text: textOf(refused.bytes) ?? '',
        writes: this.server.writes.length,
      });
    if (!next.isOpen(path)) this.later(next.open(path));
    await next.journal?.start();
    if (next.isDirty(path)) await next.journal?.resume(path);
  }

  private act(person: Person, step: Act): void {
    const isOpen = person.isOpen(path);
    switch (step.do) {
      case 'open':
        return isOpen ? undefined : this.later(person.open(path));
      case 'type': {
        if (!isOpen) return;
        const count = (this.typed[step.who] = (this.typed[step.who] ?? 0) + 1);
        return person.type(path, `${person.name} ${count} \non ${person.text(path)?.split(/\r?\non /)[0]}`);
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
      case 'look':
        return this.later(this.look(person));
      case 'rename':
        return this.later(this.rename(person));
      case 'remove':
        return this.later(this.trying(person, person.core.relocation.remove(path)));
    }
  }

  /** What is shown just after a look is what the server has. */
  private async look(person: Person): Promise<void> {
    const road = this.roadOf(person);
    const { listed } = road;
    const before = listed.length;
    const sent = this.clock.now().mono;
    await person.directory.stat(path, 0);
    const there = this.server.lockOn(path);
    const seen = listed.slice(before).filter(({ resource }) => resource === path);
    // Somebody was quicker, the answer is that of an earlier look, or something of this person's own is under way.
    if (road.pending > 0 || seen.length === 0 || seen.some(({ lock }) => lock !== there)) return;
    const view = lockView(person.store.stateOf(path), person.store.lossOf(path));
    const { name, window } = person;
    const lease = person.leases.of(path);
    // It was asked for meanwhile: which of the two the server was quicker with, nobody can tell.
    if (lease && lease.since.mono >= sent) return;
    const holds = lease !== undefined;
    const knowsToList = person.store.listingSupportOf(serverOf(path)) === 'seen';
    const lie = falseClaim(view, there, { name, window, holds, knowsToList }, this.wanted);
    if (lie) this.lies.push(`${name} is told: ${lie}`);
  }

  private async rename(person: Person): Promise<void> {
    const { relocation } = person.core;
    const move = (from: typeof path, to: typeof path) =>
      this.trying(person, relocation.transfer({ how: 'move', from, to, overwrite: false }));
    if (await move(path, otherName)) await move(otherName, path);
  }

  private async trying(person: Person, doing: Promise<void>): Promise<boolean> {
    try {
      await doing;
      return true;
    } catch (error) {
      if (!isFailure(error) && !(error instanceof TreeLocked)) person.faults.push(error);
      return false;
    }
  }

  /** Everybody goes home; the network and the server behave. */
  private async end(): Promise<void> {
    for (const person of this.people) {
      this.roadOf(person).mishaps.clear();
      this.roadOf(person).offline = false;
    }
    this.ambushes.clear();
    await this.clock.pass(130_000);
    await Promise.allSettled(this.running);
    this.letGo();
    await this.clock.pass(longestWaitMs);
    this.checkWaits();
    for (const person of this.people) {
      if (person.isOpen(path)) person.close(path);
    }
    this.letGo();
    await this.clock.pass(300_000);
    this.check();
    await this.checkStranger();
  }

  /** Only what was taken by hand is let go by hand: everything else goes by itself. */
  private letGo(): void {
    for (const person of this.people)
      for (const id of [path, otherName])
        if (person.leases.claimsOn(id).has('hand')) this.later(person.leases.drop(id, 'hand'));
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
      assert.deepEqual(person.dropped, [], 'no refused text is dropped');
    }
    assert.equal(this.wire.deaths, 0, 'no request ends the server');
    assert.deepEqual(this.lies, [], 'no false claim');
    this.judge.check(this.onTheirWay);
    this.checkLocks();
    assert.equal(this.clock.pending, 0, 'no timer is left');
    this.checkKept();
  }

  private checkLocks(): void {
    for (const id of [path, otherName]) {
      const left = this.server.lockOn(id);
      const what = this.server.files.has(id) ? 'no lock is left on the server' : 'no name is barred';
      if (left && !this.isExcused(left)) assert.fail(`${what}, but ${left.window}'s is`);
    }
  }

  /** A window that crashed has left its lock to the next one; one that nobody can have found again is nobody's. */
  private isExcused({ window = '', token }: ModelLock): boolean {
    return this.gone.has(window) || this.server.unheard.has(token);
  }

  /** Where no lock stands, no wait goes on; one that asks its person does not go on by itself. */
  private checkWaits(): void {
    if (this.server.lockOn(path)) return;
    for (const { name, waits } of this.people)
      for (const { phase } of waits.all()) assert.equal(phase, 'conflict', `${name}'s wait goes on`);
  }

  /** Somebody new can save the file. */
  private async checkStranger(): Promise<void> {
    const left = this.server.lockOn(path);
    if (left) return;
    if (!this.server.files.has(path)) this.server.put(path, 'base');
    await this.clock.pass(3_000);
    const eve = this.arrive('eve');
    this.people.push(eve);
    const saving = (async () => {
      await eve.open(path);
      eve.type(path, 'eve');
      return eve.save(path);
    })();
    await this.clock.pass(120_000);
    const isSaved = await saving;
    // Where refusals are told as successes, nobody can know what else would have been wanted.
    if (this.wanted.errors === 'plain')
      assert.ok(isSaved, `a stranger can save, but ${String(eve.blockedSaves.of(path)?.failure)}`);
    eve.close(path);
    await this.clock.pass(300_000);
    this.judge.check(this.onTheirWay);
    this.checkLocks();
  }

  /** A refused text that no editor has shown since is still on the disk, unless its very bytes were saved. */
  private checkKept(): void {
    const given = [...this.disk.files.values()];
    // Where another text came back into the same file, it is listed for some days as one that came back before.
    const live = given.filter(({ text: { end } }) => end === undefined || end.how === 'restored');
    for (const { name, text, writes } of this.unshown) {
      const isKept = live.some(
        ({ text: kept, content }) => kept.workspaceKey === name && textOf(content.bytes) === text,
      );
      const isSaved = this.server.writes.slice(writes).some((write) => write.text === withoutLineEnds(text));
      assert.ok(isKept || isSaved, `"${text}" is kept`);
    }
  }
}
