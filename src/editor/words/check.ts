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
  listed: () => l10n.t('Whether the lock is listed could not be found out.'),
  enforced: () => l10n.t('Whether a write without the lock is refused could not be found out.'),
  ifMatch: () =>
    l10n.t('Whether a write over a version that is gone is refused (If-Match) could not be found out.'),
};

const sentences: Readonly<Record<CheckStep, (good: boolean, ms: number | undefined) => string>> = {
  rights: (good) =>
    good ? l10n.t('The server claims to lock.') : l10n.t('The server does not claim to lock.'),
  supported: (good) =>
    good
      ? l10n.t('It says of the file that locks can be taken (supportedlock).')
      : l10n.t('It says of the file that no lock can be taken (supportedlock).'),
  create: () => l10n.t('No file could be made in this folder.'),
  lock: (good) => (good ? l10n.t('A lock is granted.') : l10n.t('No lock is granted.')),
  granted: (_, ms) =>
    ms === undefined
      ? l10n.t('The server does not say how long a lock lasts, or gives it no end.')
      : l10n.t('A lock lasts {0}.', durationText(ms)),
  listed: (good) =>
    good
      ? l10n.t('Locks are listed.')
      : l10n.t('The lock is not listed: nobody can see who holds it, and it may protect nothing.'),
  enforced: (good) =>
    good
      ? l10n.t('A write without the lock is refused.')
      : l10n.t('A write without the lock is NOT refused: locks protect nothing here.'),
  ownWrite: (good) =>
    good ? l10n.t('A write with the lock is taken.') : l10n.t('A write with the lock is refused.'),
  weakTag: () =>
    l10n.t('Just after a write the version mark is weak, so that a quick second save is checked by content.'),
  ifMatch: (good) =>
    good
      ? l10n.t('A write over a version that is gone is refused (If-Match).')
      : l10n.t(
          'A write over a version that is gone is NOT refused: Lock Status looks before each save instead.',
        ),
  refresh: (good) => (good ? l10n.t('The lock can be refreshed.') : l10n.t('The lock cannot be refreshed.')),
  unlock: (good) => (good ? l10n.t('The lock can be released.') : l10n.t('The lock cannot be released.')),
  cleanUp: (good) =>
    good
      ? l10n.t('The file of the check is gone again.')
      : l10n.t('The file of the check could not be removed.'),
};
