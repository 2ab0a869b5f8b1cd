// The pick of actions on a file: its title says what the actions are about, and what is next comes first.
import assert from 'node:assert/strict';
import { QuickPickItemKind, window, type QuickPickItem } from 'vscode';
import { showActions } from '../../src/editor/commands/locks/actions';
import { toUri } from '../../src/editor/uris';
import { idOf, lock, stamp } from '../support/builders/locks';
import { statusSourcesByHand } from '../support/builders/statusSources';
import { contextByHand } from './contextByHand';

type Hands = ReturnType<typeof statusSourcesByHand>;

/** What is shown of an edited file. */
async function shown(
  prepare: (hands: Hands) => void,
): Promise<{ title: string; first: string | undefined; labels: readonly string[] }> {
  const hands = statusSourcesByHand();
  prepare(hands);
  const context = contextByHand({
    ...hands.sources,
    documents: { isOpen: () => true, isDirty: () => true },
    copies: { of: () => undefined },
  });
  const before = window.showQuickPick;
  let seen = { title: '', first: undefined as string | undefined, labels: [] as readonly string[] };
  const instead = (items: readonly QuickPickItem[], { title }: { readonly title: string }) => {
    const actions = items.filter(({ kind }) => kind !== QuickPickItemKind.Separator);
    const labels = actions.map(({ label }) => label.replace(/^\$\(\S+ /, ''));
    seen = { title, first: items[0]?.label, labels };
    return Promise.resolve(undefined);
  };
  Object.assign(window, { showQuickPick: instead });
  try {
    await showActions(context, toUri(idOf('folder/a.md')));
  } finally {
    Object.assign(window, { showQuickPick: before });
  }
  return seen;
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
    assert.deepEqual(
      [changed.title, changed.first],
      ['a.md · Changed on server: review', '$(git-merge) Merge'],
    );
    const merged = await shown(({ list, merge }) => {
      list('folder/a.md', []);
      merge('folder/a.md', 'save');
    });
    assert.deepEqual([merged.title, merged.first], ['a.md · Merged: save', '$(save) Save']);
    const overlaps = await shown(({ list, merge }) => {
      list('folder/a.md', []);
      merge('folder/a.md', 'resolve');
    });
    const conflict = '$(arrow-down) Next Conflict';
    assert.deepEqual([overlaps.title, overlaps.first], ['a.md · Merged: resolve conflicts', conflict]);
  });

  it('are named by the lock that comes first, whatever else is changed', async () => {
    const { title } = await shown(({ list, merge }) => {
      list('folder/a.md', [lock()]);
      merge('folder/a.md', 'save');
    });
    assert.equal(title, 'a.md: Ann Lee · never expires');
  });

  for (const [why, first, rest] of [
    ['unreachable', 'Refresh', []],
    ['notFound', 'Refresh', []],
    ['auth', 'Sign In…', ['Refresh']],
  ] as const)
    it(`are none that need the file on the server, where the last answer was ${why}`, async () => {
      const { labels } = await shown(({ sources, block }) => {
        block('folder/a.md', 'contentChanged');
        sources.store.apply({ kind: 'unanswered', resource: idOf('folder/a.md'), why, at: stamp(2) });
      });
      const wanted = [first, ...rest, 'Save a Copy…', 'Show Log'];
      assert.deepEqual([...labels].sort(), [...wanted].sort());
      assert.equal(labels[0], first);
    });

  it('are none that need the file on the server, where a save has just not reached it', async () => {
    const { labels } = await shown(({ list, block }) => {
      list('folder/a.md', [], 0);
      block('folder/a.md', 'unreachable');
    });
    assert.deepEqual(labels, ['Refresh', 'Save a Copy…', 'Show Log']);
    const back = await shown(({ list, block }) => {
      block('folder/a.md', 'unreachable');
      list('folder/a.md', [], 2);
    });
    assert.deepEqual(back.labels, ['Lock', 'Compare', 'Save a Copy…', 'Refresh', 'Show Log']);
  });
});
