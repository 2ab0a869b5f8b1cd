// Texts beside the person's own, in the encoding that is set for the file.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { KeptText } from '../../src/core/saving/journalStore';
import { KeptCopies } from '../../src/editor/files/keptCopies';
import { ServerCopies } from '../../src/editor/files/serverCopies';
import { idOf } from '../support/builders/locks';

const bytes = Uint8Array.of(0x63, 0x61, 0x66, 0xe9);
const [plainText, other] = [idOf('a.txt'), idOf('a.md')];

describe('The encoding of a file', () => {
  const settings = vscode.workspace.getConfiguration('files', { languageId: 'plaintext' });
  const set = (value?: string) => settings.update('encoding', value, vscode.ConfigurationTarget.Global, true);

  before(() => set('iso88591'));
  after(() => set(undefined));

  it("is that of the server's content in a comparison", async () => {
    const read = () => Promise.resolve({ bytes, version: {} });
    const copies = new ServerCopies(read);
    assert.equal(await copies.provideTextDocumentContent(await copies.fetch(plainText)), 'café');
    assert.equal(await copies.provideTextDocumentContent(await copies.fetch(other)), 'caf\ufffd');
    copies.dispose();
  });

  it('is that of a kept text', async () => {
    const copies = new KeptCopies();
    const read = (resource: typeof plainText) =>
      copies.provideTextDocumentContent(
        copies.show({ id: resource, resource, since: 0 } as unknown as KeptText, 'text', bytes),
      );
    assert.deepEqual([await read(plainText), await read(other)], ['café', 'caf\ufffd']);
  });
});
