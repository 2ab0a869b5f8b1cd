import assert from 'node:assert/strict';
import { shownByRefusal } from '../../../../src/core/locks/refusedBy';
import { RemoteFailure } from '../../../../src/core/model/failure';
import { LockStore } from '../../../../src/core/locks/lockStore';
import { file } from '../../../support/core/files';

describe('What is known of locks at an address', () => {
  it('is of one folder that has none, and nothing of the others of its server', () => {
    const store = new LockStore();
    const [here, there] = [file('lockless'), file('other')];
    store.apply({ kind: 'lockless', folder: here, is: true });
    assert.equal(store.isLockless(file('lockless/deep/a')), true);
    assert.equal(store.isLockless(there), false);
    assert.equal(store.isLockless(file('lockless-not')), false);
    store.apply({ kind: 'lockless', folder: file('lockless/deep'), is: false });
    assert.equal(store.isLockless(file('lockless/deep/a')), false, 'the nearest counts');
    assert.equal(store.isLockless(file('lockless/b')), true);
  });

  it('is that locks there refuse nobody, once a LOCK has shown it', () => {
    const store = new LockStore();
    const at = { mono: 1, wall: 1 };
    const [here, there] = [file('decorative/a'), file('other/a')];
    const refused = new RemoteFailure('unsupported', { resource: here, code: 'LOCK_NOT_ENFORCED' });
    for (const evidence of shownByRefusal(refused, at)) store.apply(evidence);
    const listing = { locks: [], reported: true };
    store.apply({ kind: 'listed', at, entries: [here, there].map((resource) => ({ resource, listing })) });
    assert.deepEqual([store.viewOf(here).why, store.viewOf(there).why], ['notEnforced', 'unproven']);
    assert.equal(store.isLockless(file('decorative/b')), true);
  });
});
