import { l10n } from 'vscode';
import type { Lock, Stamp } from '../../core/model/lock';
import type { ObservedLock } from '../../core/locks/observedLock';
import { rootAbove } from '../../core/model/lockView';
import { nameOf, type ResourceId } from '../../core/model/resource';
import { plain } from './plainText';
import { lockedBy } from './holder';
import { ageText, clockText } from './time';

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
          'The holder can no longer save with this lock. What they haven’t saved yet may be lost, or may overwrite yours later.',
        )
      : l10n.t(
          'The holders can no longer save with these locks. What they haven’t saved yet may be lost, or may overwrite yours later.',
        ),
  ].join('\n');
}

function lockLines({ lock, observed }: SeenLock, resource: ResourceId, now: Stamp): string[] {
  const root = rootAbove(lock, resource);
  const since = lock.since?.wall ?? observed?.since;
  const refreshed = observed?.refreshes.at(-1);
  return [
    whose(lock, now),
    since !== undefined && l10n.t('Since {0}.', clockText(since, now)),
    // The server gives no start time, but this window saw the lock then.
    since === undefined &&
      observed !== undefined &&
      now.wall - observed.firstSeen >= minSeenMs &&
      l10n.t('Since at least {0}.', clockText(observed.firstSeen, now)),
    refreshed !== undefined &&
      l10n.t('Last refreshed {0}: the holder is probably editing right now.', ageText(refreshed, now)),
    root && l10n.t("It covers everything in the folder '{0}'.", plain(nameOf(root), 60)),
  ].filter((line) => typeof line === 'string');
}

function whose(lock: Lock, now: Stamp): string {
  const { holder } = lock;
  if (holder.perhapsOurs) {
    return l10n.t(
      'It may be your own lock: you asked for one, got no answer, and then this one appeared. The server doesn’t say who holds it.',
    );
  }
  if (holder.self === 'elsewhere') return l10n.t('It is your own lock, taken elsewhere.');
  return l10n.t('{0}.', lockedBy(lock, now));
}
