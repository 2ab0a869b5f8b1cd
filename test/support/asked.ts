// The person, as far as messages go: what the editor would ask is written down, and answered as a test says.
import * as vscode from 'vscode';

interface Asked {
  readonly message: string;
  readonly detail?: string;
  readonly actions: readonly string[];
}

/** Stands in for the person: every message is written down, and answered by a pattern for one of its buttons. */
export function person() {
  const asked: Asked[] = [];
  const picks: string[] = [];
  const opened: string[] = [];
  const answers: (RegExp | undefined)[] = [];
  const message = (text: string, ...rest: unknown[]) => {
    const options = typeof rest[0] === 'object' ? (rest.shift() as { detail?: string }) : {};
    const actions = rest as string[];
    asked.push({ message: text, actions, ...(options.detail && { detail: options.detail }) });
    const answer = answers.shift();
    return Promise.resolve(answer && actions.find((action) => answer.test(action)));
  };
  const { window, commands } = vscode;
  const before = {
    info: window.showInformationMessage,
    warning: window.showWarningMessage,
    error: window.showErrorMessage,
    pick: window.showQuickPick,
    execute: commands.executeCommand,
  };
  Object.assign(window, {
    showInformationMessage: message,
    showWarningMessage: message,
    showErrorMessage: message,
    showQuickPick: (_: unknown, { title }: { title: string }) => Promise.resolve(void picks.push(title)),
  });
  Object.assign(commands, {
    executeCommand: (id: string, uri: unknown) => Promise.resolve(void opened.push(`${id} ${String(uri)}`)),
  });
  const leave = () => {
    Object.assign(window, {
      showInformationMessage: before.info,
      showWarningMessage: before.warning,
      showErrorMessage: before.error,
      showQuickPick: before.pick,
    });
    Object.assign(commands, { executeCommand: before.execute });
  };
  return { asked, picks, opened, leave, answer: (...next: (RegExp | undefined)[]) => answers.push(...next) };
}

/** For the tests of one group: the others have the editor as it is. */
export function attended(): { readonly she: ReturnType<typeof person> } {
  let she: ReturnType<typeof person> | undefined;
  beforeEach(() => (she = person()));
  afterEach(() => she?.leave());
  return {
    get she() {
      if (!she) throw new Error('Only while a test runs');
      return she;
    },
  };
}
