import { l10n } from 'vscode';
import type { Advice } from '../../core/diagnosis/diagnosis';

/** The label of the button for an advice; `holder` is who can be asked, if that is known. */
export function adviceLabel(advice: Advice, holder?: string): string {
  return labels[advice](holder);
}

const labels: Readonly<Record<Advice, (holder: string | undefined) => string>> = {
  wait: () => l10n.t('Save When Free'),
  retry: () => l10n.t('Retry'),
  contactHolder: (holder) => (holder === undefined ? l10n.t('Ask Lock Holder…') : l10n.t('Ask {0}…', holder)),
  contactAdmin: () => l10n.t('Ask Administrator…'),
  openReadOnly: () => l10n.t('Open Read-Only'),
  saveCopy: () => l10n.t('Save a Copy…'),
  compare: () => l10n.t('Compare'),
  releaseOwn: () => l10n.t('Release'),
  breakLock: () => l10n.t('Break…'),
  lockFirst: () => l10n.t('Lock'),
  copyReport: () => l10n.t('Copy Report'),
  signIn: () => l10n.t('Sign In…'),
  askAgain: () => l10n.t('Refresh'),
};
