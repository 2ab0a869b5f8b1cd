import { showStatusMessage } from '../../messages/statusMessage';
import { l10n } from 'vscode';
import { isFailure } from '../../../core/model/failure';
import { isWithin, type ResourceId } from '../../../core/model/resource';
import { HumanError } from '../../messages/humanError';
import { stepOn } from '../../messages/nextStep';
import { displayNameOf } from '../../words/plainText';
import { lockedBy } from '../../words/holder';
import type { Command, Needs } from '../commandContext';
import { targetOf } from '../target';

/** Takes a lock that is held until the user releases it. */
export const lock: Command<'blockedSaves' | 'clock' | 'leases' | 'pauses' | 'poller' | 'store'> = async (
  context,
  argument,
) => {
  const resource = targetOf(context, argument);
  const since = context.clock.now().mono;
  let isSeen = false;
  try {
    const lease = await context.leases.take(resource, 'hand', { onSeen: () => (isSeen = true) });
    // A lock that was held already cost no request.
    if (lease.since.mono >= since) context.pauses.lift(resource, since);
  } catch (error) {
    if (!isFailure(error, 'locked')) throw error;
    if (!isSeen) await context.poller.ask([resource]);
    const isPerhapsOurs = context.store.viewOf(resource).lock?.holder.perhapsOurs;
    throw new HumanError(refusedSentence(context, resource), {
      next: stepOn(resource, isPerhapsOurs ? 'break' : 'explain'),
    });
  }
  showStatusMessage(l10n.t('{0} is locked for you.', displayNameOf(resource)), resource);
};

export const release: Command<'blockedSaves' | 'clock' | 'leases' | 'pauses' | 'store'> = async (
  context,
  argument,
) => {
  const resource = targetOf(context, argument);
  if (!context.leases.isWanted(resource)) {
    // A user who releases a lost lock knows of the loss and does not want the lock back.
    context.store.apply({ kind: 'lossSettled', resource });
    throw new HumanError(l10n.t('This window doesn’t hold a lock on {0}.', displayNameOf(resource)));
  }
  const since = context.clock.now().mono;
  const isHeld = context.leases.of(resource) !== undefined;
  await context.leases.release(resource);
  // Without a lock, nothing was asked of the server.
  if (isHeld) context.pauses.lift(resource, since);
  showStatusMessage(l10n.t('Released the lock on {0}.', displayNameOf(resource)), resource);
};

export const releaseAll: Command<'leases'> = async ({ leases }) => {
  const { released, failed } = await leases.releaseAll();
  if (failed.length > 0) {
    throw new HumanError(
      l10n.t(
        '{0} locks were released, but not those on {1}. Try again, or wait until they expire.',
        released,
        failed.map(displayNameOf).join(', '),
      ),
      { next: { label: l10n.t('Retry'), command: 'lockStatus.releaseAll' } },
    );
  }
  showStatusMessage(releasedText(released));
};

function releasedText(released: number): string {
  if (released === 0) return l10n.t('You don’t hold any locks.');
  return released === 1 ? l10n.t('Released 1 lock.') : l10n.t('Released {0} locks.', released);
}

/**
 * Asks the server again about a file, or a folder and its contents; without an argument, about all that is
 * visible.
 */
export const refresh: Command<'blockedSaves' | 'directory' | 'poller' | 'visibleResources'> = async (
  context,
  argument,
) => {
  const { poller, directory, visibleResources } = context;
  if (argument === undefined) return void (await poller.askAll(visibleResources(), 0, 'byPerson'));
  const target = targetOf(context, argument);
  const isFolder = () => directory.cached(target)?.kind === 'collection';
  if (!isFolder()) await poller.ask([target], 0, 'byPerson');
  if (!isFolder()) return;
  const open = visibleResources().folders.filter((folder) => folder !== target && isWithin(folder, target));
  await poller.askFolders([target, ...open]);
};

function refusedSentence(context: Needs<'clock' | 'store'>, resource: ResourceId): string {
  const view = context.store.viewOf(resource);
  if (view.lock?.holder.perhapsOurs) {
    return l10n.t(
      'Can’t lock {0}. The lock on it may be your own: you asked for one and got no answer. If nobody else is editing the file, use "Locks: Break Lock…".',
      displayNameOf(resource),
    );
  }
  return view.lock
    ? l10n.t('Can’t lock {0}. {1}.', displayNameOf(resource), lockedBy(view.lock, context.clock.now()))
    : l10n.t(
        'Can’t lock {0}: someone else has locked it, and the server doesn’t say who.',
        displayNameOf(resource),
      );
}
