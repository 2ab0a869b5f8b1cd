import { InputBoxValidationSeverity, QuickInputButtons, window, type InputBox } from 'vscode';
import { Owner } from '../../base/disposable';
import type { Question } from './prompts';

/** The person went one question back. */
export const back = Symbol('back');

export interface Step extends Question {
  /** Why the last answer was not taken: shown under the text, which stays as it was typed. */
  readonly problem?: string | undefined;
  /** Whether there is a question before this one. */
  readonly hasBack?: boolean;
}

/**
 * One input for several questions. It stays open while an answer is checked, so that no key that was meant for it ever
 * falls into a document; it ends when the person presses Escape or the owner disposes of it.
 */
export class InputSession extends Owner {
  private readonly box: InputBox = this.owned.add(window.createInputBox());
  private check: Step['check'];
  private settle: ((answer: string | typeof back | undefined) => void) | undefined;
  private end: () => void = () => undefined;
  private readonly ended = new Promise<undefined>((resolve) => (this.end = () => resolve(undefined)));
  /** The person closed the input. */
  private isClosed = false;
  /** What is asked next is not asked here, and takes the place of this input. */
  private isLeft = false;
  /** The text that stands in the input without the person's doing. */
  private given = '';

  constructor() {
    super();
    const { box } = this;
    // Whoever looks up a password in another window comes back to the question.
    box.ignoreFocusOut = true;
    this.owned.add(
      box.onDidChangeValue((text) => {
        // VS Code also reports a text that we put there, which must not take away what is said about it.
        if (text !== this.given) this.show(this.check?.(text));
      }),
    );
    this.owned.add(
      box.onDidTriggerButton(() => {
        this.isLeft = true;
        this.answer(back);
      }),
    );
    this.owned.add(
      box.onDidAccept(() => {
        const problem = this.check?.(box.value);
        if (problem === undefined) this.answer(box.value);
        else this.show(problem);
      }),
    );
    this.owned.add(
      box.onDidHide(() => {
        if (this.isLeft) return;
        this.isClosed = true;
        this.end();
        this.answer(undefined);
      }),
    );
  }

  /** Undefined if the person closed the input, now or before. After an answer the input waits for what comes next. */
  async ask(step: Step): Promise<string | typeof back | undefined> {
    if (this.isClosed) return undefined;
    this.present(step);
    this.box.busy = false;
    this.box.enabled = true;
    this.show(step.problem);
    this.box.show();
    return new Promise((resolve) => (this.settle = resolve));
  }

  /** Shows the question as answered already, for an answer that is only to be checked. */
  wait(step: Step): void {
    if (this.isClosed) return;
    this.present(step);
    this.suspend();
    this.box.show();
  }

  /** Something else takes the place of the input for a while: that does not count as closed by the person. */
  leave(): void {
    this.isLeft = true;
  }

  /** The outcome of a check; undefined as soon as the person closes the input instead. */
  orClosed<T>(work: Promise<T>): Promise<T | undefined> {
    return Promise.race([work, this.ended]);
  }

  private present({ title, prompt, placeHolder, value, secret, check, hasBack }: Step): void {
    const { box } = this;
    this.isLeft = false;
    this.check = check;
    this.given = value ?? '';
    box.title = title;
    box.prompt = prompt;
    box.placeholder = placeHolder;
    box.password = secret ?? false;
    box.value = this.given;
    box.buttons = hasBack ? [QuickInputButtons.Back] : [];
  }

  private show(problem: string | undefined): void {
    this.box.validationMessage =
      problem === undefined ? undefined : { message: problem, severity: InputBoxValidationSeverity.Error };
  }

  private answer(answer: string | typeof back | undefined): void {
    const { settle } = this;
    if (!settle) return;
    this.settle = undefined;
    this.suspend();
    settle(answer);
  }

  private suspend(): void {
    this.show(undefined);
    this.box.enabled = false;
    this.box.busy = true;
  }
}
