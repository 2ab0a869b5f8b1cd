import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Lease } from '../../../../src/core/model/lease';
import { refreshDelay, retryDelay } from '../../../../src/core/leases/leaseTiming';
import type { LockId } from '../../../../src/core/model/lock';
import { Secret } from '../../../../src/core/model/secret';
import type { WaitPace } from '../../../../src/core/waiting/waitPolicy';
import { pollAfter, retryPause, smoothed } from '../../../../src/core/waiting/waitInterval';
import { lock, stamp } from '../../../support/builders/locks';
import { FakeClock } from '../../../support/core/fakeClock';
import { file } from '../../../support/core/files';

const clock = new FakeClock();
const dayMs = 24 * 3_600_000;

function lease(grantedMs: number | undefined, agoMs = 0): Lease {
  const { mono, wall } = clock.now();
  return {
    resource: file('a'),
    token: new Secret('t'),
    id: 'id' as LockId,
    scope: 'exclusive',
    depth: 'self',
    expiry: { kind: 'unknown' },
    ...(grantedMs !== undefined && { grantedMs }),
    since: { mono: mono - agoMs, wall: wall - agoMs },
  };
}

function dueWith(chance: number, ...given: Parameters<typeof lease>): number {
  clock.chance = chance;
  return refreshDelay(lease(...given), clock);
}

describe('When a lease is refreshed', () => {
  it('is at half of its time, more or less a tenth, from the request’s start', () => {
    assert.equal(dueWith(0.5, 600_000), 300_000);
    assert.equal(dueWith(0, 600_000), 270_000);
    assert.ok(Math.abs(dueWith(0.999_999, 600_000) - 330_000) < 1);
    assert.equal(dueWith(0.5, 600_000, 40_000), 260_000);
  });

  it('is at once where the answer took longer than half of the time', () => {
    assert.equal(dueWith(0.5, 60_000, 50_000), 1_000);
  });

  it('is every ten minutes where there is no time to go by', () => {
    for (const granted of [undefined, 0, -1, Number.NaN, -Infinity])
      assert.equal(dueWith(0.5, granted), 600_000);
  });

  it('is never sooner than a second, nor later than a timer can count', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: false }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (granted, chance) => {
          const ms = dueWith(chance, granted);
          assert.ok(ms >= 1_000 && ms <= 1.1 * dayMs, `${ms} ms for ${granted}`);
        },
      ),
    );
  });

  it('is before the lock ends, for every time that a server may grant from two seconds on', () => {
    fc.assert(
      fc.property(fc.double({ min: 2_000, max: 1e12, noNaN: true }), (granted) => {
        assert.ok(dueWith(0.999, granted) < granted);
      }),
    );
  });

  it('is tried again soon, then more calmly', () => {
    assert.deepEqual(
      [1, 2, 3, 4, 5, 6, 99].map(retryDelay),
      [5_000, 10_000, 20_000, 20_000, 20_000, 60_000, 60_000],
    );
  });
});

describe('When a lock is looked at that somebody waits for', () => {
  const poll = (
    waitedMs: number,
    more: { failures?: number; ends?: number; chance?: number; pace?: WaitPace; answerMs?: number } = {},
  ) => {
    clock.chance = more.chance ?? 0.5;
    const now = clock.now();
    const expiry =
      more.ends === undefined ? undefined : { kind: 'at' as const, at: stamp(0, now.mono + more.ends) };
    const state = { kind: 'locked' as const, locks: [lock(expiry && { expiry })], at: now };
    const { failures = 0, pace = 'usual', answerMs } = more;
    return pollAfter({ state, answerMs, waitedMs, failures, limitMs: 30_000, pace }, clock);
  };

  it('takes a hundredth of the server’s time, from two seconds to half a minute', () => {
    assert.deepEqual(
      [undefined, 5, 42, 200, 900].map((answerMs) =>
        poll(0, { ...(answerMs !== undefined && { answerMs }) }),
      ),
      [2_000, 2_000, 4_200, 20_000, 30_000],
    );
    assert.equal(poll(0, { answerMs: 42, chance: 0 }), 3_360);
  });

  it('goes by the usual time of an answer, not by one that was slow', () => {
    assert.equal(smoothed(undefined, 40), 40);
    assert.equal(smoothed(40, 80), 50);
  });

  it('is as soon after hours as at first: who has waited longest does not hear of it last', () => {
    assert.deepEqual(
      [0, 60_000, 3_600_000, 28_800_000].map((waited) => poll(waited, { answerMs: 42 })),
      [4_200, 4_200, 4_200, 4_200],
    );
  });

  it('is a second after the lock’s end where that comes first', () => {
    assert.equal(poll(0, { answerMs: 900, ends: 3_000 }), 4_000);
    assert.equal(poll(0, { answerMs: 900, ends: 3_600_000 }), 30_000);
    assert.equal(poll(0, { answerMs: 900, ends: -1 }), 30_000, 'one past its end is not worth a hurry');
  });

  it('is rarer where answers say nothing', () => {
    assert.ok(poll(0, { failures: 2 }) > 3 * poll(0));
  });

  it('becomes rare where nothing is likely to happen by itself', () => {
    const rare = (waitedMs: number, ends?: number) => poll(waitedMs, { pace: 'rare', ...(ends && { ends }) });
    assert.deepEqual(
      [0, 60_000, 200_000, 1_200_000, 7_200_000].map((waited) => rare(waited)),
      [2_000, 15_000, 50_000, 300_000, 300_000],
    );
    assert.equal(rare(7_200_000, 20_000), 21_000, 'an end that is told is still worth a look');
  });

  it('is tried again later and later, as far as that makes sense', () => {
    const pauses = (pace: WaitPace) => [1, 2, 3, 6, 7, 40].map((tries) => retryPause(tries, pace) / 1_000);
    assert.deepEqual(pauses('usual'), [1, 2, 4, 32, 32, 32]);
    assert.deepEqual(pauses('growing'), [4, 8, 16, 128, 256, 300]);
    assert.deepEqual(pauses('rare'), pauses('growing'));
  });

  it('is not in step with others', () => {
    assert.notEqual(poll(0, { chance: 0.1 }), poll(0, { chance: 0.9 }));
  });
});
