// Two people at one file of a server, everything that they and the server may do in any order, and what must hold after.
import assert from 'node:assert/strict';
import { FakeClock, settle } from './fakeClock';
import { file, textOf } from './files';
import { MemoryDisk } from './memoryDisk';
import { changes, cutAt, outcomeOf, type Act, type Happening, type Step, type Ways } from './happenings';
import { goodHabits, ModelServer, type ModelWrite } from './modelServer';
import { Person } from './person';

const path = file('a');

/** A run of one history, and what it came to. */
export class World {
  readonly clock = new FakeClock();
  readonly server: ModelServer;
  readonly people: Person[] = [];
  /** Every text that was ever typed, in order. */
  private readonly typed = [0, 0];
  private readonly running = new Set<Promise<unknown>>();
  private readonly lost: string[] = [];
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
  ) {
    this.server = new ModelServer(this.clock, { ...goodHabits, ...wanted });
    this.server.put(path, 'base');
    this.server.onWrite = (write) => this.judge(write);
    for (const name of ['ann', 'bob']) this.people.push(this.arrive(name));
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
    const person = new Person(name, this.server, this.clock, { limitMs: 3_600_000, lockOn, kept });
    let turn = 0;
    person.client.travel = (operation, way) => {
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
        return this.with(step.who, (person) => void (person.client.offline = step.on));
      case 'ambush':
        return this.with(step.who, ({ name }) => void this.ambushes.set(name, step.nth));
      case 'mishap':
        return this.with(step.who, ({ client }) => client.fail(step.operation, step.kind, outcomeOf(step)));
      default:
        return this.with(step.who, (person) => this.act(person, step));
    }
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
    if (text !== undefined) this.onTheirWay.add(text);
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
    const left = this.server.lockOn(path);
    // A window that crashed has left its lock to the next one; one that nobody can have found again is nobody's.
    const isExcused =
      left !== undefined && (this.gone.has(left.owner) || this.server.unheard.has(left.token));
    if (!isExcused) assert.equal(left, undefined, 'no lock is left on the server');
    assert.equal(this.clock.pending, 0, 'no timer is left');
    this.checkKept();
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
      const isSaved = this.server.writes.slice(writes).some((write) => write.text === text);
      assert.ok(isKept || isSaved, `"${text}" is kept`);
    }
  }

  /**
   * Nothing unseen is ever replaced. Only where the server does not check what it is told, and no lock keeps others out,
   * there is a moment between the look and the write.
   */
  private judge({ who: name, over, text, locked }: ModelWrite): void {
    const { honorsIfMatch, tags } = this.wanted;
    const isChecked = locked || (honorsIfMatch && tags === 'strong');
    const start = this.people.find((person) => person.name === name)?.savingSince ?? Infinity;
    const wasThere = this.server.writes.slice(0, -1).findLastIndex((write) => write.text === over) < start;
    if (!isChecked && !wasThere) return;
    const writer = this.people.find((person) => person.name === name);
    // Who crashed meanwhile has left nobody to ask. A write may have been cut off.
    if (![...(writer?.knows ?? [])].some((known) => known.startsWith(text))) return;
    const isOwn = this.server.writes.some((write) => write.who === name && write.text === over);
    if (over !== undefined && !isOwn && !writer?.knows.has(over))
      this.lost.push(`${name} wrote "${text}" over "${over}"`);
  }

  private checkWrites(): void {
    const { writes } = this.server;
    for (const [index, write] of writes.entries()) {
      if (write.who === 'admin') continue;
      // A window that comes back does not know what its last write has come to, and two may be cut off alike.
      if (!this.onTheirWay.has(write.text) && write.text.length !== cutAt)
        assert.notEqual(write.text, write.over, 'nothing is written twice');
      assert.equal(write.over, writes[index - 1]?.text);
    }
    for (const text of this.people.flatMap(({ saved }) => saved)) {
      const isThere = writes.some((write) => write.text === text);
      assert.ok(isThere, `"${text}" was called saved`);
    }
  }
}
