// Breaking locks: only after a question, with all holders named, and nothing is claimed that was not done.
import { lockView } from '../../src/core/model/lockView';
import assert from 'node:assert/strict';
import type { Facts } from '../../src/core/diagnosis/facts';
import type { Lock, LockState } from '../../src/core/model/lock';
import { LockHistory } from '../../src/core/locks/lockHistory';
import type { LockToBreak } from '../../src/core/model/ports';
import { breakLock } from '../../src/editor/commands/locks/breakLock';
import type { CommandContext } from '../../src/editor/commands/commandContext';
import { toUri } from '../../src/editor/uris';
import { attended } from '../support/asked';
import { idOf, lock } from '../support/builders/locks';
import { FakeClock } from '../support/core/fakeClock';

const minute = 60_000;
const resource = idOf('docs/report.md');

describe('Breaking locks', () => {
  const asking = attended();

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
    const context = {
      clock,
      poller: { ask: () => Promise.resolve(void (look += 1)) },
      store: { stateOf: state, viewOf: () => lockView(state()) },
      diagnosisService: {
        facts: () => ({ history: history.of(resource) }) as Facts,
        diagnose: () => ({ cause: 'editedByOther', confidence: 'high' }),
      },
      lockProviders: {
        of: () => ({
          breakLock: (one: LockToBreak) => {
            broken.push(one);
            return Promise.resolve({ wasHeld: wasHeld.get(one.id) ?? true });
          },
        }),
      },
      settings: { get: () => ({ contacts: {}, administrator: '', owner: { name: 'Alice' } }) },
      log: { warn: () => undefined, failure: () => undefined },
    } as unknown as CommandContext;
    return {
      clock,
      history,
      context,
      state,
      broken,
      wasHeld,
      run: () => breakLock(context, toUri(resource)),
    };
  }

  it('tell since when a lock was seen where the server does not say when it was taken', async () => {
    const ann = lock({ holder: { name: 'Ann Lee' } });
    const { clock, history, run, state } = scene([[ann]]);
    history.observed(resource, state());
    await clock.pass(20 * minute);
    await run();
    assert.match(asking.she.asked[0]?.detail ?? '', /^Locked by Ann Lee, never expires\.\nSince at least \d/);
  });

  it('say nothing of a time where the lock was just seen for the first time', async () => {
    const { history, run, state } = scene([[lock()]]);
    history.observed(resource, state());
    await run();
    assert.doesNotMatch(asking.she.asked[0]?.detail ?? '', /Since/);
  });

  it('do nothing without a yes', async () => {
    const { broken, run } = scene([[lock()]]);
    await run();
    assert.equal(asking.she.asked.length, 1);
    assert.deepEqual(broken, []);
  });

  it('offer the letter when it is done', async () => {
    const { run } = scene([[lock({ holder: { name: 'Ann Lee' } })], []]);
    asking.she.answer(/Break/, /Tell Ann Lee/);
    await run();
    assert.match(asking.she.asked[1]?.message ?? '', /^Broke the lock on .*Its holder doesn’t know yet/);
    assert.deepEqual(asking.she.picks, ['Tell Ann Lee about report.md']);
  });

  for (const [now, what, said] of [
    [[], 'and nothing came after it', /was already released or expired, so nothing was broken\.$/],
    [
      [lock({ holder: { name: 'Zoe' } })],
      'and another is there',
      /was already released or expired, so nothing was broken\..*Locked by Zoe/,
    ],
    ['unknown', 'and nobody knows what is', /was already released or expired, so nothing was broken\.$/],
  ] as const)
    it(`claim nothing and write to nobody where the lock was gone ${what}`, async () => {
      const ann = lock({ holder: { name: 'Ann Lee' } });
      const { run, wasHeld } = scene([[ann], now]);
      wasHeld.set(ann.id, false);
      asking.she.answer(/Break/);
      await run();
      assert.match(asking.she.asked[1]?.message ?? '', said);
      assert.doesNotMatch(asking.she.asked.map(({ actions }) => actions.join()).join(), /Tell/);
      assert.equal(asking.she.asked.length, 2);
    });

  it('name every holder of shared locks, end them all, and offer a letter to each', async () => {
    const shared = ['Ann Lee', 'Bob Ray'].map((name) => lock({ scope: 'shared', holder: { name } }));
    const { broken, run } = scene([shared, []]);
    asking.she.answer(/Break/, /Tell Bob Ray/);
    await run();
    assert.match(asking.she.asked[0]?.message ?? '', /all 2 locks/);
    assert.match(asking.she.asked[0]?.detail ?? '', /Locked by Ann Lee[^]*Locked by Bob Ray/);
    assert.deepEqual(
      broken.map(({ id }) => id),
      shared.map(({ id }) => id),
    );
    assert.deepEqual(asking.she.asked[1]?.actions, ['Tell Ann Lee…', 'Tell Bob Ray…']);
    assert.deepEqual(asking.she.picks, ['Tell Bob Ray about report.md']);
  });

  it('believe only the listing', async () => {
    const ann = lock();
    const { id: hiddenId, ...hidden } = lock();
    assert.ok(hiddenId);
    for (const [before, after, said] of [
      [ann, [ann], /still lists it/],
      [ann, [hidden], /still lists it/],
      [hidden, [lock()], /still lists it/],
      [ann, 'unknown', /doesn’t show whether it is/],
    ] as const) {
      const { run } = scene([[before], after]);
      asking.she.answer(/Break/);
      await assert.rejects(Promise.resolve(run()), said);
    }
  });

  it('is proven where another lock stands there now', async () => {
    const { run } = scene([[lock({ holder: { name: 'Ann Lee' } })], [lock({ holder: { name: 'Zoe' } })]]);
    asking.she.answer(/Break/, undefined);
    await run();
    assert.match(asking.she.asked.at(-1)?.message ?? '', /^Broke the lock/);
  });
});
