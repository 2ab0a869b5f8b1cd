import { l10n } from 'vscode';
import type { FailureKind } from '../../core/model/failure';

/** A failure in a few words, for lists. */
export function failureLabel(kind: FailureKind): string {
  switch (kind) {
    case 'locked':
      return l10n.t('locked by someone else');
    case 'contentChanged':
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
      return l10n.t('the server wasn’t reached');
    case 'interrupted':
      return l10n.t('the connection was lost');
    case 'quota':
      return l10n.t('no room on the server');
    default:
      return l10n.t('refused by the server');
  }
}

/** The heading of the Locks view above such files, whose rows then need no text; undefined where a lock is the reason. */
export function failureTitle(kind: FailureKind): string | undefined {
  switch (kind) {
    case 'locked':
    case 'leaseLost':
      return undefined;
    case 'contentChanged':
    case 'exists':
      return l10n.t('Changed on Server');
    case 'signInNeeded':
    case 'cannotSignIn':
      return l10n.t('Not Signed In');
    case 'forbidden':
      return l10n.t('Not Allowed');
    case 'notFound':
    case 'parentMissing':
      return l10n.t('Not Found on Server');
    case 'unreachable':
    case 'timeout':
    case 'tls':
      return l10n.t('Server Not Reached');
    case 'interrupted':
      return l10n.t('Connection Lost');
    case 'quota':
      return l10n.t('No Room on Server');
    default:
      return l10n.t('Refused by Server');
  }
}
