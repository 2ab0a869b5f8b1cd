// A person who types answers into the inputs of the extension, one by one, and then turns away.
import { EventEmitter, QuickInputButtons, window, type InputBox } from 'vscode';

export interface Asked {
  readonly title: string | undefined;
  readonly prompt: string | undefined;
  readonly value: string;
  readonly password: boolean;
  /** What is said under the text. */
  readonly problem: string | undefined;
}

/** An answer that presses the button Back instead. */
export const goBack = Symbol('back');

/** Runs with inputs that give these answers; what was asked, and how many inputs were opened. */
export async function typing(
  answers: readonly (string | typeof goBack)[],
  run: () => unknown,
): Promise<{ readonly asked: readonly Asked[]; readonly inputs: number }> {
  const left = [...answers];
  const asked: Asked[] = [];
  let inputs = 0;
  const { createInputBox } = window;
  const byHand = () => {
    inputs += 1;
    return inputBox((box) => {
      asked.push(box);
      return left.shift();
    });
  };
  Object.assign(window, { createInputBox: byHand });
  try {
    await run();
  } finally {
    Object.assign(window, { createInputBox });
  }
  return { asked, inputs };
}

/** Answers whenever it is enabled and shown. */
function inputBox(answerTo: (asked: Asked) => string | typeof goBack | undefined): InputBox {
  const changed = new EventEmitter<string>();
  const accepted = new EventEmitter<void>();
  const hidden = new EventEmitter<void>();
  const pressed = new EventEmitter<unknown>();
  const box = {
    title: undefined as string | undefined,
    prompt: undefined as string | undefined,
    value: '',
    password: false,
    enabled: true,
    busy: false,
    validationMessage: undefined as { message: string } | string | undefined,
    onDidChangeValue: changed.event,
    onDidAccept: accepted.event,
    onDidHide: hidden.event,
    onDidTriggerButton: pressed.event,
    show: () => void Promise.resolve().then(reply),
    hide: () => hidden.fire(),
    dispose: () => undefined,
  };
  const reply = () => {
    if (!box.enabled) return;
    const { title, prompt, value, password, validationMessage } = box;
    const problem = typeof validationMessage === 'string' ? validationMessage : validationMessage?.message;
    const answer = answerTo({ title, prompt, value, password, problem });
    if (answer === undefined) return box.hide();
    if (answer === goBack) {
      pressed.fire(QuickInputButtons.Back);
      // As where a pick takes its place; the same input shows itself again.
      return hidden.fire();
    }
    box.value = answer;
    changed.fire(answer);
    accepted.fire();
    // Not taken: what is said about it is seen, and the next answer tried.
    if (box.enabled) reply();
  };
  return box as unknown as InputBox;
}
