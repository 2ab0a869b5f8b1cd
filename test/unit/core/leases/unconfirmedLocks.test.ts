import assert from 'node:assert/strict';
import { RemoteFailure } from '../../../../src/core/model/failure';
import { UnconfirmedLocks } from '../../../../src/core/leases/unconfirmedLocks';
import type { LockId, LockState } from '../../../../src/core/model/lock';
import { file } from '../../../support/core/files';

const resource = file('a');
const ownerlessLock = 'nobodys' as LockId;
const at = (mono: number) => ({ mono, wall: mono });
const unanswered = new RemoteFailure('timeout', { resource, maybeDone: true });
const refused = new RemoteFailure('locked', { resource, ownerlessLock });
const free = (mono: number): LockState => ({ kind: 'unlocked', proof: 'listed', at: at(mono) });
const request = { seconds: 600, owner: '', mark: 'm1' };
const unknown: LockState = { kind: 'unknown', why: 'notAsked' };
const lockedBefore: LockState = {
  kind: 'locked',
  at: at(0),
  locks: [
    {
      source: 'listing',
      id: ownerlessLock,
      scope: 'exclusive',
      depth: 'self',
      holder: { contacts: [], assertedBy: 'nobody', self: 'unknown' },
      expiry: { kind: 'unknown' },
    },
  ],
};

describe('A lock that names no holder', () => {
  it('may be ours where it appeared after we asked and were not answered', () => {
    for (const before of [unknown, free(0)]) {
      const unconfirmedLocks = new UnconfirmedLocks();
      unconfirmedLocks.failed(unanswered, request, { before: before, at: at(1) });
      assert.equal(unconfirmedLocks.has(ownerlessLock), false);
      unconfirmedLocks.failed(refused, request, { before: unknown, at: at(2) });
      assert.equal(unconfirmedLocks.has(ownerlessLock), true);
    }
  });

  it('is somebody else’s where we were answered, or it was there before', () => {
    const answered = new UnconfirmedLocks();
    answered.failed(refused, request, { before: free(0), at: at(1) });
    assert.equal(answered.has(ownerlessLock), false);
    const late = new UnconfirmedLocks();
    late.failed(unanswered, request, { before: lockedBefore, at: at(1) });
    late.failed(refused, request, { before: unknown, at: at(2) });
    assert.equal(late.has(ownerlessLock), false);
  });

  it('is somebody else’s where the file was seen to be free since, or we got our lock', () => {
    const seenFree = new UnconfirmedLocks();
    seenFree.failed(unanswered, request, { before: unknown, at: at(1) });
    seenFree.failed(refused, request, { before: free(2), at: at(3) });
    assert.equal(seenFree.has(ownerlessLock), false);
    const got = new UnconfirmedLocks();
    got.failed(unanswered, request, { before: unknown, at: at(1) });
    got.confirmed(resource);
    got.failed(refused, request, { before: unknown, at: at(3) });
    assert.equal(got.has(ownerlessLock), false);
  });

  it('is forgotten with the request that it may be from', () => {
    const unconfirmedLocks = new UnconfirmedLocks();
    const fail = (failure: RemoteFailure, before: LockState, mono: number) =>
      unconfirmedLocks.failed(failure, request, { before, at: at(mono) });
    fail(unanswered, unknown, 1);
    fail(refused, unknown, 2);
    assert.equal(unconfirmedLocks.has(ownerlessLock), true);
    unconfirmedLocks.confirmed(resource);
    assert.equal(unconfirmedLocks.has(ownerlessLock), false);
    fail(unanswered, unknown, 3);
    fail(refused, unknown, 4);
    unconfirmedLocks.sent(file('b'), request, at(2 * 600_000 + 100));
    assert.equal(unconfirmedLocks.has(ownerlessLock), false, 'a lock of ours has ended by now');
  });
});

describe('The mark of a LOCK', () => {
  it('tells our lock on its file until the outcome is known', () => {
    const unconfirmedLocks = new UnconfirmedLocks();
    const awaits = (mark = 'm1', of = resource) => unconfirmedLocks.awaits(mark, of);
    assert.equal(awaits(), false);
    unconfirmedLocks.sent(resource, request, at(1));
    assert.deepEqual([awaits(), awaits('m2'), awaits('m1', file('b'))], [true, false, false]);
    unconfirmedLocks.failed(refused, request, { before: unknown, at: at(2) });
    assert.equal(awaits(), false, 'a refused LOCK has taken nothing');
    unconfirmedLocks.sent(resource, request, at(3));
    unconfirmedLocks.failed(unanswered, request, { before: unknown, at: at(4) });
    assert.equal(awaits(), true);
    unconfirmedLocks.confirmed(resource);
    assert.equal(awaits(), false);
  });
});
