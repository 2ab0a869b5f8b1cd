import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('The extension in the extension host', () => {
  it('activates and offers version 1 of its interface', async () => {
    const extension = vscode.extensions.getExtension<{ readonly version: number }>('lock-status.lock-status');
    assert.ok(extension);
    const { version } = await extension.activate();
    assert.equal(version, 1);
  });

  it('registers every command that its manifest declares', async () => {
    const extension = vscode.extensions.getExtension('lock-status.lock-status');
    const manifest = extension?.packageJSON as {
      readonly contributes: { readonly commands: readonly { readonly command: string }[] };
    };
    const registered = new Set(await vscode.commands.getCommands(true));
    const missing = manifest.contributes.commands.filter(({ command }) => !registered.has(command));
    assert.deepEqual(missing, []);
  });
});
