import { l10n } from 'vscode';
import type { Cause, Confidence, Diagnosis } from '../../core/diagnosis/diagnosis';
import { markedName } from './holder';

/** What a verdict is about. */
export type Kind = 'file' | 'folder';

/** The verdict in one or two sentences, the same on every surface. It says if it is uncertain. */
export function verdict(diagnosis: Diagnosis, kind: Kind = 'file'): string {
  const { also, holder } = diagnosis;
  const name = holder && markedName(holder);
  const sentence = sentenceOf(diagnosis, kind, name);
  return also === undefined ? sentence : `${sentence} ${sentenceOf(also, kind, name)}`;
}

function sentenceOf(
  { cause, confidence }: Pick<Diagnosis, 'cause' | 'confidence'>,
  kind: Kind,
  name: string | undefined,
): string {
  const named = name === undefined ? undefined : ofPerson[kind][cause]?.(name);
  const general = kind === 'folder' ? ofFolder[cause] : undefined;
  const sentence = named ?? (general ?? sentences[cause])();
  return confidence === 'low' && cause !== 'undetermined' ? l10n.t('Probably: {0}', sentence) : sentence;
}

/** The causes by which a person holds the lock, where that person has a name. */
const ofPerson: Readonly<Record<Kind, Partial<Record<Cause, (name: string) => string>>>> = {
  file: {
    editedByOther: (name) => l10n.t('{0} is editing this file.', name),
    lockedByHand: (name) =>
      l10n.t('{0} locked this file by hand. It stays locked until they release the lock.', name),
  },
  folder: {
    editedByOther: (name) => l10n.t('{0} is working in this folder.', name),
    lockedByHand: (name) =>
      l10n.t('{0} locked this folder by hand. It stays locked until they release the lock.', name),
  },
};

const ofFolder: Partial<Readonly<Record<Cause, () => string>>> = {
  editedByOther: () => l10n.t('Someone else is working in this folder.'),
  lockedByHand: () =>
    l10n.t('Someone locked this folder by hand. It stays locked until they release the lock.'),
  automatic: () => l10n.t('A program, not a person, has locked this folder.'),
  notLocked: () => l10n.t('The folder isn’t locked.'),
  notEnforced: () => l10n.t('The folder is locked, but the lock doesn’t keep anyone from saving.'),
};

const sentences: Readonly<Record<Cause, () => string>> = {
  editedByOther: () => l10n.t('Someone else is editing this file.'),
  lockedByHand: () =>
    l10n.t('Someone locked this file by hand. It stays locked until they release the lock.'),
  automatic: () => l10n.t('A program, not a person, has locked this file.'),
  serverFault: () => l10n.t('Something is wrong with the server or the connection to it.'),
  access: () => l10n.t('Not a lock: you don’t have write permission.'),
  expiredEnforced: () => l10n.t('The lock has expired, but the server still enforces it.'),
  ownLock: () => l10n.t('The lock is your own.'),
  contentChanged: () => l10n.t('The file was changed on the server since you last saw it.'),
  leaseLost: () => l10n.t('Your lock was lost.'),
  notLocked: () => l10n.t('The file isn’t locked.'),
  signIn: () => l10n.t('The server doesn’t accept your sign-in for this save.'),
  noRoom: () => l10n.t('There is no room left on the server for this file.'),
  tooLarge: () => l10n.t('The server doesn’t accept a file of this size.'),
  noLocks: () => l10n.t('This server doesn’t support locks.'),
  notEnforced: () => l10n.t('The file is locked, but the lock doesn’t keep anyone from saving.'),
  undetermined: () => l10n.t('The server doesn’t say why.'),
};

/** A cause as an item of a list: `being edited by somebody`. */
export function causeName(cause: Cause): string {
  return names[cause]();
}

const names: Readonly<Record<Cause, () => string>> = {
  editedByOther: () => l10n.t('being edited by someone'),
  lockedByHand: () => l10n.t('locked by hand'),
  automatic: () => l10n.t('an automatic process'),
  serverFault: () => l10n.t('a server error or misconfiguration'),
  access: () => l10n.t('missing permission'),
  expiredEnforced: () => l10n.t('an expired lock that is still enforced'),
  ownLock: () => l10n.t('your own lock'),
  contentChanged: () => l10n.t('changed content'),
  leaseLost: () => l10n.t('a lost lock'),
  notLocked: () => l10n.t('no lock'),
  signIn: () => l10n.t('a sign-in that isn’t accepted'),
  noRoom: () => l10n.t('no room on the server'),
  tooLarge: () => l10n.t('a file too large for the server'),
  noLocks: () => l10n.t('a server that doesn’t support locks'),
  notEnforced: () => l10n.t('a lock that protects nothing'),
  undetermined: () => l10n.t('unknown'),
};

export function confidenceText(confidence: Confidence): string {
  switch (confidence) {
    case 'high':
      return l10n.t('Quite sure');
    case 'medium':
      return l10n.t('Fairly sure');
    case 'low':
      return l10n.t('Not sure');
  }
}
