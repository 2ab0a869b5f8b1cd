import { commands, window, type QuickPickItem, type QuickPickOptions } from 'vscode';

/** A person who takes the first entry of each list of the extension as soon as it is marked. */
export async function takingFirst(run: () => unknown): Promise<void> {
  const { createQuickPick, showQuickPick } = window;
  const take = (): void => void commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
  const instead = {
    createQuickPick: () => {
      const list = createQuickPick();
      list.onDidChangeActive((active) => {
        if (active.length > 0) take();
      });
      return list;
    },
    showQuickPick: (items: readonly QuickPickItem[], options: QuickPickOptions) =>
      showQuickPick(items, { ...options, onDidSelectItem: take }),
  };
  Object.assign(window, instead);
  try {
    await run();
  } finally {
    Object.assign(window, { createQuickPick, showQuickPick });
  }
}
