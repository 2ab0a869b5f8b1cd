import assert from 'node:assert/strict';
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
});
