// What asks before it acts: breaking locks, opening what a link names, letting go of idle locks; and reports, which look first.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Facts } from '../../src/core/diagnosis/facts';
import { RemoteFailure } from '../../src/core/failure';
import type { Lock, LockState } from '../../src/core/lock';
import { LockHistory } from '../../src/core/lockHistory';
import type { LockToBreak } from '../../src/core/ports';
import type { ResourceId } from '../../src/core/resource';
import type { ServerCheck } from '../../src/core/serverCheck';
import { breakLock } from '../../src/editor/commands/breakLock';
import { reportOn } from '../../src/editor/commands/copyReport';
import type { Room } from '../../src/editor/commands/room';
import { keepHistory } from '../../src/editor/explain/keptHistory';
import { nudge } from '../../src/editor/idleNudge';
import { openFromLink } from '../../src/editor/links';
import { toUri } from '../../src/editor/uris';
import { letter } from '../../src/editor/words/letter';
import { idOf, lock } from '../support/builders/locks';
import { FakeClock } from '../support/core/fakeClock';

const minute = 60_000;
const resource = idOf('docs/report.md');

interface Asked {
  readonly message: string;
  readonly detail?: string;
  readonly actions: readonly string[];
}

/** Stands in for the person: every message is written down, and answered by a pattern for one of its buttons. */
function person() {
  const asked: Asked[] = [];
  const picks: string[] = [];
  const opened: string[] = [];
  const answers: (RegExp | undefined)[] = [];
  const message = (text: string, ...rest: unknown[]) => {
    const options = typeof rest[0] === 'object' ? (rest.shift() as { detail?: string }) : {};
    const actions = rest as string[];
    asked.push({ message: text, actions, ...(options.detail && { detail: options.detail }) });
    const answer = answers.shift();
    return Promise.resolve(answer && actions.find((action) => answer.test(action)));
  };
  const { window, commands } = vscode;
  const before = {
    info: window.showInformationMessage,
    warning: window.showWarningMessage,
    error: window.showErrorMessage,
    pick: window.showQuickPick,
    execute: commands.executeCommand,
  };
  Object.assign(window, {
    showInformationMessage: message,
    showWarningMessage: message,
    showErrorMessage: message,
    showQuickPick: (_: unknown, { title }: { title: string }) => Promise.resolve(void picks.push(title)),
  });
  Object.assign(commands, {
    executeCommand: (id: string, uri: unknown) => Promise.resolve(void opened.push(`${id} ${String(uri)}`)),
  });
  const leave = () => {
    Object.assign(window, {
      showInformationMessage: before.info,
      showWarningMessage: before.warning,
      showErrorMessage: before.error,
      showQuickPick: before.pick,
    });
    Object.assign(commands, { executeCommand: before.execute });
  };
  return { asked, picks, opened, leave, answer: (...next: (RegExp | undefined)[]) => answers.push(...next) };
}

let she: ReturnType<typeof person>;
/** For the tests of one group: the others have the editor as it is. */
function attended(): void {
  beforeEach(() => (she = person()));
  afterEach(() => she.leave());
}

describe('Breaking locks', () => {
  attended();

  /** Locks as the server lists them, one look after the other; it breaks what still stands then, unless told otherwise. */
  function scene(looks: readonly (readonly Lock[] | 'unknown')[]) {
    const clock = new FakeClock();
    const history = new LockHistory();
    const broken: LockToBreak[] = [];
    let look = -1;
    const state = (): LockState => {
      const locks = looks[Math.min(Math.max(look, 0), looks.length - 1)] ?? [];
      const at = clock.now();
      if (locks === 'unknown') return { kind: 'unknown', why: 'hidden', at };
      return locks.length > 0 ? { kind: 'locked', locks, at } : { kind: 'unlocked', proof: 'listed', at };
    };
    const wasHeld = new Map<string | undefined, boolean>();
    const room = {
      clock,
      asker: { ask: () => Promise.resolve(void (look += 1)) },
      store: { stateOf: state, lossOf: () => undefined },
      casebook: {
        facts: () => ({ history: history.of(resource) }) as Facts,
        diagnose: () => ({ cause: 'editedByOther', confidence: 'high' }),
      },
      serverOf: () => ({
        breakLock: (one: LockToBreak) => {
          broken.push(one);
          return Promise.resolve({ wasHeld: wasHeld.get(one.id) ?? true });
        },
      }),
      settings: { get: () => ({ contacts: {}, administrator: '', owner: { name: 'Alice' } }) },
      log: { warn: () => undefined, failure: () => undefined },
    } as unknown as Room;
    return { clock, history, room, state, broken, wasHeld, run: () => breakLock(room, toUri(resource)) };
  }

  it('tell since when a lock was seen where the server does not say since when it stands', async () => {
    const ann = lock({ holder: { name: 'Ann Lee' } });
    const { clock, history, run, state } = scene([[ann]]);
    history.looked(resource, state());
    await clock.pass(20 * minute);
    await run();
    assert.match(
      she.asked[0]?.detail ?? '',
      /^Ann Lee holds it, by the word of the server\.\nSince \d\d:\d\d/,
    );
    assert.match(she.asked[0]?.detail ?? '', /at least\./);
  });

  it('say nothing of a time where the lock was just seen for the first time', async () => {
    const { history, run, state } = scene([[lock()]]);
    history.looked(resource, state());
    await run();
    assert.doesNotMatch(she.asked[0]?.detail ?? '', /Since/);
  });

  it('do nothing without a yes', async () => {
    const { broken, run } = scene([[lock()]]);
    await run();
    assert.equal(she.asked.length, 1);
    assert.deepEqual(broken, []);
  });

  it('offer the letter when it is done', async () => {
    const { run } = scene([[lock({ holder: { name: 'Ann Lee' } })], []]);
    she.answer(/Break/, /Tell Ann Lee/);
    await run();
    assert.match(she.asked[1]?.message ?? '', /is broken. Its holder has not been told/);
    assert.deepEqual(she.picks, ['Tell Ann Lee about report.md']);
  });

  for (const [now, what, said] of [
    [[], 'and nothing came after it', /was gone already, and nothing was broken\.$/],
    [
      [lock({ holder: { name: 'Zoe' } })],
      'and another is there',
      /was gone already, and nothing was broken\..*Locked by Zoe/,
    ],
    ['unknown', 'and nobody knows what is', /was gone already, and nothing was broken\.$/],
  ] as const)
    it(`claim nothing and write to nobody where the lock was gone ${what}`, async () => {
      const ann = lock({ holder: { name: 'Ann Lee' } });
      const { run, wasHeld } = scene([[ann], now]);
      wasHeld.set(ann.id, false);
      she.answer(/Break/);
      await run();
      assert.match(she.asked[1]?.message ?? '', said);
      assert.doesNotMatch(she.asked.map(({ actions }) => actions.join()).join(), /Tell/);
      assert.equal(she.asked.length, 2);
    });

  it('name every holder of shared locks, end them all, and offer a letter to each', async () => {
    const shared = ['Ann Lee', 'Bob Ray'].map((name) => lock({ scope: 'shared', holder: { name } }));
    const { broken, run } = scene([shared, []]);
    she.answer(/Break/, /Tell Bob Ray/);
    await run();
    assert.match(she.asked[0]?.message ?? '', /all 2 locks/);
    assert.match(she.asked[0]?.detail ?? '', /Ann Lee holds it[^]*Bob Ray holds it/);
    assert.deepEqual(
      broken.map(({ id }) => id),
      shared.map(({ id }) => id),
    );
    assert.deepEqual(she.asked[1]?.actions, ['Tell Ann Lee…', 'Tell Bob Ray…']);
    assert.deepEqual(she.picks, ['Tell Bob Ray about report.md']);
  });

  it('believe only the listing', async () => {
    const ann = lock();
    const { id: _, ...hidden } = lock();
    for (const [before, after, said] of [
      [ann, [ann], /still lists it/],
      [ann, [hidden], /still lists it/],
      [hidden, [lock()], /still lists it/],
      [ann, 'unknown', /does not show whether it is/],
    ] as const) {
      const { run } = scene([[before], after]);
      she.answer(/Break/);
      await assert.rejects(async () => run(), said);
    }
  });

  it('is proven where another lock stands there now', async () => {
    const { run } = scene([[lock({ holder: { name: 'Ann Lee' } })], [lock({ holder: { name: 'Zoe' } })]]);
    she.answer(/Break/, undefined);
    await run();
    assert.match(she.asked.at(-1)?.message ?? '', /is broken/);
  });
});

describe('A report', () => {
  const facts = (more: Partial<Facts> = {}): Facts => ({
    resource,
    now: { mono: 0, wall: Date.UTC(2026, 10, 22) },
    state: { kind: 'unknown', why: 'notAsked' },
    habit: 'unproven',
    history: { traces: [], turns: [], tries: [] },
    exchanges: [],
    leases: [],
    formerIds: new Set(),
    content: 'unknown',
    ...more,
  });

  it('asks the server first, and has what the last check found', async () => {
    let known = facts();
    const check: ServerCheck = {
      at: Date.UTC(2026, 10, 22),
      results: [
        { step: 'listed', outcome: 'no' },
        { step: 'granted', outcome: 'note', ms: 60_000 },
        {
          step: 'enforced',
          outcome: 'failed',
          failure: new RemoteFailure('serverFault', { resource, status: 500 }),
        },
      ],
    };
    const room = {
      clock: new FakeClock(),
      casebook: {
        inquire: () => Promise.resolve(void (known = facts({ rights: { claimsLocks: true, lock: false } }))),
        facts: () => known,
      },
      explanations: { checkOf: (id: ResourceId) => (id === resource ? check : undefined) },
    } as unknown as Room;
    const report = await reportOn(room, resource, 'Lock Status');
    assert.match(report, /"claimsLocks":true,"lock":false/);
    assert.match(report, /- listed: no\n- granted: note, 60 s\n- enforced: failed, serverFault 500\n/);
  });

  it('does not wait for a server that does not answer', async () => {
    const clock = new FakeClock();
    const room = {
      clock,
      casebook: { inquire: () => new Promise<void>(() => undefined), facts: () => facts() },
      explanations: { checkOf: () => undefined },
    } as unknown as Room;
    const report = reportOn(room, resource, 'Lock Status');
    await clock.pass(5_000);
    assert.match(await report, /What it offers and allows: not asked/);
    assert.equal(clock.pending, 0);
  });
});

describe('A letter to a holder', () => {
  it('has a link for the VS Code that most people have', () => {
    const { body } = letter('held', { me: 'Alice', resource, verdict: '', now: { mono: 0, wall: 0 } });
    assert.match(body, /In VS Code: vscode:\/\/lock-status\.lock-status\/open\?url=/);
  });
});

describe('A link from somebody', () => {
  attended();

  const link = (url: string) =>
    vscode.Uri.parse(`vscode://lock-status.lock-status/open?url=${encodeURIComponent(url)}`);

  it('opens nothing without a yes, and says in full what it would open', async () => {
    await openFromLink(link('https://dav.example/docs/report.md'));
    const [question] = she.asked;
    assert.equal(question?.message, 'Open report.md from dav.example?');
    assert.match(
      question?.detail ?? '',
      /^https:\/\/dav\.example\/docs\/report\.md\n\nIt belongs to no folder/,
    );
    assert.deepEqual(she.opened, []);
  });

  it('opens the file after a yes, and does nothing else', async () => {
    she.answer(/Open/);
    await openFromLink(link('https://dav.example/docs/report.md'));
    assert.deepEqual(she.opened, ['vscode.open davs://dav.example/docs/report.md']);
  });

  it('that names no file is refused in a sentence', async () => {
    she.answer(/./);
    for (const url of [
      'file:///etc/passwd',
      'command:workbench.action.quit',
      'https://ann:pw@dav.example/a.md',
    ])
      await openFromLink(link(url));
    assert.equal(she.asked.length, 3);
    for (const { message } of she.asked) assert.match(message, /names no remote file/);
    assert.deepEqual(she.opened, []);
  });
});

describe('Idle locks', () => {
  attended();

  const room = (fails = false) => {
    const released: ResourceId[] = [];
    const release = (id: ResourceId) => {
      released.push(id);
      return fails ? Promise.reject(new RemoteFailure('unreachable', { resource: id })) : Promise.resolve();
    };
    const log = { failure: () => undefined };
    return { released, room: { leases: { release }, log } as unknown as Room };
  };
  const idle = [
    { resource, ms: 40 * minute },
    { resource: idOf('docs/b.md'), ms: 50 * minute },
  ];

  it('are told of with how many there are, which, and how long', async () => {
    const one = room();
    await nudge(one.room, idle.slice(0, 1), 1);
    await nudge(one.room, idle.slice(0, 1), 3);
    await nudge(one.room, idle, 3);
    assert.deepEqual(
      she.asked.map(({ message, actions }) => `${message} ${actions.join()}`),
      [
        'You still hold the lock on report.md, idle for 40 min. Release It',
        'You still hold 3 locks. The one on report.md is idle for 40 min. Release It',
        'You still hold 3 locks, 2 of them idle for up to 50 min. Release Them',
      ],
    );
    assert.deepEqual(one.released, [], 'nothing is released without a yes');
  });

  it('are released after a yes, those that were told of and no others', async () => {
    const one = room();
    she.answer(/Release/);
    await nudge(one.room, idle, 3);
    assert.deepEqual(
      one.released,
      idle.map(({ resource: id }) => id),
    );
  });

  it('that could not be released are told', async () => {
    she.answer(/Release/);
    await nudge(room(true).room, idle.slice(0, 1), 1);
    assert.match(she.asked[1]?.message ?? '', /cannot be reached/);
  });
});

describe('The history of locks', () => {
  /** Storage as the editor has it: what is written, is there again as a copy. */
  function storage(): vscode.Memento {
    const kept = new Map<string, string>();
    return {
      keys: () => [...kept.keys()],
      get: <T>(key: string, or?: T) => (kept.has(key) ? (JSON.parse(kept.get(key) ?? '') as T) : or) as T,
      update: (key: string, value: unknown) => Promise.resolve(void kept.set(key, JSON.stringify(value))),
    };
  }
  const seenAt = (wall: number): LockState => ({ kind: 'locked', locks: [lock()], at: { mono: 1, wall } });

  it('is there again after a restart', () => {
    const memento = storage();
    const first = new LockHistory();
    const keeping = keepHistory(memento, first);
    first.looked(resource, seenAt(Date.now() - 2 * minute));
    const at = { mono: 2, wall: Date.now() - minute };
    first.tried({ method: 'PUT', resource, at, ms: 5, status: 423, sent: [], headers: {} });
    keeping.dispose();
    const second = new LockHistory();
    keepHistory(memento, second).dispose();
    assert.deepEqual(second.of(resource), first.of(resource));
    assert.equal(second.of(resource).tries[0]?.status, 423);
  });

  it('is not what happened more than a day before', () => {
    const memento = storage();
    const first = new LockHistory();
    const keeping = keepHistory(memento, first);
    first.looked(resource, seenAt(Date.now() - 48 * 60 * minute));
    keeping.dispose();
    const second = new LockHistory();
    keepHistory(memento, second).dispose();
    assert.deepEqual(second.of(resource).traces, []);
  });

  it('survives storage that holds nothing', () => {
    const history = new LockHistory();
    keepHistory(storage(), history).dispose();
    assert.deepEqual(history.all(), []);
  });
});
