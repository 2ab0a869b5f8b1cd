import { l10n } from 'vscode';
import type { Reason, ReasonCode } from '../../core/diagnosis/diagnosis';
import type { Stamp } from '../../core/model/lock';
import { nameOf } from '../../core/model/resource';
import { plain } from './plainText';
import { durationText } from './duration';
import { clockText } from './time';

/** A reason as a sentence; foreign text in it is sanitized. */
export function reasonText(reason: Reason, now: Stamp): string {
  const { at, ms, count = 0, status = 0, text = '', resource } = reason;
  return sentences[reason.code]({
    at: at === undefined ? l10n.t('an unknown time') : clockText(at, now),
    span: durationText(Math.abs(ms ?? 0)),
    count,
    status,
    text: plain(text, 160),
    folder: resource === undefined ? '' : plain(nameOf(resource), 60),
    ahead: (ms ?? 0) > 0,
    dated: at !== undefined,
  });
}

interface Shown {
  readonly at: string;
  readonly span: string;
  readonly count: number;
  readonly status: number;
  readonly text: string;
  readonly folder: string;
  readonly ahead: boolean;
  readonly dated: boolean;
}

const sentences: Readonly<Record<ReasonCode, (shown: Shown) => string>> = {
  accessRefused: ({ status, at }) => l10n.t('The server refused the access at {1} ({0}).', status, at),
  accountReads: ({ status }) =>
    l10n.t(
      'The same account may read there ({0}): the password is right, the right to write is missing.',
      status,
    ),
  accountUnproven: () => l10n.t('The same account could read, but the server may let everybody read.'),
  allOfFolder: ({ count }) => l10n.t('{0} files of this folder are refused alike.', count),
  alternates: ({ count }) =>
    l10n.t(
      'The answers alternate ({0} times): a lock that was gone came back. Several servers probably answer in turn, each with locks of its own.',
      count,
    ),
  appNamed: ({ text }) => l10n.t('The lock was taken by a program for editing: {0}.', text),
  bodyTooLarge: ({ status }) => l10n.t('The server refused the file because of its size ({0}).', status),
  clockOff: ({ span, ahead }) =>
    ahead
      ? l10n.t('The clock of the server is {0} ahead of yours; the times here are yours.', span)
      : l10n.t('The clock of the server is {0} behind yours; the times here are yours.', span),
  conditionNeedsCheckout: ({ text }) =>
    text === ''
      ? l10n.t('The server wants a lock or a check-out before it takes a change.')
      : l10n.t('The server wants a lock or a check-out before it takes a change: "{0}".', text),
  conditionWeak: ({ at }) =>
    l10n.t(
      'A condition failed at {0} although nothing changed: the server was unsure of its own version mark.',
      at,
    ),
  contentDiffers: () => l10n.t('The version on the server is not the one that you last saw.'),
  contentSame: () => l10n.t('The version on the server is the one that you last saw.'),
  deadlineAhead: ({ at }) => l10n.t('The lock ends at {0} unless it is refreshed.', at),
  deadlinePassed: ({ at, span }) =>
    l10n.t('The lock was to end at {0}, {1} ago by the clock of the server, and is still listed.', at, span),
  elapsedListed: ({ at }) => l10n.t('Since {0} the server lists the lock with no time left.', at),
  endedEarly: ({ at }) => l10n.t('Your lock ended before its time. Noticed at {0}.', at),
  fixedTimeout: ({ span }) =>
    span === durationText(0)
      ? l10n.t('The server always shows the same time left, so its end cannot be relied on.')
      : l10n.t('The server always shows the same time left ({0}).', span),
  gatewayAnswered: ({ text, status }) =>
    text === ''
      ? l10n.t(
          'The refusal ({0}) does not look like the WebDAV server’s: something in front of it answered.',
          status,
        )
      : l10n.t(
          'The refusal ({0}) came from "{1}", which stands in front of the WebDAV server.',
          status,
          text,
        ),
  handleRefused: ({ text, status }) =>
    text === ''
      ? l10n.t('The server wants the lock that it gave, and did not get it ({0}).', status)
      : l10n.t('The server wants the lock that it gave, and did not get it ({0}): "{1}".', status, text),
  holderNamed: ({ text }) => l10n.t('The server says that {0} holds it.', text),
  holderTold: ({ text }) => l10n.t('The lock says: "{0}". The server has not checked that.', text),
  jobText: ({ text }) => l10n.t('The server says that a task is running: "{0}".', text),
  lockCleared: ({ at, span }) => l10n.t('It cleared by itself at {0}, after {1}.', at, span),
  lockListed: ({ at }) => l10n.t('The lock has been listed since at least {0}.', at),
  lockLost: ({ at }) => l10n.t('Your lock was lost. Noticed at {0}.', at),
  lockMethodRefused: ({ status }) => l10n.t('The server refuses to lock at all ({0}).', status),
  lockUnlisted: ({ at }) =>
    l10n.t('It granted a lock at {0} and does not list it: such a lock may protect nothing.', at),
  neverEnds: () => l10n.t('The lock has no end.'),
  noDate: () => l10n.t('The server does not tell its time, so times cannot be compared well.'),
  noLockClass: () => l10n.t('The server doesn’t offer locks.'),
  noLockListed: () => l10n.t('The server was asked and lists no lock on it.'),
  noReadEither: () => l10n.t('Even reading the file is refused in the same way.'),
  noRoomLeft: ({ status, at }) => l10n.t('The server had no room for the file at {1} ({0}).', status, at),
  notCounted: () => l10n.t('The time left was not seen to shrink: somebody may be refreshing the lock.'),
  notRefreshed: () => l10n.t('Not refreshed so far.'),
  nothingRefused: () => l10n.t('No save has been refused here lately.'),
  ownElsewhere: ({ text, at, dated }) =>
    text === ''
      ? l10n.t('It carries your own name or account.')
      : dated
        ? l10n.t('You locked it from {0} at {1}.', text, at)
        : l10n.t('You locked it from {0}.', text),
  outlived: ({ span }) =>
    l10n.t('The lock outlived its time ({0}) on a server that ends such locks: it is being refreshed.', span),
  ownGone: ({ at }) => l10n.t('The lock that you took at {0} is not listed any more.', at),
  ownHeld: ({ at }) => l10n.t('You took the lock at {0}.', at),
  ownListed: ({ at }) => l10n.t('The server lists your lock of {0}.', at),
  ownOldListed: () =>
    l10n.t('The server still lists an old lock of yours that this window could not refresh.'),
  ownSent: ({ count }) =>
    l10n.t('Your lock was sent along, and the server refused all the same ({0}).', times(count)),
  ownUnsent: () => l10n.t('The refused request did not carry your lock.'),
  protocolByHand: () => l10n.t('On this kind of server, people take and release locks by hand.'),
  refreshed: ({ at, count }) =>
    l10n.t('The lock is being refreshed: seen {1}, last at {0}.', at, times(count)),
  refusedOnce: ({ status, at }) => l10n.t('The server refused the request at {1} ({0}).', status, at),
  retryAfter: ({ text }) =>
    text === ''
      ? l10n.t('The server asks to try again later.')
      : l10n.t('The server asks to try again later (Retry-After: {0}).', text),
  rightMissing: () => l10n.t('By its own word, the server does not give you the right to write here.'),
  sameTokenElsewhere: ({ count }) => l10n.t('The same lock is on {0} files.', count),
  savesAlternate: ({ count }) =>
    l10n.t(
      'Saves are refused and taken in turn ({0} times within minutes): several servers may answer, each with locks of its own.',
      count,
    ),
  serverErrors: ({ text, status, count }) =>
    l10n.t(
      '{0} failed with an error of the server ({1}), {2}.',
      text === '' ? 'HTTP' : text,
      status,
      times(count),
    ),
  serverSilent: () => l10n.t('The server does not say who holds it.'),
  serviceWords: ({ text }) => l10n.t('The holder sounds like a program: "{0}".', text),
  severalRefused: ({ count }) => l10n.t('{0} files in different folders are refused within minutes.', count),
  signInPage: ({ status, at }) =>
    l10n.t('At {1} a web page came back in place of an answer ({0}), probably to sign in.', status, at),
  steady: ({ at }) => l10n.t('It has been refused without a break since {0}.', at),
  transactionText: ({ text }) =>
    text === ''
      ? l10n.t('The server was at work on the file itself.')
      : l10n.t('The server was at work on the file itself: "{0}".', text),
  treeLock: ({ folder }) => l10n.t("The lock is on the whole folder '{0}'.", folder),
  unanswered: ({ at, text }) =>
    text === ''
      ? l10n.t('The server gave no usable answer at {0}.', at)
      : l10n.t('The server gave no usable answer at {0} ({1}).', at, text),
  unproven: () => l10n.t('Only the text in the lock says so.'),
  wordsOfAccess: ({ text }) => l10n.t('The server’s words speak of rights: "{0}".', text),
  writePassed: ({ at }) => l10n.t('A save went through at {0} although the lock was listed.', at),
  young: ({ at }) => l10n.t('First seen at {0}.', at),
};

function times(count: number): string {
  return count === 1 ? l10n.t('once') : l10n.t('{0} times', count);
}
