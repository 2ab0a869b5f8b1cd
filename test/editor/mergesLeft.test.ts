// Merged texts that an earlier window left unsaved: what the editor brings back is not always the last of them.
import assert from 'node:assert/strict';
import { Range, window, workspace, type TextDocument, type TextEditor } from 'vscode';
import { Emitter } from '../../src/base/emitter';
import type { ResourceId } from '../../src/core/model/resource';
import { BaseVersions, type BaseVersion } from '../../src/core/saving/baseVersions';
import { BlockedSaves } from '../../src/core/saving/blockedSaves';
import { Merges } from '../../src/editor/files/merges';
import { KeptMerges } from '../../src/storage/keptMerges';
import { bytesOf, file } from '../support/core/files';
import { Memento } from '../support/core/memento';

const resource = file('report.md');
const everything = new Range(0, 0, 1_000, 0);
const version = (etag: string, text: string): BaseVersion => ({
  version: { etag: { opaque: etag, weak: false } },
  bytes: bytesOf(text),
  certain: true,
});
const before = version('1', 'One.\nTwo.\n');
const theirs = version('2', 'One.\nTwo.\nBy Ann.\n');

describe('Merged texts that a window left unsaved', () => {
  let document: TextDocument;
  let memento: Memento;
  let editor: TextEditor;

  beforeEach(async () => {
    memento = new Memento();
    document = await workspace.openTextDocument({ content: 'Mine: One.\nTwo.\n' });
    editor = await window.showTextDocument(document);
  });

  /** What a window knows, with the document that it shows. */
  function open(shown?: BaseVersion) {
    const baseVersions = new BaseVersions();
    if (shown) baseVersions.setShown(resource, shown);
    const [edited, cleaned, closed, compared] = Array.from({ length: 4 }, () => new Emitter<ResourceId>());
    assert.ok(edited && cleaned && closed && compared);
    let settle = () => undefined as void;
    const merges = new Merges({
      baseVersions,
      blockedSaves: new BlockedSaves(),
      documents: {
        find: () => document,
        onDidEdit: edited.event,
        onDidClean: cleaned.event,
        onDidClose: closed.event,
      },
      copies: { of: () => undefined, onDidCompare: compared.event },
      keptMerges: new KeptMerges(memento),
      clock: {
        after: (_, run) => {
          settle = run;
          return { dispose: () => undefined };
        },
      },
    });
    const typed = async (text: string) => {
      await editor.edit((edit) => edit.replace(editor.document.validateRange(everything), text));
      edited.fire(resource);
    };
    return {
      baseVersions,
      merges,
      typed,
      settled: () => settle(),
      saved: () => cleaned.fire(resource),
      /** VS Code reports the unsaved text. */
      restored: () => edited.fire(resource),
      base: () => baseVersions.shownOf(resource)?.version.etag?.opaque,
    };
  }

  /** A window in which the document was merged. */
  async function merged() {
    const first = open(before);
    await first.merges.merge(
      resource,
      { version: theirs.version, bytes: theirs.bytes ?? bytesOf('') },
      before,
    );
    assert.equal(document.getText(), 'Mine: One.\nTwo.\nBy Ann.\n');
    return first;
  }

  it('are merged still, and a save may replace the merged version', async () => {
    await merged();
    const next = open();
    next.restored();
    assert.deepEqual([next.merges.of(resource), next.base()], ['save', '2']);
    assert.equal(next.merges.loadedOf(resource)?.version.etag?.opaque, '1');
  });

  it('may have been typed on, as far as that is known', async () => {
    const first = await merged();
    await first.typed('Mine: One.\nTwo.\nBy Ann.\nAnd me.\n');
    first.settled();
    const next = open();
    next.restored();
    assert.deepEqual([next.merges.of(resource), next.base()], ['save', '2']);
  });

  it('are not taken for merged where the text is another one, as after a crash', async () => {
    const first = await merged();
    await first.typed('Mine: One.\n');
    const next = open();
    next.restored();
    assert.deepEqual([next.merges.of(resource), next.base()], [undefined, '1']);
  });

  it('are to be reviewed where undo had taken the merge out', async () => {
    const first = await merged();
    await first.typed('Mine: One.\nTwo.\n');
    first.settled();
    const next = open();
    next.restored();
    assert.deepEqual([next.merges.of(resource), next.base()], ['review', '1']);
  });

  it('are nothing to a text that this window has read itself', async () => {
    await merged();
    const next = open(version('3', 'Three.\n'));
    next.restored();
    assert.deepEqual([next.merges.of(resource), next.base()], [undefined, '3']);
  });

  it('are forgotten once they are saved', async () => {
    const first = await merged();
    first.saved();
    const next = open();
    next.restored();
    assert.deepEqual([next.merges.of(resource), next.base()], [undefined, undefined]);
  });
});
