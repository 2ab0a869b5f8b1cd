import { l10n } from 'vscode';
import type { KeptText } from '../../core/saving/journalStore';
import { failureLabel } from './failureLabel';

/** Why a text is kept, and what happened to it since. */
export function keptWhy({ why, status, end }: KeptText): string {
  const reason = failureLabel(why) + (status === undefined ? '' : ` (${status})`);
  switch (end?.how) {
    case undefined:
      return reason;
    case 'reverted':
      return l10n.t('{0}; you discarded it', reason);
    case 'overtaken':
      return l10n.t('{0}; the file was saved later', reason);
    case 'closed':
      return l10n.t('{0}; its editor was closed', reason);
    case 'restored':
      return l10n.t('{0}; restored', reason);
  }
}

/** `812 bytes`, `12 KB`, `1.4 MB`. */
export function sizeText(bytes: number): string {
  if (bytes < 1_000) return l10n.t('{0} bytes', bytes);
  const [size, unit] = bytes < 999_500 ? [bytes / 1_000, 'KB'] : [bytes / 1_000_000, 'MB'];
  return `${size < 9.95 ? size.toFixed(1) : Math.round(size)} ${unit}`;
}
