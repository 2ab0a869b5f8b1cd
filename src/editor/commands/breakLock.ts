import { l10n } from 'vscode';
import { traceOf } from '../../core/diagnosis/locks';
import { isFailure, type RemoteFailure } from '../../core/model/failure';
import type { Lock } from '../../core/model/lock';
import { lockView } from '../../core/model/lockView';
import type { ResourceId } from '../../core/model/resource';
import { hostOf } from '../words/failureWords';
import { HumanError } from '../messages/humanError';
import { confirm, tell } from '../messages/prompts';
import { breakDetail } from '../words/breaking';
import { knownName, lockedBy } from '../words/holder';
import { reachHolder } from './contact';
import { shown } from './lock';
import type { Command, CommandContext } from './commandContext';
import { takeOver } from './takeOver';
import { targetOf } from './target';

/** Ends the locks in the way, after the person was told whose they are and what may be lost, and never otherwise. */
export const breakLock: Command = async (context, argument) => {
  const resource = targetOf(context, argument);
  await context.poller.ask([resource]);
  const locks = locksToBreak(context, resource);
  const [only, more] = locks;
  // Nobody else is affected: it becomes this window's.
  if (only?.holder.self === 'elsewhere' && !more) return takeOver(context, resource, only);
  const facts = context.diagnosisService.facts(resource);
  const seen = locks.map((lock) => ({ lock, observed: traceOf(facts, lock) }));
  const sure = await confirm(
    locks.length === 1
      ? l10n.t('Break the lock on {0}?', shown(resource))
      : l10n.t('Break all {0} locks on {1}?', locks.length, shown(resource)),
    breakDetail(seen, resource, context.clock.now()),
    l10n.t('Break Lock'),
  );
  if (!sure) return;
  const broken: Lock[] = [];
  for (const lock of locks) if ((await end(context, resource, lock)).wasHeld) broken.push(lock);
  await context.poller.ask([resource]);
  if (broken.length === 0) return void tell(goneAlready(context, resource));
  context.log.warn(`Of the locks on ${resource}, ${broken.length} were broken by hand.`);
  verify(context, resource, broken);
  await offerToTell(context, resource, broken);
};

/** What the person was shown is not there any more, and nothing was done: nobody's work is at risk, so nobody is told. */
function goneAlready(context: CommandContext, resource: ResourceId): string {
  const { lock } = lockView(context.store.stateOf(resource), context.store.lossOf(resource));
  return lock
    ? l10n.t(
        'That lock on {0} was gone already, and nothing was broken. Meanwhile there is another: {1}.',
        shown(resource),
        lockedBy(lock, context.clock.now()),
      )
    : l10n.t('That lock on {0} was gone already, and nothing was broken.', shown(resource));
}

function locksToBreak(context: CommandContext, resource: ResourceId): readonly Lock[] {
  const view = lockView(context.store.stateOf(resource), context.store.lossOf(resource));
  if (view.state === 'mine') {
    throw new HumanError(l10n.t('The lock on {0} is yours. Release it instead.', shown(resource)));
  }
  if (!view.lock) {
    throw new HumanError(
      view.state === 'free'
        ? l10n.t('Nobody holds a lock on {0}.', shown(resource))
        : l10n.t('{0} shows no lock on {1}, so there is none to break.', hostOf(resource), shown(resource)),
    );
  }
  return view.locks;
}

async function end(context: CommandContext, resource: ResourceId, lock: Lock) {
  const { id, root, depth } = lock;
  try {
    return await context.serverOf(resource).breakLock({
      resource,
      depth,
      ...(id !== undefined && { id }),
      ...(root !== undefined && { root }),
    });
  } catch (error) {
    if (!isFailure(error)) throw error;
    context.log.failure(`Breaking the lock on ${resource}`, error);
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
function verify(context: CommandContext, resource: ResourceId, broken: readonly Lock[]): void {
  const state = context.store.stateOf(resource);
  if (state.kind === 'unknown')
    throw new HumanError(
      l10n.t(
        '{0} says that the lock on {1} is broken, and does not show whether it is. Refresh before you save.',
        hostOf(resource),
        shown(resource),
      ),
    );
  const left = state.kind === 'locked' ? state.locks : [];
  // A lock that cannot be told apart may be the same one.
  const stands = ({ id }: Lock) =>
    left.some((lock) => lock.id === undefined || id === undefined || lock.id === id);
  if (broken.some(stands))
    throw new HumanError(
      l10n.t(
        '{0} says that the lock on {1} is broken, and still lists it.',
        hostOf(resource),
        shown(resource),
      ),
    );
}

async function offerToTell(
  context: CommandContext,
  resource: ResourceId,
  broken: readonly Lock[],
): Promise<void> {
  const actions = new Map(
    broken.map((lock) => {
      const who = knownName(lock.holder);
      return [who === undefined ? l10n.t('Tell the Holder…') : l10n.t('Tell {0}…', who), lock];
    }),
  );
  const message =
    broken.length === 1
      ? l10n.t('The lock on {0} is broken. Its holder has not been told.', shown(resource))
      : l10n.t(
          '{0} locks on {1} are broken. Their holders have not been told.',
          broken.length,
          shown(resource),
        );
  const lock = actions.get((await tell(message, ...actions.keys())) ?? '');
  if (lock) await reachHolder(context, resource, { lock, about: 'broken' });
}
