import { window, type QuickPickItem } from 'vscode';

/** What the person chose, and what stood in the input. */
export interface Picked<T> {
  readonly item: T;
  readonly typed: string;
}

/**
 * A pick whose input may also hold something new. Undefined if the person cancels. After a choice it stays until the
 * caller's next question takes its place, so that no key falls into a document in between.
 */
export function pickOrType<T extends QuickPickItem>(
  title: string,
  placeholder: string,
  items: readonly T[],
): Promise<Picked<T> | undefined> {
  const pick = window.createQuickPick<T>();
  Object.assign(pick, { title, placeholder, items, matchOnDescription: true });
  return new Promise((resolve) => {
    pick.onDidAccept(() => {
      const [item] = pick.selectedItems;
      if (!item) return;
      pick.enabled = false;
      resolve({ item, typed: pick.value });
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}
