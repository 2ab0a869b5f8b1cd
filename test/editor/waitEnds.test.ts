import assert from 'node:assert/strict';
import { BlockedSaves } from '../../src/core/saving/blockedSaves';
import { RemoteFailure, type FailureKind } from '../../src/core/model/failure';
import { announceWaitEnd } from '../../src/editor/messages/announce';
import { showStatusMessage, clearStatusMessage } from '../../src/editor/messages/statusMessage';
import { WaitMessages } from '../../src/editor/messages/waitMessages';
import { LockStore } from '../../src/core/locks/lockStore';
import type { Lock } from '../../src/core/model/lock';
import type { ResourceId } from '../../src/core/model/resource';
import { idOf, lock, stamp } from '../support/builders/locks';
import { diagnosis, heard, contextByHand } from './contextByHand';

const file = idOf('folder/report.md');

function failure(kind: FailureKind, status: number): RemoteFailure {
  return new RemoteFailure(kind, { resource: file, status });
}

function refusedWith(refusal: RemoteFailure): BlockedSaves {
  const blockedSaves = new BlockedSaves();
  blockedSaves.keep({
    resource: file,
    bytes: new Uint8Array(),
    base: undefined,
    since: stamp(1),
    failure: refusal,
  });
  return blockedSaves;
}

describe('A wait that does not help any more', () => {
  it('says why with the failure’s own sentence', async () => {
    const { messages } = await heard(() =>
      announceWaitEnd(contextByHand(), file, 'failed', failure('forbidden', 403)),
    );
    assert.equal(messages.length, 1);
    assert.match(
      messages.join(),
      /^report\.md is no longer waiting.*You don’t have permission to do this .*\(403\)/,
    );
    assert.match(messages.join(), /\| Ask Administrator… \| Explain$/);
  });

  it('offers to sign in, and waits on after that', async () => {
    const asked: string[] = [];
    const context = contextByHand({
      connections: { askToSignIn: (id: string) => Promise.resolve(asked.push(`sign in ${id}`) > 0) },
      documents: { isDirty: () => true },
      waits: { arm: (id: string) => asked.push(`wait ${id}`) },
    });
    await heard(() => announceWaitEnd(context, file, 'failed', failure('signInNeeded', 401)), 'Sign In…');
    assert.deepEqual(asked, [`sign in ${file}`, `wait ${file}`]);
  });

  it('says nothing that VS Code’s own message has said', async () => {
    const refusal = failure('quota', 507);
    const context = contextByHand({ blockedSaves: refusedWith(refusal) });
    const { messages, words } = await heard(() => announceWaitEnd(context, file, 'failed', refusal));
    assert.deepEqual(messages, []);
    assert.deepEqual(words, ['report.md is no longer waiting.']);
  });

  it('names the cause behind a 423 that no lock explains', async () => {
    const refusal = failure('locked', 423);
    const diagnosisService = { diagnose: () => diagnosis('serverFault', 'high') };
    const context = contextByHand({ blockedSaves: refusedWith(refusal), diagnosisService });
    const { messages } = await heard(() => announceWaitEnd(context, file, 'failed', refusal));
    assert.match(messages.join(), /Something is wrong with the server or the connection to it\./);
  });

  it('says at the end of its time what was in the way', async () => {
    const busy = await heard(() => announceWaitEnd(contextByHand(), file, 'gaveUp', failure('busy', 503)));
    assert.match(busy.messages.join(), /couldn’t be saved in time.*is busy \(503\)/);
    const store = new LockStore();
    const listing = { locks: [lock()], reported: true };
    store.apply({ kind: 'listed', entries: [{ resource: file, listing }], at: stamp(0) });
    const locked = await heard(() => announceWaitEnd(contextByHand({ store }), file, 'gaveUp'));
    assert.match(locked.messages.join(), /is still locked/);
    // As after text was typed until the end, of which the part before is saved.
    const unknown = await heard(() => announceWaitEnd(contextByHand(), file, 'gaveUp'));
    assert.match(unknown.messages.join(), /couldn’t be saved in time.*: save it again\./);
  });
});

describe('A wait that began by a click', () => {
  const at = stamp(0);
  const annUntil = (ms: number) =>
    lock({ holder: { name: 'Ann Lee', assertedBy: 'server' }, expiry: { kind: 'at', at: stamp(ms) } });

  function given(locks: readonly Lock[], nowMs = 60_000) {
    const store = new LockStore();
    const list = (...listed: readonly Lock[]) =>
      store.apply({
        kind: 'listed',
        entries: [{ resource: file, listing: { locks: listed, reported: true } }],
        at,
      });
    list(...locks);
    const waiting = new Set([file]);
    const waits = {
      of: (id: ResourceId) => (waiting.has(id) ? { resource: id } : undefined),
      stop: (id: ResourceId) => waiting.delete(id),
    };
    const clock = { now: () => stamp(nowMs), after: () => ({ dispose: () => undefined }), random: () => 0 };
    return { messages: new WaitMessages({ store, waits, clock } as never), waiting, list };
  }

  it('says who has to release the lock, and stops on the word of the person', async () => {
    const { messages, waiting } = given([annUntil(600_000)]);
    const said = await heard(() => messages.acknowledge(file), 'Stop');
    assert.deepEqual(said.messages, ['report.md will be saved when Ann Lee releases the lock. | Stop']);
    assert.equal(waiting.size, 0);
  });

  it('names nobody where nobody is known', async () => {
    const { messages } = given([]);
    assert.deepEqual((await heard(() => messages.acknowledge(file))).messages, [
      'report.md will be saved when its lock is free. | Stop',
    ]);
    assert.deepEqual((await heard(() => messages.saved(file))).words, ['Saved report.md.']);
  });

  it('says at its end who released the lock, or that it expired', async () => {
    const released = given([annUntil(600_000)]);
    released.messages.noteHolders([file]);
    released.list();
    assert.deepEqual((await heard(() => released.messages.saved(file))).words, [
      'Saved report.md after Ann Lee released the lock.',
    ]);
    const expired = given([annUntil(30_000)]);
    expired.messages.noteHolders([file]);
    assert.deepEqual((await heard(() => expired.messages.saved(file))).words, [
      'Saved report.md after the lock of Ann Lee expired.',
    ]);
  });
});

describe('A word that goes by itself', () => {
  it('is taken away by newer news of the same file, and by the next word', async () => {
    const { words } = await heard(() => {
      showStatusMessage('report.md was saved.', file);
      clearStatusMessage([idOf('other.md')]);
    });
    assert.deepEqual(words, ['report.md was saved.']);
    const newer = await heard(() => {
      showStatusMessage('report.md was saved.', file);
      clearStatusMessage([idOf('other.md'), file]);
    });
    assert.deepEqual(newer.words, []);
    const next = await heard(() => {
      showStatusMessage('one');
      showStatusMessage('two');
    });
    assert.deepEqual(next.words, ['two']);
  });
});
