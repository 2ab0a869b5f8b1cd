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
  accessRefused: ({ status, at }) => l10n.t('The server refused access at {1} ({0}).', status, at),
  accountReads: ({ status }) =>
    l10n.t(
      'The same account can read there ({0}), so the password is right but write permission is missing.',
      status,
    ),
  accountUnproven: () => l10n.t('The same account could read, but the server may let everyone read.'),
  allOfFolder: ({ count }) => l10n.t('Saves of {0} files in this folder are refused in the same way.', count),
  alternates: ({ count }) =>
    l10n.t(
      'The answers alternate ({0} times): a lock disappeared and came back. Several servers probably answer in turn, each with its own locks.',
      count,
    ),
  appNamed: ({ text }) => l10n.t('The lock was taken by an editing program: {0}.', text),
  bodyTooLarge: ({ status }) => l10n.t('The server refused the file because of its size ({0}).', status),
  clockOff: ({ span, ahead }) =>
    ahead
      ? l10n.t('The server’s clock is {0} ahead of yours. Times are shown by your clock.', span)
      : l10n.t('The server’s clock is {0} behind yours. Times are shown by your clock.', span),
  conditionNeedsCheckout: ({ text }) =>
    text === ''
      ? l10n.t('The server requires a lock or a check-out before it accepts a change.')
      : l10n.t('The server requires a lock or a check-out before it accepts a change: "{0}".', text),
  conditionWeak: ({ at }) =>
    l10n.t('A condition failed at {0} although nothing changed: the server’s entity tag was weak.', at),
  contentDiffers: () => l10n.t('The version on the server isn’t the one that you last saw.'),
  contentSame: () => l10n.t('The version on the server is the one that you last saw.'),
  deadlineAhead: ({ at }) => l10n.t('The lock expires at {0} unless it is refreshed.', at),
  deadlinePassed: ({ at, span }) =>
    l10n.t(
      'The lock should have expired at {0}, {1} ago by the server’s clock, but is still listed.',
      at,
      span,
    ),
  elapsedListed: ({ at }) => l10n.t('Since {0} the server lists the lock with no time left.', at),
  endedEarly: ({ at }) => l10n.t('Your lock was broken or dropped before it expired. Noticed at {0}.', at),
  fixedTimeout: ({ span }) =>
    span === durationText(0)
      ? l10n.t('The server always shows the same time left, so it doesn’t show when the lock expires.')
      : l10n.t('The server always shows the same time left ({0}).', span),
  gatewayAnswered: ({ text, status }) =>
    text === ''
      ? l10n.t(
          'The refusal ({0}) doesn’t look like the WebDAV server’s: something in front of it answered.',
          status,
        )
      : l10n.t('The refusal ({0}) came from "{1}", which is in front of the WebDAV server.', status, text),
  handleRefused: ({ text, status }) =>
    text === ''
      ? l10n.t('The request didn’t include the lock that the server expects ({0}).', status)
      : l10n.t('The request didn’t include the lock that the server expects ({0}): "{1}".', status, text),
  holderNamed: ({ text }) => l10n.t('The server says that {0} holds it.', text),
  holderClaimed: ({ text }) => l10n.t('Only the lock’s own text names the holder: "{0}".', text),
  jobText: ({ text }) => l10n.t('The server says that a task is running: "{0}".', text),
  lockCleared: ({ at, span }) => l10n.t('No longer locked at {0}, after {1}.', at, span),
  lockListed: ({ at }) => l10n.t('The lock has been listed since at least {0}.', at),
  lockLost: ({ at }) => l10n.t('Your lock was lost. Noticed at {0}.', at),
  lockMethodRefused: ({ status }) => l10n.t('The server refuses to lock at all ({0}).', status),
  lockUnlisted: ({ at }) =>
    l10n.t('The server granted a lock at {0} but doesn’t list it, so it may protect nothing.', at),
  neverEnds: () => l10n.t('The lock never expires.'),
  noDate: () => l10n.t('The server doesn’t send its time, so times can’t be compared exactly.'),
  noLockClass: () => l10n.t('The server doesn’t support locks.'),
  noLockListed: () => l10n.t('The server lists no lock on it.'),
  noReadEither: () => l10n.t('Even reading the file is refused in the same way.'),
  noRoomLeft: ({ status, at }) => l10n.t('The server had no room for the file at {1} ({0}).', status, at),
  notCounted: () => l10n.t('The time left doesn’t go down, so someone may be refreshing the lock.'),
  notRefreshed: () => l10n.t('Not refreshed so far.'),
  nothingRefused: () => l10n.t('No save has been refused here lately.'),
  ownElsewhere: ({ text, at, dated }) =>
    text === ''
      ? l10n.t('The lock has your name or account.')
      : dated
        ? l10n.t('You locked it from {0} at {1}.', text, at)
        : l10n.t('You locked it from {0}.', text),
  outlived: ({ span }) =>
    l10n.t(
      'The lock is older than its timeout ({0}), and this server lets locks expire, so it is being refreshed.',
      span,
    ),
  ownGone: ({ at }) => l10n.t('The lock that you took at {0} is no longer listed.', at),
  ownHeld: ({ at }) => l10n.t('You took the lock at {0}.', at),
  ownListed: ({ at }) => l10n.t('The server lists the lock that you took at {0}.', at),
  ownOldListed: () =>
    l10n.t('The server still lists an old lock of yours that this window couldn’t refresh.'),
  ownSent: ({ count }) =>
    l10n.t('Your lock was sent, but the server refused the save anyway ({0}).', times(count)),
  ownUnsent: () => l10n.t('The refused request didn’t include your lock.'),
  protocolByHand: () => l10n.t('On this kind of server, people take and release locks by hand.'),
  refreshed: ({ at, count }) =>
    l10n.t('The lock is being refreshed: seen {1}, last at {0}.', at, times(count)),
  refusedOnce: ({ status, at }) => l10n.t('The server refused the request at {1} ({0}).', status, at),
  retryAfter: ({ text }) =>
    text === ''
      ? l10n.t('The server asks to try again later.')
      : l10n.t('The server asks to try again later (Retry-After: {0}).', text),
  rightMissing: () => l10n.t('The server says that you don’t have write permission here.'),
  sameTokenElsewhere: ({ count }) => l10n.t('The same lock is on {0} files.', count),
  savesAlternate: ({ count }) =>
    l10n.t(
      'Saves are refused and accepted in turn ({0} times within minutes): several servers may answer, each with its own locks.',
      count,
    ),
  serverErrors: ({ text, status, count }) =>
    l10n.t('{0} failed with a server error ({1}), {2}.', text === '' ? 'HTTP' : text, status, times(count)),
  serverSilent: () => l10n.t('The server doesn’t say who holds the lock.'),
  serviceWords: ({ text }) => l10n.t('The holder’s name looks like a program: "{0}".', text),
  severalRefused: ({ count }) => l10n.t('{0} files in different folders are refused within minutes.', count),
  signInPage: ({ status, at }) =>
    l10n.t('At {1} a web page came back instead of an answer ({0}), probably to sign in.', status, at),
  steady: ({ at }) => l10n.t('Every save has been refused since {0}.', at),
  transactionText: ({ text }) =>
    text === ''
      ? l10n.t('The server itself was processing the file.')
      : l10n.t('The server itself was processing the file: "{0}".', text),
  treeLock: ({ folder }) => l10n.t("The lock is on the whole folder '{0}'.", folder),
  unanswered: ({ at, text }) =>
    text === ''
      ? l10n.t('The server gave no usable answer at {0}.', at)
      : l10n.t('The server gave no usable answer at {0} ({1}).', at, text),
  unproven: () => l10n.t('Only the text in the lock says so.'),
  wordsOfAccess: ({ text }) => l10n.t('The server’s message is about permissions: "{0}".', text),
  writePassed: ({ at }) => l10n.t('A save went through at {0} although the lock was listed.', at),
  young: ({ at }) => l10n.t('First seen at {0}.', at),
};

function times(count: number): string {
  return count === 1 ? l10n.t('once') : l10n.t('{0} times', count);
}
