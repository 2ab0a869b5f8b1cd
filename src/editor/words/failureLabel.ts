import { l10n } from 'vscode';
import type { FailureKind } from '../../core/model/failure';

/** A failure in a few words, for lists. */
export function failureLabel(kind: FailureKind): string {
  switch (kind) {
    case 'locked':
      return l10n.t('locked by someone else');
    case 'contentChanged':
    case 'preconditionFailed':
    case 'exists':
      return l10n.t('changed on the server');
    case 'leaseLost':
      return l10n.t('your lock was lost');
    case 'signInNeeded':
    case 'cannotSignIn':
      return l10n.t('not signed in');
    case 'forbidden':
      return l10n.t('not allowed');
    case 'notFound':
    case 'parentMissing':
      return l10n.t('not found on the server');
    case 'unreachable':
    case 'timeout':
    case 'tls':
    case 'interrupted':
      return l10n.t('the server wasn’t reached');
    case 'quota':
      return l10n.t('no room on the server');
    default:
      return l10n.t('refused by the server');
  }
}
