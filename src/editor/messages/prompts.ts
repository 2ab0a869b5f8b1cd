import { l10n, window, type QuickPickItem } from 'vscode';

/** VS Code cuts a message without a button off after one line, which holds no more characters than this. */
const lineLength = 50;

/** Says something that needs no answer, with at most a few things to do about it. Resolves to the chosen one. */
export async function tell(message: string, ...actions: readonly string[]): Promise<string | undefined> {
  return window.showInformationMessage(message, ...buttonsOf(message, actions));
}

export async function warn(message: string, ...actions: readonly string[]): Promise<string | undefined> {
  return window.showWarningMessage(message, ...buttonsOf(message, actions));
}

export async function complain(message: string, ...actions: readonly string[]): Promise<string | undefined> {
  return window.showErrorMessage(message, ...buttonsOf(message, actions));
}

function buttonsOf(message: string, actions: readonly string[]): readonly string[] {
  return actions.length > 0 || message.length <= lineLength ? actions : [l10n.t('Close')];
}

/** Asks before something that cannot be undone; true only for the action itself. */
export async function confirm(message: string, detail: string, action: string): Promise<boolean> {
  return (await window.showWarningMessage(message, { modal: true, detail }, action)) === action;
}

export interface Question {
  readonly title: string;
  readonly prompt?: string;
  readonly placeHolder?: string;
  readonly value?: string;
  readonly secret?: boolean;
  /** A sentence where the text cannot be used. */
  readonly check?: (text: string) => string | undefined;
}

/** Undefined when the person turned away. */
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
