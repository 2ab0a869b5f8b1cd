import assert from 'node:assert/strict';
import { window } from 'vscode';
import { RemoteFailure } from '../../src/core/model/failure';
import { LockStore } from '../../src/core/locks/lockStore';
import { serverOf, type ResourceId } from '../../src/core/model/resource';
import { defaults } from '../../src/core/settings/settings';
import { Connections } from '../../src/editor/connection/connections';
import { idOf } from '../support/builders/locks';
import { typing } from './inputByHand';

const folder = idOf('folder');
const server = serverOf(folder);

function given(
  offers: { locks?: boolean } = { locks: true },
  refuses: (resource: ResourceId) => boolean = () => false,
) {
  const probes = { count: 0 };
  const store = new LockStore();
  const connections = new Connections({
    settings: {
      get: () => defaults,
      connectionTo: () => undefined,
      removeConnections: () => Promise.resolve(),
    } as never,
    secrets: {
      get: () => Promise.resolve(undefined),
      snapshot: () => Promise.resolve(undefined),
      restore: () => Promise.resolve(),
      set: () => Promise.resolve(),
      use: () => Promise.resolve(),
      forget: () => Promise.resolve(),
    } as never,
    filesOf: () =>
      ({
        probe: (resource: ResourceId) => {
          probes.count += 1;
          return refuses(resource)
            ? Promise.reject(new RemoteFailure('signInNeeded', { resource, status: 401 }))
            : Promise.resolve({ webdav: true, ...offers });
        },
      }) as never,
    store,
    reset: () => Promise.resolve(),
  });
  return { connections, store, probes };
}

/** How often somebody was asked to type, or offered a sign-in, while `run` ran. */
async function questions(run: () => unknown): Promise<{ asked: number; offered: number }> {
  const { showWarningMessage } = window;
  const count = { asked: 0, offered: 0 };
  Object.assign(window, {
    showWarningMessage: () => Promise.resolve(void (count.offered += 1)),
  });
  try {
    const { asked } = await typing([], async () => {
      await run();
      await new Promise((resolve) => setImmediate(resolve));
    });
    count.asked = asked.length;
  } finally {
    Object.assign(window, { showWarningMessage });
  }
  return count;
}

describe('Who has signed out', () => {
  it('is not asked to sign in by what goes on in the background, but can', async () => {
    const { connections } = given({}, () => true);
    let told = 0;
    connections.onDidChangeDeclined(() => (told += 1));
    await connections.signOut(server);
    const none = { asked: 0, offered: 0 };
    assert.deepEqual(await questions(() => connections.signInNeeded(folder)), none);
    assert.deepEqual(
      connections.declined().map((one) => serverOf(one.folder)),
      [server],
    );
    assert.equal(told, 1);
    const once = { asked: 1, offered: 0 };
    assert.deepEqual(await questions(() => connections.askToSignIn(folder)), once);
  });

  it('is offered a sign-in once after the next one, and never interrupted by a question', async () => {
    let isRefused = false;
    const { connections, probes } = given({ locks: true }, () => isRefused);
    await connections.signOut(server);
    await connections.signIn(folder, { user: 'ann' });
    assert.deepEqual(connections.declined(), []);
    // A request from before the sign-in was answered after it, however late.
    const none = { asked: 0, offered: 0 };
    assert.deepEqual(await questions(() => connections.signInNeeded(folder)), none);
    isRefused = true;
    probes.count = 0;
    const inBackground = () => {
      for (let times = 0; times < 3; times++) connections.signInNeeded(folder);
    };
    assert.deepEqual(await questions(inBackground), { asked: 0, offered: 1 });
    assert.equal(probes.count, 1, 'refusals at the same time are checked by one request');
    assert.deepEqual(
      connections.declined().map((one) => serverOf(one.folder)),
      [server],
    );
  });

  it('is offered a sign-in to the folder that refuses, whatever another folder of the server says meanwhile', async () => {
    const refusing = idOf('refusing');
    const { connections } = given({ locks: true }, (resource) => resource === refusing);
    await connections.signIn(folder, { user: 'ann' });
    const inBackground = () => {
      connections.signInNeeded(folder);
      connections.signInNeeded(refusing);
    };
    assert.deepEqual(await questions(inBackground), { asked: 0, offered: 1 });
    assert.deepEqual(connections.declined(), [{ folder: refusing }]);
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

describe('What an account has read', () => {
  for (const isRefused of [false, true])
    it(`is not for the next one to see, which the server refuses: ${isRefused}`, async () => {
      const { connections } = given({}, () => isRefused);
      const replaced: string[] = [];
      connections.onDidReplaceCredentials((one) => void replaced.push(one));
      const switched = connections.useAccount(folder, { user: 'bob' });
      await (isRefused ? assert.rejects(switched, { kind: 'signInNeeded' }) : switched);
      // Once more for the account that is taken back.
      assert.deepEqual(replaced, isRefused ? [server, server] : [server]);
    });
});
