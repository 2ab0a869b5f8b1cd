import { l10n, window, type QuickInputButton, type QuickPickItem } from 'vscode';

/** VS Code cuts off a message without a button after one line, which holds no more characters than this. */
const lineLength = 50;

/** Shows information with optional actions. Resolves to the chosen one. */
export async function showInformation(
  message: string,
  ...actions: readonly string[]
): Promise<string | undefined> {
  return window.showInformationMessage(message, ...buttonsOf(message, actions));
}

export async function showWarning(
  message: string,
  ...actions: readonly string[]
): Promise<string | undefined> {
  return window.showWarningMessage(message, ...buttonsOf(message, actions));
}

export async function showError(message: string, ...actions: readonly string[]): Promise<string | undefined> {
  return window.showErrorMessage(message, ...buttonsOf(message, actions));
}

function buttonsOf(message: string, actions: readonly string[]): readonly string[] {
  return actions.length > 0 || message.length <= lineLength ? actions : [l10n.t('Close')];
}

/** Asks before something that cannot be undone; true only if the user picks the action. */
export async function confirm(message: string, detail: string, action: string): Promise<boolean> {
  return (await window.showWarningMessage(message, { modal: true, detail }, action)) === action;
}

export interface Question {
  readonly title: string;
  readonly prompt?: string;
  readonly placeHolder?: string;
  readonly value?: string;
  readonly secret?: boolean;
  /** Returns a sentence if the text is invalid. */
  readonly check?: (text: string) => string | undefined;
}

/** Undefined if the user cancels. */
export async function ask({ secret, check, ...question }: Question): Promise<string | undefined> {
  return window.showInputBox({
    ...question,
    ignoreFocusOut: true,
    password: secret ?? false,
    ...(check && { validateInput: check }),
  });
}

export async function choose<T extends QuickPickItem>(
  title: string,
  items: readonly T[],
): Promise<T | undefined> {
  return window.showQuickPick(items, { title });
}

/** A row of a list that is searched; its buttons do something else with it. */
export interface Row extends QuickPickItem {
  readonly run: () => unknown;
  readonly buttons?: readonly (QuickInputButton & { readonly run: () => unknown })[];
}

/** A list that is searched by all that its rows say. Resolves to what was chosen, a row's own or a button's. */
export function chooseRow(
  title: string,
  placeholder: string,
  rows: readonly Row[],
): Promise<Row['run'] | undefined> {
  const list = window.createQuickPick<Row>();
  Object.assign(list, { title, placeholder, items: rows, matchOnDescription: true, matchOnDetail: true });
  return new Promise((resolve) => {
    const choose = (run: Row['run'] | undefined) => {
      resolve(run);
      list.hide();
    };
    list.onDidAccept(() => choose(list.activeItems[0]?.run));
    list.onDidTriggerItemButton(({ item, button }) =>
      choose(item.buttons?.find((one) => one === button)?.run),
    );
    list.onDidHide(() => {
      resolve(undefined);
      list.dispose();
    });
    list.show();
  });
}
