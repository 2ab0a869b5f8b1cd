import * as vscode from 'vscode';

describe('Show Log', () => {
  it('shows the log of this extension', async () => {
    await vscode.commands.executeCommand('workbench.action.closePanel');
    const isLog = ({ document }: vscode.TextEditor) =>
      document.uri.scheme === 'output' && document.uri.path.includes('lock-status');
    const shown = new Promise<void>((resolve) => {
      const subscription = vscode.window.onDidChangeVisibleTextEditors((editors) => {
        if (!editors.some(isLog)) return;
        subscription.dispose();
        resolve();
      });
    });
    await vscode.commands.executeCommand('lockStatus.showLog');
    await shown;
  });
});
