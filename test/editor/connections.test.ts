import assert from 'node:assert/strict';
import { window } from 'vscode';
import { LockStore } from '../../src/core/locks/lockStore';
import { serverOf } from '../../src/core/model/resource';
import { defaults } from '../../src/core/settings/settings';
import { Connections } from '../../src/editor/connection/connections';
import { idOf } from '../support/builders/locks';

const folder = idOf('folder');
const server = serverOf(folder);

function given(offers: { locks?: boolean } = { locks: true }) {
  const store = new LockStore();
  const connections = new Connections({
    settings: {
      get: () => defaults,
      connectionTo: () => undefined,
      removeConnections: () => Promise.resolve(),
    } as never,
    secrets: {
      get: () => Promise.resolve(undefined),
      set: () => Promise.resolve(),
      forget: () => Promise.resolve(),
    } as never,
    filesOf: () => ({ probe: () => Promise.resolve({ webdav: true, ...offers }) }) as never,
    store,
    reset: () => Promise.resolve(),
  });
  return { connections, store };
}

/** How often somebody was asked to type while `run` ran. */
async function questions(run: () => unknown): Promise<number> {
  const before = window.showInputBox;
  let count = 0;
  Object.assign(window, { showInputBox: () => Promise.resolve(void (count += 1)) });
  try {
    await run();
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    Object.assign(window, { showInputBox: before });
  }
  return count;
}

describe('Who has signed out', () => {
  it('is not asked to sign in by what goes on in the background, but can', async () => {
    const { connections } = given();
    let told = 0;
    connections.onDidChangeDeclined(() => (told += 1));
    await connections.signOut(server);
    assert.equal(await questions(() => connections.signInNeeded(folder)), 0);
    assert.deepEqual(connections.declined().map(serverOf), [server]);
    assert.equal(told, 1);
    assert.equal(await questions(() => connections.askToSignIn(folder)), 1);
  });

  it('is as before after a sign-in', async () => {
    const { connections } = given();
    await connections.signOut(server);
    await connections.signIn(folder, { user: 'ann' });
    assert.deepEqual(connections.declined(), []);
    assert.equal(await questions(() => connections.signInNeeded(folder)), 1);
  });
});

describe('Looking at what stands behind an address', () => {
  it('learns whether the folder has locks', async () => {
    const none = given({ locks: false });
    await none.connections.probe(folder);
    assert.equal(none.store.isLockless(folder), true);
    const some = given();
    some.store.apply({ kind: 'lockless', folder, is: true });
    await some.connections.probe(folder);
    assert.equal(some.store.isLockless(folder), false);
    const silent = given({});
    await silent.connections.probe(folder);
    assert.equal(silent.store.isLockless(folder), false);
  });
});
