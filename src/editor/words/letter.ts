import { l10n } from 'vscode';
import type { Stamp } from '../../core/model/lock';
import { nameOf, urlOf, type ResourceId } from '../../core/model/resource';
import { openLink } from '../messages/openLink';
import { plain } from './plainText';
import { clockText } from './time';

export interface Letter {
  readonly subject: string;
  readonly body: string;
}

/** `held`: please release it; `broken`: your lock is broken; `help`: for the administrator. */
export type LetterAbout = 'held' | 'broken' | 'help';

export interface LetterFacts {
  /** Whom it greets; absent where nobody knows the name. */
  readonly who?: string;
  /** The person's own name; empty where they do not tell it. */
  readonly me: string;
  readonly resource: ResourceId;
  /** What seems to be the matter, in a sentence. */
  readonly verdict: string;
  readonly now: Stamp;
  /** When the lock was taken, by the server's word. */
  readonly since?: number;
}

/** The message to a holder, as the mail program or the chat gets it. The person still sends it. */
export function letter(about: LetterAbout, facts: LetterFacts): Letter {
  const { who, me, resource } = facts;
  const what = plain(nameOf(resource), 80);
  const lines = [
    who === undefined ? l10n.t('Hello,') : l10n.t('Hello {0},', who),
    '',
    message(about, what, facts),
    '',
    urlOf(resource),
    l10n.t('In VS Code: {0}', openLink(resource)),
    '',
    me,
  ];
  return { subject: subject(about, what), body: lines.join('\n').trimEnd() };
}

function subject(about: LetterAbout, what: string): string {
  switch (about) {
    case 'held':
      return l10n.t('Your lock on {0}', what);
    case 'broken':
      return l10n.t('I broke your lock on {0}', what);
    case 'help':
      return l10n.t('A lock on {0}', what);
  }
}

function message(about: LetterAbout, what: string, { since, now, verdict }: LetterFacts): string {
  switch (about) {
    case 'held': {
      const ask = l10n.t('Could you release it when you are done?');
      return since === undefined
        ? `${l10n.t('you hold the lock on {0}, and I have changes to save there.', what)} ${ask}`
        : `${l10n.t('you hold the lock on {0} since {1}, and I have changes to save there.', what, clockText(since, now))} ${ask}`;
    }
    case 'broken':
      return l10n.t(
        'I have broken your lock on {0}. Please compare with the server before you save there again.',
        what,
      );
    case 'help':
      return l10n.t(
        'I cannot save {0}. What my editor makes of it: {1} I can send you its full report.',
        what,
        verdict,
      );
  }
}
