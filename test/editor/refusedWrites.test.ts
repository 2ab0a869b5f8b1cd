import assert from 'node:assert/strict';
import { FileSystemError } from 'vscode';
import { Emitter } from '../../src/base/emitter';
import { RemoteFailure } from '../../src/core/model/failure';
import { RemoteFileSystem } from '../../src/editor/files/fileSystem';
import { toUri } from '../../src/editor/uris';
import { idOf, stamp } from '../support/builders/locks';
import { contextByHand } from './contextByHand';

const file = idOf('folder/report.md');

function given(isInEditor: boolean) {
  const context = contextByHand();
  const failure = new RemoteFailure('locked', { resource: file, status: 423 });
  const ends: string[] = [];
  context.blockedSaves.onDidEnd(({ how }) => ends.push(how));
  const fileSystem = new RemoteFileSystem({
    ...context,
    directory: {
      onDidChange: new Emitter<never>().event,
      cached: () => undefined,
      stat: () => Promise.reject(new RemoteFailure('timeout', { resource: file })),
    },
    documents: { isDirty: () => false, isOpen: () => isInEditor },
    openFiles: {
      onDidChangeNonTextEditors: new Emitter<never>().event,
      onDidChangeDirty: new Emitter<never>().event,
      isInNonTextEditor: () => false,
      hasTab: () => isInEditor,
    },
    diagnosisService: { diagnose: () => ({ cause: 'editing', advice: ['wait'] }) },
    programEdits: { has: () => true },
    saver: {
      save: (_: unknown, bytes: Uint8Array) => {
        context.blockedSaves.keep({ resource: file, bytes, base: undefined, since: stamp(1), failure });
        return Promise.reject(failure);
      },
    },
  } as never);
  const write = () =>
    fileSystem.writeFile(toUri(file), new TextEncoder().encode('text'), { create: true, overwrite: true });
  return { context, ends, write };
}

describe('A refused write', () => {
  it('stays blocked where an editor has the text, and tells a program which tool waits', async () => {
    const { context, ends, write } = given(true);
    await assert.rejects(write, (error: Error) => {
      assert.ok(error instanceof FileSystemError);
      assert.match(error.message, /lock-status_save_when_free/);
      return true;
    });
    assert.equal(context.blockedSaves.all().length, 1);
    assert.deepEqual(ends, []);
  });

  it('is set aside for the journal where none has it, and its message still leads to the file', async () => {
    const { context, ends, write } = given(false);
    let message = '';
    await assert.rejects(write, (error: Error) => (message = error.message) !== '');
    assert.deepEqual(context.blockedSaves.all(), []);
    assert.deepEqual(ends, ['closed']);
    const key = /showActions\?%5B%22(\w+)%22/.exec(message)?.[1];
    assert.equal(context.blockedSaves.resourceOf(key ?? ''), file);
  });
});
