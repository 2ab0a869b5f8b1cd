import { l10n } from 'vscode';
import type { CheckResult, CheckStep } from '../../core/diagnosis/serverCheck';
import { failureSentence } from './failureWords';
import { durationText } from './duration';

/** The result of a check step in one line. */
export function checkLine({ step, outcome, ms, failure }: CheckResult): string {
  const unknown = outcome === 'failed' ? notChecked[step]?.() : undefined;
  const sentence = unknown ?? sentences[step](outcome === 'yes' || outcome === 'note', ms);
  return failure && outcome === 'failed' ? `${sentence} ${failureSentence(failure)}` : sentence;
}

/** Steps that a failure leaves open; any other step counts as not working. */
const notChecked: Partial<Readonly<Record<CheckStep, () => string>>> = {
  listed: () => l10n.t('Couldn’t find out whether the lock is listed.'),
  enforced: () => l10n.t('Couldn’t find out whether a write without the lock is refused.'),
  ifMatch: () =>
    l10n.t('Couldn’t find out whether a write that expects an older version is refused (If-Match).'),
};

const sentences: Readonly<Record<CheckStep, (good: boolean, ms: number | undefined) => string>> = {
  rights: (good) =>
    good
      ? l10n.t('The server says that it supports locks.')
      : l10n.t('The server doesn’t say that it supports locks.'),
  supported: (good) =>
    good
      ? l10n.t('The file can be locked (supportedlock).')
      : l10n.t('The file can’t be locked (supportedlock).'),
  create: () => l10n.t('Can’t create a file in this folder.'),
  lock: (good) => (good ? l10n.t('The server grants a lock.') : l10n.t('The server grants no lock.')),
  granted: (_, ms) =>
    ms === undefined
      ? l10n.t('The server doesn’t say how long a lock lasts, or its locks never expire.')
      : l10n.t('A lock lasts {0}.', durationText(ms)),
  listed: (good) =>
    good
      ? l10n.t('Locks are listed.')
      : l10n.t('The lock isn’t listed: nobody can see who holds it, and it may protect nothing.'),
  enforced: (good) =>
    good
      ? l10n.t('A write without the lock is refused.')
      : l10n.t('A write without the lock is NOT refused: locks protect nothing here.'),
  ownWrite: (good) =>
    good ? l10n.t('A write with the lock is accepted.') : l10n.t('A write with the lock is refused.'),
  weakTag: () =>
    l10n.t('Right after a write, the entity tag is weak, so a quick second save compares the content.'),
  ifMatch: (good) =>
    good
      ? l10n.t('A write that expects an older version is refused (If-Match).')
      : l10n.t(
          'A write that expects an older version is NOT refused, so Lock Status checks before each save.',
        ),
  refresh: (good) => (good ? l10n.t('The lock can be refreshed.') : l10n.t('The lock can’t be refreshed.')),
  unlock: (good) => (good ? l10n.t('The lock can be released.') : l10n.t('The lock can’t be released.')),
  cleanUp: (good) =>
    good ? l10n.t('The test file was removed.') : l10n.t('The test file couldn’t be removed.'),
};
