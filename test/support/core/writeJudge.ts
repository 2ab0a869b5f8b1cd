// Whether each write replaced only what its writer had seen, and what was said of it is true.
import assert from 'node:assert/strict';
import type { ResourceId } from '../../../src/core/model/resource';
import type { Ways } from '../model/servers';
import { cutAt } from './happenings';
import type { ModelServer, ModelWrite } from './modelServer';
import type { Person } from './person';

export interface Strictness {
  /** Whether a write that is neither locked nor checked may hit what was written after its look. */
  readonly excusesRaces: boolean;
}

export class WriteJudge {
  /** Updates that were lost. */
  readonly lost: string[] = [];

  constructor(
    private readonly path: ResourceId,
    private readonly server: ModelServer<Ways>,
    private readonly people: readonly Person[],
    private readonly strict: Strictness,
  ) {
    server.onWrite = (write) => this.judge(write);
  }

  /**
   * Nothing unseen is ever replaced. Only where the server does not check what it is told, and no lock keeps others out,
   * there is a moment between the look and the write.
   */
  private judge(write: ModelWrite): void {
    const { who: name, over, text, locked, checked = false } = write;
    if (write.moved || write.resource !== this.path) return;
    const start = this.people.find((person) => person.name === name)?.savingSince ?? Infinity;
    const wasThere = this.server.writes.slice(0, -1).findLastIndex((one) => one.text === over) < start;
    if (!checked && !wasThere && (locked ? this.isLockWorthless() : this.isUnavoidable(write))) return;
    const writer = this.people.find((person) => person.name === name);
    // Who crashed meanwhile has left nobody to ask. A write may have been cut off.
    if (!write.made && ![...(writer?.knows ?? [])].some((known) => known.startsWith(text))) return;
    const isOwn = this.server.writes.some((one) => one.who === name && one.text === over);
    // Under a lock it cannot be told from our own write, cut off; and nothing of it is lost.
    if (locked && over !== undefined && text.startsWith(over)) return;
    if (over !== undefined && !isOwn && !writer?.knows.has(over))
      this.lost.push(`${name} wrote "${text}" over "${over}"`);
  }

  /** The moment between the look and the write, which nothing but a checked condition or a lock can close. */
  private isUnavoidable({ attempted = false }: ModelWrite): boolean {
    return this.strict.excusesRaces || attempted || this.server.habits.enforces === false;
  }

  /**
   * A lock that keeps nobody out closes that moment no more than none does; of a server that would check a condition,
   * it can still be asked.
   */
  private isLockWorthless(): boolean {
    const { enforces, honorsIfMatch, tags } = this.server.habits;
    return enforces === false && !(honorsIfMatch && tags === 'strong');
  }

  /** `onTheirWay`: texts of windows that crashed. */
  check(onTheirWay: ReadonlySet<string>): void {
    assert.deepEqual(this.lost, [], 'no lost update');
    const writes = this.server.writes.filter(({ resource }) => resource === this.path);
    for (const [index, write] of writes.entries()) {
      if (write.who === 'admin' || write.moved || write.made) continue;
      // A window that comes back does not know what its last write has come to, and two may be cut off alike.
      if (!onTheirWay.has(write.text) && write.text.length !== cutAt)
        assert.notEqual(write.text, write.over, 'nothing is written twice');
      if (write.over !== undefined) assert.equal(write.over, writes[index - 1]?.text);
    }
    for (const { text, since, until } of this.people.flatMap(({ saved }) => saved)) {
      const meanwhile = this.server.writes.slice(Math.max(0, since - 1), until);
      const isThere = meanwhile.some((write) => write.text === text);
      assert.ok(isThere, `"${text}" was called saved`);
    }
  }
}
