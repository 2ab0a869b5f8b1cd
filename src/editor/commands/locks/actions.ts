import { commands, l10n, QuickPickItemKind, type QuickPickItem } from 'vscode';
import { canBeAsked, canBreak, canWait } from '../../../core/diagnosis/advice';
import { diagnose } from '../../../core/diagnosis/diagnose';
import { unknownReasonOf } from '../../../core/polling/unknownReason';
import { blocksUs, type LockView } from '../../../core/model/lockView';
import type { UnknownReason } from '../../../core/model/lock';
import type { ResourceId } from '../../../core/model/resource';
import type { ServerChange } from '../../../core/saving/serverChange';
import { choose } from '../../messages/prompts';
import { toUri } from '../../uris';
import { serverChangeText } from '../../words/serverChange';
import { cacheableStatus, dotted } from '../../words/status';
import { knownName } from '../../words/holder';
import { openReadOnly, saveCopy } from '../content/copies';
import { displayNameOf } from '../../words/plainText';
import type { Command, Needs } from '../commandContext';
import { takeOver } from './takeOver';
import { targetOf } from '../target';

interface Action extends QuickPickItem {
  readonly run?: () => unknown;
}

type ActionNeeds =
  | 'blockedSaves'
  | 'clock'
  | 'copies'
  | 'diagnosisService'
  | 'documents'
  | 'leaseRecovery'
  | 'leaseStore'
  | 'leases'
  | 'log'
  | 'lockProviders'
  | 'merges'
  | 'store'
  | 'waits';

/** Shows the actions that can work on a file now, the most likely first. */
export const showActions: Command<ActionNeeds> = async (context, argument) => {
  const resource = targetOf(context, argument);
  const situation = situationOf(context, resource);
  const picked = await choose(titleOf(context, situation), actionsFor(context, situation));
  await picked?.run?.();
};

/** What is known of the file, for all groups of actions. */
interface Situation {
  readonly resource: ResourceId;
  readonly view: LockView;
  readonly dirty: boolean;
  readonly waiting: boolean;
  /** Somebody's lock keeps us from saving. */
  readonly blocked: boolean;
  /** The server has, or had, a version that the text was not made from. */
  readonly change: ServerChange | undefined;
  /** Why the server did not give the file when it was last asked: what needs the file there can't work. */
  readonly away: UnknownReason | undefined;
}

const awayReasons: readonly (UnknownReason | undefined)[] = ['unreachable', 'auth', 'notFound'];

function awayReason(
  { blockedSaves, store }: Needs<'blockedSaves' | 'store'>,
  resource: ResourceId,
): UnknownReason | undefined {
  const state = store.stateOf(resource);
  const refused = blockedSaves.of(resource);
  // A refused save is no answer about the lock, but may be newer than the last one.
  const isNewer = refused !== undefined && refused.since.mono > (state.at?.mono ?? -Infinity);
  const why = isNewer ? unknownReasonOf(refused.failure) : state.kind === 'unknown' ? state.why : undefined;
  return awayReasons.includes(why) ? why : undefined;
}

type Offer = Action | false | undefined;

function situationOf(context: Needs<ActionNeeds>, resource: ResourceId): Situation {
  const view = context.store.viewOf(resource);
  const failure = context.blockedSaves.of(resource)?.failure.kind;
  const wait = context.waits.of(resource)?.phase;
  const isChanged = failure === 'contentChanged' || wait === 'conflict';
  return {
    resource,
    view,
    // Of what is in a notebook or a custom editor, nothing can be read or saved.
    dirty: context.documents.isOpen(resource) && context.documents.isDirty(resource),
    waiting: wait !== undefined && wait !== 'conflict',
    blocked: blocksUs(view) || failure === 'locked',
    change: context.merges.of(resource) ?? (isChanged ? 'review' : undefined),
    away: awayReason(context, resource),
  };
}

function titleOf({ clock }: Needs<'clock'>, { resource, view, blocked, change }: Situation): string {
  const name = displayNameOf(resource);
  if (change && !blocked) return dotted(name, serverChangeText(change));
  return `${name}: ${cacheableStatus(view, clock.now())}`;
}

function actionsFor(context: Needs<ActionNeeds>, situation: Situation): readonly Action[] {
  const lock = lockActions(context, situation);
  const text = textActions(context, situation);
  const textFirst = situation.change !== undefined && !situation.away;
  const [first, second] = textFirst ? [text, lock] : [lock, text];
  return separated([
    [undefined, first],
    [textFirst ? l10n.t('Lock') : l10n.t('Your text'), second],
    [l10n.t('More'), moreActions(context, situation)],
  ]);
}

function lockActions(context: Needs<ActionNeeds>, { resource, view, ...is }: Situation): Offer[] {
  const { lock } = view;
  const diagnosis = context.diagnosisService.diagnose(resource);
  const who = lock && knownName(lock.holder);
  return [
    is.away === 'auth' &&
      command(resource, 'lockStatus.signIn', `$(account) ${l10n.t('Sign In…')}`, {
        description: l10n.t('Sign in to see whether this is locked'),
      }),
    is.away !== undefined && is.away !== 'auth' && refresh(resource),
    is.waiting &&
      command(resource, 'lockStatus.stopWaiting', `$(circle-slash) ${l10n.t('Stop Waiting')}`, {
        description: l10n.t('Your text stays unsaved'),
      }),
    is.blocked &&
      is.dirty &&
      !is.waiting &&
      canWait(diagnosis, diagnosis.also) &&
      command(resource, 'lockStatus.wait', `$(watch) ${l10n.t('Save When Free')}`, {
        description: l10n.t('Saves your latest text once the lock is free'),
      }),
    is.blocked &&
      lock !== undefined &&
      canBeAsked(lock) &&
      command(
        resource,
        'lockStatus.contactHolder',
        `$(mail) ${who === undefined ? l10n.t('Ask Lock Holder…') : l10n.t('Ask {0}…', who)}`,
        { description: l10n.t('You see the message before it is sent') },
      ),
    view.state === 'mineElsewhere' &&
      lock !== undefined && {
        label: `$(lock) ${l10n.t('Take Over…')}`,
        description: l10n.t('Moves your lock to this window'),
        run: () => takeOver(context, resource, lock),
      },
    view.state === 'mine' &&
      command(resource, 'lockStatus.release', `$(unlock) ${l10n.t('Release')}`, {
        description: l10n.t('Lets others edit the file'),
      }),
    !is.blocked &&
      !is.away &&
      view.state !== 'mine' &&
      view.why !== 'noLocks' &&
      view.why !== 'notEnforced' &&
      command(resource, 'lockStatus.lock', `$(lock) ${l10n.t('Lock')}`, {
        description: l10n.t('Keeps the file locked until you release it'),
      }),
    is.blocked &&
      command(resource, 'lockStatus.explain', `$(info) ${l10n.t('Explain')}`, {
        description: l10n.t('Why the file is locked, and what you can do'),
      }),
  ];
}

function textActions(context: Needs<ActionNeeds>, situation: Situation): Offer[] {
  const { resource, dirty, blocked, change, away } = situation;
  const isRefused = context.blockedSaves.of(resource) !== undefined;
  return [
    change === 'save' &&
      dirty &&
      !blocked && {
        label: `$(save) ${l10n.t('Save')}`,
        description: l10n.t('Your text has the server’s changes'),
        run: () => context.documents.save(resource),
      },
    change === 'resolve' &&
      dirty && {
        label: `$(arrow-down) ${l10n.t('Next Conflict')}`,
        run: () => showNextConflict(resource),
      },
    change === 'review' &&
      dirty &&
      !away &&
      command(resource, 'lockStatus.merge', `$(git-merge) ${l10n.t('Merge')}`, {
        description: l10n.t('Puts the server’s changes into your text'),
      }),
    (dirty || isRefused) &&
      !away &&
      command(resource, 'lockStatus.compare', `$(diff) ${l10n.t('Compare')}`, {
        description: l10n.t('Your text next to the server’s version'),
      }),
    // The marks of conflicts are not to be put on the server.
    dirty &&
      !away &&
      change !== 'resolve' &&
      context.copies.of(resource) !== undefined &&
      command(resource, 'lockStatus.overwrite', `$(cloud-upload) ${l10n.t('Overwrite…')}`, {
        description: l10n.t('Replaces the version that you compared'),
      }),
    dirty && {
      label: `$(files) ${l10n.t('Save a Copy…')}`,
      description: l10n.t('Under another name or on this computer'),
      run: () => saveCopy(context, resource),
    },
    blocked &&
      !dirty && {
        label: `$(book) ${l10n.t('Open Read-Only')}`,
        description: l10n.t('Prevents accidental typing'),
        run: () => openReadOnly(resource),
      },
  ];
}

async function showNextConflict(resource: ResourceId): Promise<void> {
  await commands.executeCommand('vscode.open', toUri(resource));
  await commands.executeCommand('merge-conflict.next');
}

function moreActions(context: Needs<ActionNeeds>, { resource, blocked, view, away }: Situation): Offer[] {
  const facts = blocked ? context.diagnosisService.facts(resource) : undefined;
  const mayBreak =
    facts !== undefined &&
    view.state !== 'mineElsewhere' &&
    canBreak(facts) &&
    diagnose(facts).cause !== 'access';
  return [
    (away === undefined || away === 'auth') && refresh(resource),
    mayBreak &&
      command(resource, 'lockStatus.breakLock', `$(key) ${l10n.t('Break…')}`, {
        description: l10n.t('Breaks someone else’s lock, after you confirm'),
      }),
    blocked &&
      command(resource, 'lockStatus.copyReport', `$(clippy) ${l10n.t('Copy Report')}`, {
        description: l10n.t('For an administrator, without secrets'),
      }),
    { label: `$(output) ${l10n.t('Show Log')}`, run: () => commands.executeCommand('lockStatus.showLog') },
  ];
}

function refresh(resource: ResourceId): Action {
  return command(resource, 'lockStatus.refresh', `$(refresh) ${l10n.t('Refresh')}`, {
    description: l10n.t('Asks the server again'),
  });
}

function command(
  resource: ResourceId,
  id: string,
  label: string,
  { description }: { readonly description: string },
): Action {
  return { label, description, run: () => commands.executeCommand(id, toUri(resource)) };
}

/** Groups that have something to offer, each but the first under its heading. */
function separated(groups: readonly (readonly [string | undefined, readonly Offer[]])[]): Action[] {
  return groups.flatMap(([heading, offers]) => {
    const actions = offers.filter((offer) => offer !== undefined && offer !== false);
    const isHeaded = heading !== undefined && actions.length > 0;
    return isHeaded ? [{ label: heading, kind: QuickPickItemKind.Separator }, ...actions] : actions;
  });
}
