import assert from 'node:assert/strict';
import type { Lock } from '../../../../src/core/model/lock';
import { LockHistory } from '../../../../src/core/locks/lockHistory';
import { idOf, lock, stamp } from '../../../support/builders/locks';

const file = idOf('a.txt');
const unlisted: Lock = {
  source: 'refusal',
  scope: 'exclusive',
  depth: 'self',
  holder: { contacts: [], assertedBy: 'nobody', self: 'unknown' },
  expiry: { kind: 'unknown' },
};

function historyOf(...looks: readonly (readonly Lock[])[]) {
  const history = new LockHistory();
  looks.forEach((locks, index) => {
    const at = stamp(1_000 * (index + 1));
    history.observed(
      file,
      locks.length > 0 ? { kind: 'locked', locks, at } : { kind: 'unlocked', proof: 'listed', at },
    );
  });
  return history.of(file);
}

describe('The history of a lock', () => {
  it('follows one lock over many looks, and ends it when it is no longer listed', () => {
    const one = lock();
    const { locks, changes } = historyOf([one], [one], []);
    assert.deepEqual(
      locks.map(({ key, firstSeen, lastSeen, ended, looks }) => ({
        key,
        firstSeen,
        lastSeen,
        ended,
        looks,
      })),
      [{ key: one.id, firstSeen: 1_000, lastSeen: 2_000, ended: 3_000, looks: 2 }],
    );
    assert.deepEqual(
      changes.map(({ state }) => state),
      ['locked', 'free'],
    );
  });

  it('counts a lock known only by its refusal as the one that is listed next', () => {
    const ann = lock();
    assert.deepEqual(
      historyOf([unlisted], [ann]).locks.map(({ key }) => key),
      [ann.id],
    );
    assert.equal(historyOf([unlisted], []).locks.length, 1);
  });

  it('ends what a listing leaves out, also where a server lists neither tokens nor roots', () => {
    const ann = { ...unlisted, source: 'listing' as const, since: stamp(5) };
    const bob = { ...unlisted, source: 'listing' as const, since: stamp(6) };
    assert.deepEqual(
      historyOf([ann], [bob]).locks.map(({ ended }) => ended),
      [2_000, undefined],
    );
  });

  it('leaves no trace of files that never had a lock', () => {
    assert.deepEqual(historyOf([], []), { locks: [], changes: [], attempts: [] });
  });
});
