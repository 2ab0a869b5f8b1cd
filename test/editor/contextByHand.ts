// What commands work with, as far as a test gives it, and what they say to the person.
import { window } from 'vscode';
import { BlockedSaves } from '../../src/core/saving/blockedSaves';
import type { Cause, Confidence, Diagnosis } from '../../src/core/diagnosis/diagnosis';
import { LockStore } from '../../src/core/locks/lockStore';
import { WaitMessages } from '../../src/editor/messages/waitMessages';
import type { CommandContext } from '../../src/editor/commands/commandContext';
import { stamp } from '../support/builders/locks';

export function diagnosis(cause: Cause, confidence: Confidence = 'medium'): Diagnosis {
  return { cause, confidence, evidence: [], advice: [], rule: 'test' };
}

/** A part that a test does not give is an error where it is used. */
export function contextByHand(parts: Partial<Record<keyof CommandContext, unknown>> = {}): CommandContext {
  const log = { info: () => undefined, warn: () => undefined, failure: () => undefined };
  const diagnosisService = { diagnose: () => diagnosis('undetermined', 'low'), facts: () => undefined };
  const clock = { now: () => stamp(60_000), after: () => ({ dispose: () => undefined }), random: () => 0 };
  const store = new LockStore();
  return {
    log,
    diagnosisService,
    clock,
    store,
    blockedSaves: new BlockedSaves(),
    waitMessages: new WaitMessages({ clock, store, waits: { of: () => undefined } } as never),
    ...parts,
  } as unknown as CommandContext;
}

interface Said {
  /** What was asked or told, oldest first, with its buttons. */
  readonly messages: string[];
  /** Words that go by themselves and are still shown. */
  readonly words: string[];
}

/** Listens to what is said while `run` runs; every message is answered with the button that `answer` names. */
export async function heard(run: () => unknown, answer?: string): Promise<Said> {
  const said: Said = { messages: [], words: [] };
  const before = { ...window };
  const told = (message: string, ...more: unknown[]) => {
    const buttons = more.filter((part): part is string => typeof part === 'string');
    said.messages.push([message, ...buttons].join(' | '));
    return Promise.resolve(buttons.find((button) => button === answer));
  };
  const instead = {
    showInformationMessage: told,
    showWarningMessage: told,
    showErrorMessage: told,
    setStatusBarMessage: (text: string) => {
      said.words.push(text);
      return { dispose: () => said.words.splice(said.words.indexOf(text), 1) };
    },
  };
  Object.assign(window, instead);
  try {
    await run();
    // What is answered goes on by itself.
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    for (const name of Object.keys(instead) as (keyof typeof instead)[])
      Object.assign(window, { [name]: before[name] });
  }
  return said;
}
