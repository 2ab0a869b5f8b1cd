// What asks before it acts: opening what a link names, letting go of idle locks; and reports, which look first.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Facts } from '../../src/core/diagnosis/facts';
import { RemoteFailure } from '../../src/core/model/failure';
import type { LockState } from '../../src/core/model/lock';
import { LockHistory } from '../../src/core/locks/lockHistory';
import type { ResourceId } from '../../src/core/model/resource';
import type { ServerCheck } from '../../src/core/diagnosis/serverCheck';
import { reportOn } from '../../src/editor/commands/locks/copyReport';
import type { CommandContext } from '../../src/editor/commands/commandContext';
import { keepHistory } from '../../src/storage/keptHistory';
import { systemClock } from '../../src/editor/clock';
import { offerRelease } from '../../src/editor/messages/idleLocks';
import { openFromLink } from '../../src/editor/messages/links';
import { holderMessage } from '../../src/editor/words/holderMessage';
import { attended } from '../support/asked';
import { idOf, lock } from '../support/builders/locks';
import { FakeClock } from '../support/core/fakeClock';

const minute = 60_000;
const resource = idOf('docs/report.md');

describe('A report', () => {
  const facts = (more: Partial<Facts> = {}): Facts => ({
    resource,
    now: { mono: 0, wall: Date.UTC(2026, 10, 22) },
    state: { kind: 'unknown', why: 'notAsked' },
    listingSupport: 'unproven',
    history: { locks: [], changes: [], attempts: [] },
    exchanges: [],
    leases: [],
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
    const context = {
      clock: new FakeClock(),
      diagnosisService: {
        requestFacts: () =>
          Promise.resolve(void (known = facts({ rights: { claimsLocks: true, lock: false } }))),
        facts: () => known,
      },
      explanations: { checkOf: (id: ResourceId) => (id === resource ? check : undefined) },
    } as unknown as CommandContext;
    const report = await reportOn(context, resource, 'Lock Status');
    assert.match(report, /"claimsLocks":true,"lock":false/);
    assert.match(report, /- listed: no\n- granted: note, 60 s\n- enforced: failed, serverFault 500\n/);
  });

  it('does not wait for a server that does not answer', async () => {
    const clock = new FakeClock();
    const context = {
      clock,
      diagnosisService: { requestFacts: () => new Promise<void>(() => undefined), facts: () => facts() },
      explanations: { checkOf: () => undefined },
    } as unknown as CommandContext;
    const report = reportOn(context, resource, 'Lock Status');
    await clock.pass(5_000);
    assert.match(await report, /What it supports and allows: not asked/);
    assert.equal(clock.pending, 0);
  });
});

describe('A letter to a holder', () => {
  it('has a link for the VS Code that most people have', () => {
    const { body } = holderMessage('held', {
      sender: 'Alice',
      resource,
      verdict: '',
      now: { mono: 0, wall: 0 },
    });
    assert.match(body, /In VS Code: vscode:\/\/lock-status\.lock-status\/open\?url=/);
  });
});

describe('A link from somebody', () => {
  const asking = attended();

  const link = (url: string) =>
    vscode.Uri.parse(`vscode://lock-status.lock-status/open?url=${encodeURIComponent(url)}`);

  it('opens nothing without a yes, and says in full what it would open', async () => {
    await openFromLink(link('https://dav.example/docs/report.md'));
    const [question] = asking.she.asked;
    assert.equal(question?.message, 'Open report.md from dav.example?');
    assert.match(
      question?.detail ?? '',
      /^https:\/\/dav\.example\/docs\/report\.md\n\nIt doesn’t belong to a folder/,
    );
    assert.deepEqual(asking.she.opened, []);
  });

  it('opens the file after a yes, and does nothing else', async () => {
    asking.she.answer(/Open/);
    await openFromLink(link('https://dav.example/docs/report.md'));
    assert.deepEqual(asking.she.opened, ['vscode.open davs://dav.example/docs/report.md']);
  });

  it('that names no file is refused in a sentence', async () => {
    asking.she.answer(/./);
    for (const url of [
      'file:///etc/passwd',
      'command:workbench.action.quit',
      'https://ann:pw@dav.example/a.md',
    ])
      await openFromLink(link(url));
    assert.equal(asking.she.asked.length, 3);
    for (const { message } of asking.she.asked) assert.match(message, /isn’t the address of a remote file/);
    assert.deepEqual(asking.she.opened, []);
  });
});

describe('Idle locks', () => {
  const asking = attended();

  const context = (fails = false) => {
    const released: ResourceId[] = [];
    const release = (id: ResourceId) => {
      released.push(id);
      return fails ? Promise.reject(new RemoteFailure('unreachable', { resource: id })) : Promise.resolve();
    };
    const log = { failure: () => undefined };
    return { released, context: { leases: { release }, log } as unknown as CommandContext };
  };
  const idle = [
    { resource, ms: 40 * minute },
    { resource: idOf('docs/b.md'), ms: 50 * minute },
  ];

  it('are told of with how many there are, which, and how long', async () => {
    const one = context();
    await offerRelease(one.context, idle.slice(0, 1), 1);
    await offerRelease(one.context, idle.slice(0, 1), 3);
    await offerRelease(one.context, idle, 3);
    assert.deepEqual(
      asking.she.asked.map(({ message, actions }) => `${message} ${actions.join()}`),
      [
        'You still hold the lock on report.md. It has been idle for 40 min. Release',
        'You still hold 3 locks. The one on report.md has been idle for 40 min. Release',
        'You still hold 3 locks. 2 of them have been idle for up to 50 min. Release',
      ],
    );
    assert.deepEqual(one.released, [], 'nothing is released without a yes');
  });

  it('are released after a yes, those that were told of and no others', async () => {
    const one = context();
    asking.she.answer(/Release/);
    await offerRelease(one.context, idle, 3);
    assert.deepEqual(
      one.released,
      idle.map(({ resource: id }) => id),
    );
  });

  it('that could not be released are told', async () => {
    asking.she.answer(/Release/);
    await offerRelease(context(true).context, idle.slice(0, 1), 1);
    assert.match(asking.she.asked[1]?.message ?? '', /Can’t reach/);
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
    const keeping = keepHistory(memento, first, systemClock);
    first.observed(resource, seenAt(Date.now() - 2 * minute));
    const at = { mono: 2, wall: Date.now() - minute };
    first.attempted({ method: 'PUT', resource, at, ms: 5, status: 423, sent: [], headers: {} });
    keeping.dispose();
    const second = new LockHistory();
    keepHistory(memento, second, systemClock).dispose();
    const [before, after] = [first.of(resource), second.of(resource)];
    assert.deepEqual({ ...after, refusal: undefined }, { ...before, refusal: undefined });
    // The monotonic clock is another one.
    assert.deepEqual([after.refusal?.at.wall, after.refusal?.status], [at.wall, 423]);
    assert.equal(after.locks.length, 1);
  });

  it('is not what happened more than a day before', () => {
    const memento = storage();
    const first = new LockHistory();
    const keeping = keepHistory(memento, first, systemClock);
    first.observed(resource, seenAt(Date.now() - 48 * 60 * minute));
    keeping.dispose();
    const second = new LockHistory();
    keepHistory(memento, second, systemClock).dispose();
    assert.deepEqual(second.of(resource).locks, []);
  });

  it('survives storage that holds nothing', () => {
    const history = new LockHistory();
    keepHistory(storage(), history, systemClock).dispose();
    assert.deepEqual(history.all(), []);
  });
});
