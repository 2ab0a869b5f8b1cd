import assert from 'node:assert/strict';
import type { Cause, Confidence, Finding } from '../../../../src/core/diagnosis/diagnosis';
import { RemoteFailure, type FailureKind } from '../../../../src/core/model/failure';
import type { LockState } from '../../../../src/core/model/lock';
import { isHopelessPoll, outlookOf, prospectOf, type Outlook } from '../../../../src/core/waiting/waitPolicy';
import { idOf, lock, stamp } from '../../../support/builders/locks';

const minute = 60_000;
const nobody: LockState = { kind: 'unlocked', proof: 'listed', at: stamp(1) };
const somebody: LockState = { kind: 'locked', locks: [lock()], at: stamp(1) };
const unlisted: LockState = {
  kind: 'locked',
  locks: [
    {
      source: 'refusal',
      scope: 'exclusive',
      depth: 'self',
      holder: { contacts: [], assertedBy: 'nobody', self: 'unknown' },
      expiry: { kind: 'unknown' },
    },
  ],
  at: stamp(1),
};

function finding(cause: Cause, confidence: Confidence = 'medium'): Finding {
  return { cause, confidence, evidence: [], advice: [] };
}

function outlook(kind: FailureKind, found = finding('undetermined', 'low'), state = nobody): Outlook {
  return outlookOf(new RemoteFailure(kind, { resource: idOf('a') }), found, state);
}

describe('What a failed try means for a wait', () => {
  const byKind: Readonly<Record<Outlook, readonly FailureKind[]>> = {
    hopeful: ['locked', 'leaseLost', 'busy', 'unreachable', 'interrupted', 'timeout'],
    doubtful: [
      'preconditionFailed',
      'conflict',
      'notWebdav',
      'serverFault',
      'partly',
      'badAnswer',
      'canceled',
      'notFound',
      'redirected',
      'tls',
    ],
    hopeless: [
      'contentChanged',
      'signInNeeded',
      'forbidden',
      'exists',
      'parentMissing',
      'unsupported',
      'quota',
      'refused',
    ],
  };
  for (const [wanted, kinds] of Object.entries(byKind))
    for (const kind of kinds) it(`${kind}: ${wanted}`, () => assert.equal(outlook(kind), wanted));

  const behind423: readonly (readonly [Cause, Confidence, LockState, Outlook])[] = [
    ['access', 'high', nobody, 'hopeless'],
    ['access', 'medium', unlisted, 'hopeless'],
    ['access', 'low', nobody, 'hopeful'],
    ['access', 'high', somebody, 'hopeless'],
    ['access', 'medium', somebody, 'hopeful'],
    ['serverFault', 'medium', nobody, 'doubtful'],
    ['serverFault', 'low', nobody, 'hopeful'],
    ['serverFault', 'high', somebody, 'hopeful'],
    ['automatic', 'high', nobody, 'hopeful'],
    ['expiredEnforced', 'medium', nobody, 'hopeful'],
    ['editedByOther', 'high', somebody, 'hopeful'],
    ['undetermined', 'low', unlisted, 'hopeful'],
  ];
  for (const [cause, confidence, state, wanted] of behind423) {
    const seen = state === somebody ? 'with a lock that is listed' : 'without one';
    it(`a 423 ${seen} and the cause ${cause} (${confidence}): ${wanted}`, () => {
      assert.equal(outlook('locked', finding(cause, confidence), state), wanted);
    });
  }

  it('counts a lock as listed also where the server lists neither tokens nor roots', () => {
    const { source, scope, depth, holder, expiry } = lock();
    const locks = [{ source, scope, depth, holder, expiry }];
    const state: LockState = { kind: 'locked', locks, at: stamp(1) };
    assert.equal(outlook('locked', finding('access', 'medium'), state), 'hopeful');
  });

  it('goes on where the server says when to come again', () => {
    const busy = new RemoteFailure('locked', { resource: idOf('a'), retryAfterMs: 5_000 });
    assert.equal(outlookOf(busy, finding('serverFault', 'high'), nobody), 'hopeful');
    assert.equal(outlookOf(busy, finding('access', 'medium'), nobody), 'hopeful');
  });

  it('takes no cause of a 423 for that of another failure', () => {
    assert.equal(outlook('busy', finding('access', 'high')), 'hopeful');
  });

  it('looks count against a wait only where a save would fail as well', () => {
    const kinds = Object.values(byKind).flat();
    const hopeless = kinds.filter((kind) => isHopelessPoll(new RemoteFailure(kind, { resource: idOf('a') })));
    assert.deepEqual(hopeless.sort(), ['notFound', 'redirected', 'signInNeeded', 'tls']);
  });
});

describe('What the cause of a lock means for who waits', () => {
  const rows: readonly (readonly [Cause, Confidence, number, string])[] = [
    ['editedByOther', 'high', 8 * 60, 'usual'],
    ['undetermined', 'low', 8 * 60, 'usual'],
    ['lockedByHand', 'medium', 0, 'rare byHand'],
    ['lockedByHand', 'low', 0, 'usual'],
    ['expiredEnforced', 'high', 0, 'rare expired'],
    ['expiredEnforced', 'low', 0, 'usual'],
    ['automatic', 'low', 29, 'growing'],
    ['automatic', 'high', 30, 'growing lasting'],
    ['ownLock', 'high', 60, 'usual'],
  ];
  for (const [cause, confidence, minutes, wanted] of rows) {
    it(`${cause} (${confidence}) after ${minutes} minutes: ${wanted}`, () => {
      const { pace, trouble } = prospectOf(finding(cause, confidence), minutes * minute);
      assert.equal([pace, trouble].filter((part) => part !== undefined).join(' '), wanted);
    });
  }
});
