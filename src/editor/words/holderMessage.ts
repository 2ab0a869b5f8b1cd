import { l10n } from 'vscode';
import type { Stamp } from '../../core/model/lock';
import { nameOf, urlOf, type ResourceId } from '../../core/model/resource';
import { openLink } from '../messages/openLink';
import { plain } from './plainText';
import { clockText } from './time';

export interface HolderMessage {
  readonly subject: string;
  readonly body: string;
}

/** `held`: please release it; `broken`: your lock is broken; `help`: for the administrator. */
export type MessageTopic = 'held' | 'broken' | 'help';

export interface MessageFacts {
  /** The name to greet; absent if unknown. */
  readonly recipient?: string;
  /** The user's own name; empty if they do not give it. */
  readonly sender: string;
  readonly resource: ResourceId;
  /** The likely cause, as a sentence. */
  readonly verdict: string;
  readonly now: Stamp;
  /** When the lock was taken, according to the server. */
  readonly since?: number;
}

/** The message to a holder, for a mail program or a chat. The user still has to send it. */
export function holderMessage(about: MessageTopic, facts: MessageFacts): HolderMessage {
  const { recipient, sender, resource } = facts;
  const what = plain(nameOf(resource), 80);
  const lines = [
    recipient === undefined ? l10n.t('Hello,') : l10n.t('Hello {0},', recipient),
    '',
    message(about, what, facts),
    '',
    urlOf(resource),
    l10n.t('In VS Code: {0}', openLink(resource)),
    '',
    sender,
  ];
  return { subject: subject(about, what), body: lines.join('\n').trimEnd() };
}

function subject(about: MessageTopic, what: string): string {
  switch (about) {
    case 'held':
      return l10n.t('Your lock on {0}', what);
    case 'broken':
      return l10n.t('I broke your lock on {0}', what);
    case 'help':
      return l10n.t('A lock on {0}', what);
  }
}

function message(about: MessageTopic, what: string, { since, now, verdict }: MessageFacts): string {
  switch (about) {
    case 'held': {
      const ask = l10n.t('Could you release it when you are done?');
      return since === undefined
        ? `${l10n.t('you hold the lock on {0}, and I have changes to save there.', what)} ${ask}`
        : `${l10n.t('you have held the lock on {0} since {1}, and I have changes to save there.', what, clockText(since, now))} ${ask}`;
    }
    case 'broken':
      return l10n.t(
        'I broke your lock on {0}. Please compare with the server before you save there again.',
        what,
      );
    case 'help':
      return l10n.t('I can’t save {0}. My editor says: {1} I can send you its full report.', what, verdict);
  }
}
