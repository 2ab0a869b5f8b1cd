import assert from 'node:assert/strict';
import type { Lease } from '../../src/core/model/lease';
import type { LossOutcome } from '../../src/core/saving/lostLockRecovery';
import { announceLoss } from '../../src/editor/messages/announce';
import { systemClock } from '../../src/editor/clock';
import { PassingMessage } from '../../src/editor/messages/passingMessage';
import { idOf } from '../support/builders/locks';
import { contextByHand, heard } from './contextByHand';

const file = idOf('folder/report.md');

/** What is said of a lock that was lost and taken again. */
async function said(content: LossOutcome['content'], { unsaved }: { readonly unsaved: boolean }) {
  const context = contextByHand({ documents: { isDirty: () => unsaved } });
  const lease = { resource: file } as Lease;
  const loss = { lease, why: 'broken', claims: new Set(['edit'] as const) } as const;
  const { messages } = await heard(() =>
    announceLoss(context, { loss, outcome: 'retaken', content }, new PassingMessage(systemClock)),
  );
  return messages;
}

describe('A lost lock that was taken again', () => {
  it('is no news where the file is as it was', async () => {
    assert.deepEqual(await said('same', { unsaved: true }), []);
  });

  it('says what somebody wrote just before to who has an unsaved text', async () => {
    assert.deepEqual(await said('changed', { unsaved: true }), [
      'report.md was changed on the server since you last saw it. Compare before you save. | Compare',
    ]);
    assert.deepEqual(await said('changed', { unsaved: false }), [], 'the editor shows it by itself');
  });
});
