import { l10n } from 'vscode';
import { canBeAsked } from '../../../core/diagnosis/advice';
import { observedLockOf } from '../../../core/diagnosis/locks';
import { isFailure, type RemoteFailure } from '../../../core/model/failure';
import type { Lock } from '../../../core/model/lock';
import type { ResourceId } from '../../../core/model/resource';
import { hostOf } from '../../words/failureWords';
import { HumanError } from '../../messages/humanError';
import { stepOn } from '../../messages/nextStep';
import { confirm, showInformation } from '../../messages/prompts';
import { breakDetail } from '../../words/breaking';
import { knownName, lockedBy } from '../../words/holder';
import { contactAbout } from '../../messages/contactPicker';
import { displayNameOf } from '../../words/plainText';
import type { Command, Needs } from '../commandContext';
import { takeOver } from './takeOver';
import { targetOf } from '../target';

/** Breaks the locks on a file, and only after a confirmation that names the holders and the possible loss. */
export const breakLock: Command<
  | 'blockedSaves'
  | 'clock'
  | 'diagnosisService'
  | 'documents'
  | 'leaseRecovery'
  | 'leaseStore'
  | 'leases'
  | 'log'
  | 'poller'
  | 'lockProviders'
  | 'settings'
  | 'store'
> = async (context, argument) => {
  const resource = targetOf(context, argument);
  await context.poller.ask([resource]);
  const locks = locksToBreak(context, resource);
  const [only, more] = locks;
  // The user's own lock from elsewhere affects nobody else, so take it over.
  if (only?.holder.self === 'elsewhere' && !more) return takeOver(context, resource, only);
  const facts = context.diagnosisService.facts(resource);
  const seen = locks.map((lock) => ({ lock, observed: observedLockOf(facts, lock) }));
  const confirmed = await confirm(
    locks.length === 1
      ? l10n.t('Break the lock on {0}?', displayNameOf(resource))
      : l10n.t('Break all {0} locks on {1}?', locks.length, displayNameOf(resource)),
    breakDetail(seen, resource, context.clock.now()),
    l10n.t('Break Lock'),
  );
  if (!confirmed) return;
  const broken: Lock[] = [];
  for (const lock of locks) if ((await breakOne(context, resource, lock)).wasHeld) broken.push(lock);
  await context.poller.ask([resource]);
  if (broken.length === 0) return void showInformation(alreadyEndedText(context, resource));
  context.log.warn(`Broke ${broken.length} of the locks on ${resource}.`);
  verify(context, resource, broken);
  await offerToNotify(context, resource, broken);
};

/** The confirmed lock had already ended: nothing was broken, so no holder needs a message. */
function alreadyEndedText(context: Needs<'clock' | 'store'>, resource: ResourceId): string {
  const { lock } = context.store.viewOf(resource);
  return lock
    ? l10n.t(
        'That lock on {0} was already released or expired, so nothing was broken. There is another one now: {1}.',
        displayNameOf(resource),
        lockedBy(lock, context.clock.now()),
      )
    : l10n.t(
        'That lock on {0} was already released or expired, so nothing was broken.',
        displayNameOf(resource),
      );
}

function locksToBreak(context: Needs<'store'>, resource: ResourceId): readonly Lock[] {
  const view = context.store.viewOf(resource);
  if (view.state === 'mine') {
    throw new HumanError(l10n.t('The lock on {0} is yours. Release it instead.', displayNameOf(resource)), {
      next: stepOn(resource, 'release'),
    });
  }
  if (!view.lock) {
    throw new HumanError(
      view.state === 'free'
        ? l10n.t('Nobody holds a lock on {0}.', displayNameOf(resource))
        : l10n.t(
            '{0} lists no lock on {1}, so there is none to break.',
            hostOf(resource),
            displayNameOf(resource),
          ),
      { next: stepOn(resource, 'refresh') },
    );
  }
  return view.locks;
}

async function breakOne(context: Needs<'log' | 'lockProviders'>, resource: ResourceId, lock: Lock) {
  try {
    return await context.lockProviders.of(resource).breakLock({ ...lock, resource });
  } catch (error) {
    if (!isFailure(error)) throw error;
    context.log.failure(`Breaking the lock on ${resource}`, error);
    const next = stepOn(resource, canBeAsked(lock) ? 'ask' : 'explain');
    throw new HumanError(refusalText(resource, lock, error), { cause: error, next });
  }
}

/** Why the lock could not be broken, and who can release it. */
function refusalText(resource: ResourceId, lock: Lock, failure: RemoteFailure): string {
  const who = knownName(lock.holder) ?? l10n.t('The holder');
  const host = hostOf(resource);
  switch (failure.kind) {
    case 'forbidden':
    case 'signInNeeded':
      return l10n.t(
        '{0} lets only the account that took a lock release it. {1} can release it, or the administrator of {0} can break it.',
        host,
        who,
      );
    case 'unsupported':
      return l10n.t(
        '{0} doesn’t let anyone break this lock. {1} or the administrator of {0} can release it.',
        host,
        who,
      );
    default:
      return l10n.t(
        '{0} didn’t break the lock: {1} is still locked. {2} or the administrator of {0} can release it.',
        host,
        displayNameOf(resource),
        who,
      );
  }
}

/** Only the server's listing proves that the locks are broken. */
function verify(context: Needs<'store'>, resource: ResourceId, broken: readonly Lock[]): void {
  const state = context.store.stateOf(resource);
  if (state.kind === 'unknown')
    throw new HumanError(
      l10n.t(
        '{0} says that the lock on {1} is broken, but doesn’t show whether it is. Refresh before you save.',
        hostOf(resource),
        displayNameOf(resource),
      ),
      { next: stepOn(resource, 'refresh') },
    );
  const stillListed = state.kind === 'locked' ? state.locks : [];
  // A listed lock without an ID may be the broken one.
  const isStillListed = ({ id }: Lock) =>
    stillListed.some((lock) => lock.id === undefined || id === undefined || lock.id === id);
  if (broken.some(isStillListed))
    throw new HumanError(
      l10n.t(
        '{0} says that the lock on {1} is broken, but still lists it.',
        hostOf(resource),
        displayNameOf(resource),
      ),
      { next: stepOn(resource, 'refresh') },
    );
}

async function offerToNotify(
  context: Needs<'clock' | 'diagnosisService' | 'settings'>,
  resource: ResourceId,
  broken: readonly Lock[],
): Promise<void> {
  const actions = new Map(
    broken.map((lock) => {
      const who = knownName(lock.holder);
      return [who === undefined ? l10n.t('Tell Lock Holder…') : l10n.t('Tell {0}…', who), lock];
    }),
  );
  const message =
    broken.length === 1
      ? l10n.t('Broke the lock on {0}. Its holder doesn’t know yet.', displayNameOf(resource))
      : l10n.t(
          'Broke {0} locks on {1}. Their holders don’t know yet.',
          broken.length,
          displayNameOf(resource),
        );
  const lock = actions.get((await showInformation(message, ...actions.keys())) ?? '');
  if (lock) await contactAbout(context, resource, { lock, about: 'broken' });
}
