// The pick of actions on a file: its title says what the actions are about, and what is next comes first.
import assert from 'node:assert/strict';
import { window, type QuickPickItem } from 'vscode';
import { showActions } from '../../src/editor/commands/locks/actions';
import { toUri } from '../../src/editor/uris';
import { idOf, lock } from '../support/builders/locks';
import { statusSourcesByHand } from '../support/builders/statusSources';
import { contextByHand } from './contextByHand';

type Hands = ReturnType<typeof statusSourcesByHand>;

/** What is shown of an edited file. */
async function shown(prepare: (hands: Hands) => void): Promise<{ title: string; first: string | undefined }> {
  const hands = statusSourcesByHand();
  prepare(hands);
  const context = contextByHand({
    ...hands.sources,
    documents: { isOpen: () => true, isDirty: () => true },
    copies: { of: () => undefined },
  });
  const before = window.showQuickPick;
  let told = { title: '', first: undefined as string | undefined };
  const instead = (items: readonly QuickPickItem[], { title }: { readonly title: string }) => {
    told = { title, first: items[0]?.label };
    return Promise.resolve(undefined);
  };
  Object.assign(window, { showQuickPick: instead });
  try {
    await showActions(context, toUri(idOf('folder/a.md')));
  } finally {
    Object.assign(window, { showQuickPick: before });
  }
  return told;
}

describe('The actions on a file', () => {
  it('are named by who holds its lock', async () => {
    const { title } = await shown(({ list }) => list('folder/a.md', [lock()]));
    assert.equal(title, 'a.md: Ann Lee · never expires');
    assert.equal((await shown(({ list }) => list('folder/a.md', []))).title, 'a.md: No lock listed');
  });

  it('are named by what is next after a change on the server, which comes first', async () => {
    const changed = await shown(({ list, block }) => {
      list('folder/a.md', []);
      block('folder/a.md', 'contentChanged');
    });
    assert.deepEqual(changed, { title: 'a.md · Changed on server: review', first: '$(git-merge) Merge' });
    const merged = await shown(({ list, merge }) => {
      list('folder/a.md', []);
      merge('folder/a.md', 'save');
    });
    assert.deepEqual(merged, { title: 'a.md · Merged: save', first: '$(save) Save' });
    const overlaps = await shown(({ list, merge }) => {
      list('folder/a.md', []);
      merge('folder/a.md', 'resolve');
    });
    const conflict = '$(arrow-down) Next Conflict';
    assert.deepEqual(overlaps, { title: 'a.md · Merged: resolve conflicts', first: conflict });
  });

  it('are named by the lock that comes first, whatever else is changed', async () => {
    const { title } = await shown(({ list, merge }) => {
      list('folder/a.md', [lock()]);
      merge('folder/a.md', 'save');
    });
    assert.equal(title, 'a.md: Ann Lee · never expires');
  });
});
