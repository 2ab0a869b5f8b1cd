import { l10n } from 'vscode';
import type { Lock, Stamp } from '../../core/model/lock';
import type { ObservedLock } from '../../core/locks/observedLock';
import { rootAbove } from '../../core/model/lockView';
import { nameOf, type ResourceId } from '../../core/model/resource';
import { plain } from './plainText';
import { knownName } from './holder';
import { ageText, clockText, untilText } from './time';

const minSeenMs = 60_000;

/** A lock to be broken, and how it behaved so far. */
export interface SeenLock {
  readonly lock: Lock;
  readonly observed: ObservedLock | undefined;
}

/** What the user must know before breaking locks: holder, start, refreshes, expiry, and what may be lost. */
export function breakDetail(locks: readonly SeenLock[], resource: ResourceId, now: Stamp): string {
  return [
    ...locks.flatMap((seen) => [...lockLines(seen, resource, now), '']),
    locks.length === 1
      ? l10n.t(
          'Whoever holds it cannot save under it any more. What they have not saved yet may be lost, or may overwrite yours later.',
        )
      : l10n.t(
          'Whoever holds one of them cannot save under it any more. What they have not saved yet may be lost, or may overwrite yours later.',
        ),
  ].join('\n');
}

function lockLines({ lock, observed }: SeenLock, resource: ResourceId, now: Stamp): string[] {
  const root = rootAbove(lock, resource);
  const until = untilText(lock.expiry, now);
  const since = lock.since?.wall ?? observed?.since;
  const refreshed = observed?.refreshes.at(-1);
  return [
    whose(lock),
    since !== undefined && l10n.t('Since {0}.', clockText(since, now)),
    // The server gives no start time, but this window saw the lock then.
    since === undefined &&
      observed !== undefined &&
      now.wall - observed.firstSeen >= minSeenMs &&
      l10n.t('Since {0} at least.', clockText(observed.firstSeen, now)),
    refreshed !== undefined &&
      l10n.t('Last refreshed {0}: somebody is probably at work right now.', ageText(refreshed, now)),
    until !== undefined &&
      (lock.expiry.kind === 'never' ? l10n.t('It has no end.') : l10n.t('It ends at {0} by itself.', until)),
    root && l10n.t("It covers everything in the folder '{0}'.", plain(nameOf(root), 60)),
  ].filter((line) => typeof line === 'string');
}

function whose({ holder }: Lock): string {
  if (holder.perhapsOurs) {
    return l10n.t(
      'It may be your own: a lock that you asked for was not answered, and this one appeared. The server does not say who holds it.',
    );
  }
  const name = knownName(holder);
  if (holder.self === 'elsewhere') return l10n.t('It is your own, taken elsewhere.');
  if (name === undefined) return l10n.t('The server does not say who holds it.');
  return holder.assertedBy === 'server'
    ? l10n.t('{0} holds it, by the word of the server.', name)
    : l10n.t('The lock says that {0} holds it; the server has not checked that.', name);
}
