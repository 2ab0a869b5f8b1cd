import { l10n } from 'vscode';
import type { Advice } from '../../core/diagnosis/diagnosis';

/** The label of the button for an advice. */
export function adviceLabel(advice: Advice): string {
  return labels[advice]();
}

const labels: Readonly<Record<Advice, () => string>> = {
  wait: () => l10n.t('Save When Free'),
  retry: () => l10n.t('Save Again'),
  contactHolder: () => l10n.t('Ask the Holder…'),
  contactAdmin: () => l10n.t('Ask the Administrator…'),
  openReadOnly: () => l10n.t('Open Read-Only'),
  saveCopy: () => l10n.t('Save a Copy…'),
  compare: () => l10n.t('Compare with the Server'),
  releaseOwn: () => l10n.t('Release My Lock'),
  breakLock: () => l10n.t('Break the Lock…'),
  lockFirst: () => l10n.t('Lock for Me'),
  copyReport: () => l10n.t('Copy the Report'),
  signIn: () => l10n.t('Sign In Again…'),
  askAgain: () => l10n.t('Ask the Server Again'),
};
