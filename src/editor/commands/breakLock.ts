import { l10n } from 'vscode';
import { traceOf } from '../../core/diagnosis/facts';
import { isFailure, type RemoteFailure } from '../../core/failure';
import type { Lock } from '../../core/lock';
import { lockView } from '../../core/lockView';
import type { ResourceId } from '../../core/resource';
import { hostOf } from '../failureWords';
import { HumanError } from '../humanError';
import { confirm, tell } from '../prompts';
import { breakDetail } from '../words/breaking';
import { knownName } from '../words/holder';
import { reachHolder } from './contact';
import { shown } from './lock';
import type { Command, Room } from './room';
import { takeOver } from './takeOver';
import { targetOf } from './target';

/** Ends somebody else's lock, after the person was told whose it is and what may be lost, and never otherwise. */
export const breakLock: Command = async (room, argument) => {
  const resource = targetOf(room, argument);
  await room.asker.ask([resource]);
  const lock = lockToBreak(room, resource);
  // Nobody else is affected: it becomes this window's.
  if (lock.holder.self === 'elsewhere') return takeOver(room, resource, lock);
  const sure = await confirm(
    l10n.t('Break the lock on {0}?', shown(resource)),
    breakDetail(lock, resource, room.clock.now(), refreshedAt(room, resource, lock)),
    l10n.t('Break Lock'),
  );
  if (!sure) return;
  const { wasHeld } = await end(room, resource, lock);
  await room.asker.ask([resource]);
  verify(room, resource, lock);
  room.log.warn(`The lock on ${resource} was broken by hand${wasHeld ? '' : '; it was gone already'}.`);
  await offerToTell(room, resource, lock);
};

/** When the lock was last seen to be refreshed: a sign that somebody is at work. */
function refreshedAt(room: Room, resource: ResourceId, lock: Lock): number | undefined {
  const facts = room.casebook.facts(resource);
  return traceOf(facts, lock)?.refreshes.at(-1);
}

function lockToBreak(room: Room, resource: ResourceId): Lock {
  const view = lockView(room.store.stateOf(resource), room.store.lossOf(resource));
  if (view.word === 'mine') {
    throw new HumanError(l10n.t('The lock on {0} is yours. Release it instead.', shown(resource)));
  }
  if (!view.lock) {
    throw new HumanError(
      view.word === 'free'
        ? l10n.t('Nobody holds a lock on {0}.', shown(resource))
        : l10n.t('{0} shows no lock on {1}, so there is none to break.', hostOf(resource), shown(resource)),
    );
  }
  return view.lock;
}

async function end(room: Room, resource: ResourceId, lock: Lock) {
  const { id, root, depth } = lock;
  try {
    return await room.serverOf(resource).breakLock({
      resource,
      depth,
      ...(id !== undefined && { id }),
      ...(root !== undefined && { root }),
    });
  } catch (error) {
    if (!isFailure(error)) throw error;
    room.log.failure(`Breaking the lock on ${resource}`, error);
    throw new HumanError(refusal(resource, lock, error), { cause: error });
  }
}

/** Why it could not be done, and who can. */
function refusal(resource: ResourceId, lock: Lock, failure: RemoteFailure): string {
  const who = knownName(lock.holder) ?? l10n.t('its holder');
  const host = hostOf(resource);
  switch (failure.kind) {
    case 'forbidden':
    case 'signInNeeded':
      return l10n.t(
        '{0} lets only the account that took a lock end it. {1} can release it, or the administrator of {0} can.',
        host,
        who,
      );
    case 'unsupported':
      return l10n.t(
        '{0} gives nobody the means to break this lock. {1} can release it, or the administrator of {0} can.',
        host,
        who,
      );
    default:
      return l10n.t(
        '{0} did not break the lock: {1} is still locked. {2} can release it, or the administrator of {0} can.',
        host,
        shown(resource),
        who,
      );
  }
}

/** Only the server's own listing proves that it worked. */
function verify(room: Room, resource: ResourceId, lock: Lock): void {
  const state = room.store.stateOf(resource);
  if (lock.id === undefined || state.kind !== 'locked') return;
  if (!state.locks.some(({ id }) => id === lock.id)) return;
  throw new HumanError(
    l10n.t('{0} says that the lock on {1} is broken, and still lists it.', hostOf(resource), shown(resource)),
  );
}

async function offerToTell(room: Room, resource: ResourceId, lock: Lock): Promise<void> {
  const who = knownName(lock.holder);
  const action = who === undefined ? l10n.t('Tell the Holder…') : l10n.t('Tell {0}…', who);
  const message = l10n.t('The lock on {0} is broken. Its holder has not been told.', shown(resource));
  if ((await tell(message, action)) === action) await reachHolder(room, resource, { lock, about: 'broken' });
}
