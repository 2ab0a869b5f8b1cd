import assert from 'node:assert/strict';
import { RemoteFailure, type FailureKind } from '../../../../src/core/model/failure';
import type { Lock, LockId, LockState } from '../../../../src/core/model/lock';
import {
  decideSave,
  transientLockMs,
  type RefusedWrite,
  type RetryStep,
  type SaveDecision,
} from '../../../../src/core/saving/saveDecision';
import { lock, stamp } from '../../../support/builders/locks';
import { file } from '../../../support/core/files';

const mine = (id: string): Lock => lock({ id: id as LockId, holder: { self: 'thisWindow' } });
const held = (...locks: Lock[]): LockState => ({ kind: 'locked', locks, at: stamp(1) });
const free: LockState = { kind: 'unlocked', proof: 'listed', at: stamp(1) };
const silent: LockState = { kind: 'unknown', why: 'notListed', at: stamp(1) };
const ours = ['1' as LockId];

function decide(kind: FailureKind, more: Partial<RefusedWrite> = {}, retryAfterMs?: number): string {
  const facts = { resource: file('a'), ...(retryAfterMs !== undefined && { retryAfterMs }) };
  const decision: SaveDecision = decideSave({
    failure: new RemoteFailure(kind, facts),
    sent: [],
    lockPending: false,
    sentIfMatch: '"1"',
    currentTag: '"1"',
    state: free,
    listingSupport: 'seen',
    content: 'same',
    tried: new Set(),
    spentMs: 0,
    pauses: 0,
    ...more,
  });
  if (decision.do === 'report') return `report ${decision.as}`;
  return decision.do === 'pause' ? `pause ${decision.ms}` : decision.do;
}

describe('What a refused write means', () => {
  for (const kind of ['locked', 'preconditionFailed', 'conflict', 'forbidden'] as const) {
    it(`is the same for a ${kind} where the look shows more than the status says`, () => {
      assert.equal(decide(kind, { state: held(lock()) }), 'report locked');
      assert.equal(decide(kind, { content: 'changed' }), 'report contentChanged');
      assert.equal(decide(kind, { content: 'gone' }), 'asNew');
      assert.equal(decide(kind, { sent: ours }), 'relock');
      assert.equal(decide(kind, { sent: ours, tried: new Set(['relock']) }), 'report leaseLost');
      assert.equal(decide(kind, { sent: ours, listingSupport: 'unproven', state: silent }), 'verify');
      assert.equal(decide(kind, { state: held(mine('2')), sentIfMatch: undefined }), 'resend');
    });
  }

  it('prefers whose lock it is to what changed', () => {
    assert.equal(decide('preconditionFailed', { state: held(lock()), content: 'changed' }), 'report locked');
  });

  it('takes a file that was away for a moment for the one that it was', () => {
    const back = { content: 'same' as const, tried: new Set<RetryStep>(['asNew']) };
    assert.equal(decide('exists', back), 'resend');
    assert.equal(decide('exists', { ...back, content: 'changed' }), 'report contentChanged');
    assert.equal(
      decide('exists', { ...back, tried: new Set<RetryStep>(['asNew', 'resend']) }),
      'report asIs',
    );
    assert.equal(decide('exists', { ...back, tried: new Set<RetryStep>() }), 'report asIs');
    assert.equal(decide('exists', { ...back, content: 'unknown' }), 'report asIs');
    assert.equal(decide('conflict', back), 'report asIs');
  });

  it('verifies no lock where none was submitted', () => {
    const unlisted = { listingSupport: 'unproven', state: silent, sentIfMatch: undefined } as const;
    assert.equal(decide('preconditionFailed', unlisted), 'report asIs');
  });

  it('tries each thing once', () => {
    const once = { content: 'gone' as const, tried: new Set(['asNew' as const]) };
    assert.equal(decide('preconditionFailed', once), 'report asIs');
    const verified = {
      sent: ours,
      listingSupport: 'unproven' as const,
      state: silent,
      tried: new Set(['verify' as const]),
    };
    assert.equal(decide('forbidden', verified), 'report asIs');
  });

  it('leaves out a condition that was not understood, once', () => {
    assert.equal(decide('preconditionFailed'), 'unconditional');
    assert.equal(decide('preconditionFailed', { tried: new Set(['unconditional']) }), 'report asIs');
    assert.equal(decide('preconditionFailed', { sentIfMatch: undefined }), 'report asIs');
    assert.equal(decide('preconditionFailed', { content: 'unknown' }), 'report asIs');
  });

  it('is bound to the new tag where the same content has one, and never goes without any for that', () => {
    assert.equal(decide('preconditionFailed', { currentTag: '"2"' }), 'rebind');
    assert.equal(
      decide('preconditionFailed', { currentTag: '"2"', tried: new Set(['rebind']) }),
      'report asIs',
    );
    assert.equal(decide('preconditionFailed', { currentTag: undefined }), 'unconditional');
  });

  it('waits for a lock of ours that is on its way, once, unless somebody else’s is seen', () => {
    const coming = { lockPending: true, state: held(lock({ holder: { self: 'elsewhere' } })) };
    assert.equal(decide('locked', coming), 'awaitLock');
    assert.equal(decide('locked', { lockPending: true, state: silent }), 'awaitLock');
    assert.equal(decide('locked', { ...coming, tried: new Set(['awaitLock']) }), 'report locked');
    assert.equal(
      decide('locked', { lockPending: true, state: held(lock({ holder: { self: 'other' } })) }),
      'report locked',
    );
    assert.equal(decide('exists', coming), 'report locked');
  });

  it('rides out a short lock of the server itself, longer each time, two seconds in all', () => {
    let spentMs = 0;
    let pauses = 0;
    const waited: number[] = [];
    for (;;) {
      const decision = decide('locked', { spentMs, pauses });
      if (!decision.startsWith('pause')) break;
      const ms = Number(decision.split(' ')[1]);
      waited.push(ms);
      spentMs += ms;
      pauses += 1;
    }
    assert.deepEqual(waited, [150, 300, 600]);
    assert.ok(spentMs <= transientLockMs);
  });

  it('does not ride out a lock whose holder is named', () => {
    const refusal = {
      shape: 'json',
      from: 'server',
      codes: [],
      holder: { name: 'Ann', contacts: [], assertedBy: 'server' },
    } as const;
    const failure = new RemoteFailure('locked', { resource: file('a'), refusal });
    assert.equal(decide('locked', { failure }), 'report locked');
  });

  it('waits as long as the server asks where that is short, and not at all where it is long', () => {
    assert.equal(decide('locked', {}, 1_500), 'pause 1500');
    assert.equal(decide('locked', {}, 30_000), 'report locked');
  });
});
