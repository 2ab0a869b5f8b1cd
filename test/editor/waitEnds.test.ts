import assert from 'node:assert/strict';
import { BlockedSaves } from '../../src/core/saving/blockedSaves';
import { RemoteFailure, type FailureKind } from '../../src/core/model/failure';
import { announceWaitEnd } from '../../src/editor/messages/announce';
import { showStatusMessage, clearStatusMessage } from '../../src/editor/messages/statusMessage';
import { idOf, stamp } from '../support/builders/locks';
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
    assert.match(messages.join(), /^report\.md is not waiting any more.*You may not do this .*\(403\)/);
    assert.match(messages.join(), /\| Ask the Administrator… \| Explain$/);
  });

  it('offers to sign in, and waits on after that', async () => {
    const asked: string[] = [];
    const context = contextByHand({
      connections: { askToSignIn: (id: string) => Promise.resolve(asked.push(`sign in ${id}`) > 0) },
      documents: { isDirty: () => true },
      waits: { arm: (id: string) => asked.push(`wait ${id}`) },
    });
    await heard(() => announceWaitEnd(context, file, 'failed', failure('signInNeeded', 401)), 'Sign In');
    assert.deepEqual(asked, [`sign in ${file}`, `wait ${file}`]);
  });

  it('says nothing that VS Code’s own message has said', async () => {
    const refusal = failure('quota', 507);
    const context = contextByHand({ blockedSaves: refusedWith(refusal) });
    const { messages, words } = await heard(() => announceWaitEnd(context, file, 'failed', refusal));
    assert.deepEqual(messages, []);
    assert.deepEqual(words, ['report.md is not waiting any more.']);
  });

  it('names the cause behind a 423 that no lock explains', async () => {
    const refusal = failure('locked', 423);
    const diagnosisService = { diagnose: () => diagnosis('serverFault', 'high') };
    const context = contextByHand({ blockedSaves: refusedWith(refusal), diagnosisService });
    const { messages } = await heard(() => announceWaitEnd(context, file, 'failed', refusal));
    assert.match(messages.join(), /The server, or the connection to it, has a fault\./);
  });

  it('says at the end of its time what was in the way', async () => {
    const busy = await heard(() => announceWaitEnd(contextByHand(), file, 'gaveUp', failure('busy', 503)));
    assert.match(busy.messages.join(), /could not be saved in all that time.*is busy \(503\)/);
    const locked = await heard(() => announceWaitEnd(contextByHand(), file, 'gaveUp'));
    assert.match(locked.messages.join(), /is still locked/);
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
