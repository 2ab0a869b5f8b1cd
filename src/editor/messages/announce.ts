import { commands, l10n } from 'vscode';
import type { LossOutcome } from '../../core/saving/lostLockRecovery';
import type { BadSetting } from '../../core/settings/settings';
import type { WaitEnd } from '../../core/waiting/waits';
import { isFailure, RemoteFailure } from '../../core/model/failure';
import type { Lease } from '../../core/model/lease';
import { blocksUs } from '../../core/model/lockView';
import type { ResourceId } from '../../core/model/resource';
import { isMissingRight } from '../../core/waiting/waitPolicy';
import { openComparison } from '../files/comparison';
import { contactAbout } from './contactPicker';
import { showStatusMessage } from './statusMessage';
import { toUri } from '../uris';
import { displayNameOf } from '../words/plainText';
import type { Needs } from '../commands/commandContext';
import { failureSentence, hostOf } from '../words/failureWords';
import type { PassingMessage } from './passingMessage';
import { showRefusal, stepAfter, stepOn } from './nextStep';
import { showWarning } from './prompts';
import { badSettingText } from '../words/badSetting';
import { verdict } from '../words/cause';
import { lockedBy } from '../words/holder';

/**
 * Reports a lost lock: only in the log if it was taken again and nothing changed, otherwise in a message.
 * @param passing ends when the file's next save shows a message of its own
 */
export async function announceLoss(
  context: Needs<'blockedSaves' | 'clock' | 'copies' | 'documents' | 'leases' | 'log' | 'store'>,
  { loss, outcome, content }: LossOutcome,
  passing: PassingMessage,
): Promise<void> {
  const { resource } = loss.lease;
  if (outcome === 'retaken') {
    context.log.info(
      `The lock on ${resource} was lost (${loss.why}) and taken again; content since: ${content}.`,
    );
    if (content === 'changed') await announceChange(context, resource);
    return;
  }
  context.log.warn(`The lock on ${resource} was lost (${loss.why}); content since: ${content}.`);
  // A save that found the loss shows its own message, and there is never a second one.
  if (context.blockedSaves.of(resource)) return;
  const again = l10n.t('Lock Again');
  const compare = l10n.t('Compare');
  const [now] = context.store.viewOf(resource).locks;
  const changed = content === 'changed' ? ` ${l10n.t('The file was changed on the server since then.')}` : '';
  const held = now ? ` ${lockedBy(now, context.clock.now())}.` : '';
  const message =
    l10n.t('Your lock on {0} was lost: {1}.', displayNameOf(resource), lossText(loss.why)) + changed + held;
  const wait = l10n.t('Save When Free');
  // Only what can work: nothing takes a lock that somebody else holds now.
  const first = now && context.documents.isDirty(resource) ? wait : again;
  passing.begin(resource);
  const chosen = await (content === 'changed'
    ? showWarning(message, compare)
    : showWarning(message, first, compare));
  if (chosen === wait) await commands.executeCommand('lockStatus.wait', toUri(resource));
  if (chosen === again) await attempt(context, () => lockAgain(context, loss));
  if (chosen === compare) await attempt(context, () => openComparison(context, resource));
}

/** The lock is ours again, and the file is not what the person's text was made from. */
async function announceChange(
  context: Needs<'blockedSaves' | 'copies' | 'documents' | 'log'>,
  resource: ResourceId,
): Promise<void> {
  // VS Code shows the new content where nothing is unsaved, and a refused save shows its own message.
  if (!context.documents.isDirty(resource) || context.blockedSaves.of(resource)) return;
  const compare = l10n.t('Compare');
  const message = failureSentence(new RemoteFailure('contentChanged', { resource }));
  if ((await showWarning(message, compare)) === compare)
    await attempt(context, () => openComparison(context, resource));
}

/** Takes the lock with its former claim: a lock taken for editing is released after editing. */
async function lockAgain({ leases }: Needs<'leases'>, { lease, claims }: LossOutcome['loss']): Promise<void> {
  await leases.take(lease.resource, claims.has('hand') ? 'hand' : 'edit');
}

function lossText(why: LossOutcome['loss']['why']): string {
  switch (why) {
    case 'expired':
      return l10n.t('it expired before it could be refreshed');
    case 'broken':
      return l10n.t('it was broken or dropped before it expired');
    case 'taken':
      return l10n.t('someone else holds the lock now');
    case 'unknown':
      return l10n.t('the server doesn’t say why');
  }
}

/** Reports a lock on a resource that no longer exists, which makes its name unusable. */
export function announceOrphanedLock(context: Needs<'log'>, { resource }: Lease): void {
  context.log.warn(`The lock on ${resource} is still held although the file was deleted.`);
  void showWarning(
    l10n.t(
      '{0} still holds your lock on {1}, which no longer exists. Nobody can use this name until the lock expires or the administrator breaks it.',
      hostOf(resource),
      displayNameOf(resource),
    ),
  );
}

type HelpNeeds =
  'clock' | 'connections' | 'diagnosisService' | 'documents' | 'explanations' | 'log' | 'settings' | 'waits';

type FailureNeeds = HelpNeeds | 'blockedSaves' | 'store';

/** Reports the end of a wait if the user has to know. */
export function announceWaitEnd(
  context: Needs<FailureNeeds | 'waitMessages'>,
  resource: ResourceId,
  end: WaitEnd,
  error?: unknown,
): void {
  context.log.info(`Waiting for ${resource} ended: ${end}.`);
  switch (end) {
    case 'saved':
      return context.waitMessages.saved(resource);
    case 'gaveUp':
      return void showRefusal(gaveUpText(context, resource, error), stepOn(resource, 'explain'));
    case 'failed':
      context.log.failure(`Saving ${resource} after its lock became free`, error);
      return void announceFailure(context, resource, error);
    case 'stopped':
    case 'closed':
      return;
  }
}

function gaveUpText({ store }: Needs<'store'>, resource: ResourceId, error: unknown): string {
  const name = displayNameOf(resource);
  const isLocked = isFailure(error, 'locked') || (!isFailure(error) && blocksUs(store.viewOf(resource)));
  if (isLocked) {
    return l10n.t(
      '{0} is still locked and no longer waiting. Its text is still unsaved: save it again, or ask the holder.',
      name,
    );
  }
  if (!isFailure(error))
    return l10n.t(
      '{0} couldn’t be saved in time and is no longer waiting. Its text is still unsaved: save it again.',
      name,
    );
  return l10n.t(
    '{0} couldn’t be saved in time and is no longer waiting. Its text is still unsaved. {1}',
    name,
    failureSentence(error),
  );
}

/**
 * More waiting would not help. Shows no second message if VS Code's message of the refused save gave the reason.
 */
async function announceFailure(
  context: Needs<FailureNeeds>,
  resource: ResourceId,
  error: unknown,
): Promise<void> {
  if (!isFailure(error)) {
    const again = l10n.t(
      '{0} couldn’t be saved when its lock became free. Its text is still unsaved: save it again.',
      displayNameOf(resource),
    );
    return void showRefusal(again, stepOn(resource, 'open'));
  }
  const refused = context.blockedSaves.of(resource)?.failure === error;
  const diagnosis = context.diagnosisService.diagnose(resource);
  const missingRight = isMissingRight(diagnosis, context.store.stateOf(resource));
  if (refused && (error.kind !== 'locked' || missingRight)) {
    return showStatusMessage(l10n.t('{0} is no longer waiting.', displayNameOf(resource)), resource);
  }
  const why = error.kind === 'locked' ? verdict(diagnosis) : failureSentence(error);
  const help: Help = error.kind === 'signInNeeded' ? 'signIn' : 'explain';
  await offerHelp(context, resource, help, why);
}

type Help = 'signIn' | 'explain';

async function offerHelp(
  context: Needs<HelpNeeds>,
  resource: ResourceId,
  help: Help,
  why: string,
): Promise<void> {
  const message = l10n.t(
    '{0} is no longer waiting, and its text is still unsaved. {1}',
    displayNameOf(resource),
    why,
  );
  const explain = l10n.t('Explain');
  const admin = l10n.t('Ask Administrator…');
  const signIn = l10n.t('Sign In…');
  const chosen = await (help === 'signIn'
    ? showWarning(message, signIn)
    : showWarning(message, admin, explain));
  if (chosen === explain) await attempt(context, () => context.explanations.show(resource));
  if (chosen === admin)
    await attempt(context, () => contactAbout(context, resource, { lock: undefined, about: 'help' }));
  if (chosen === signIn) await attempt(context, () => waitSignedIn(context, resource));
}

async function waitSignedIn(
  { connections, documents, waits }: Needs<'connections' | 'documents' | 'waits'>,
  resource: ResourceId,
): Promise<void> {
  const signedIn = await connections.askToSignIn(resource);
  if (signedIn && documents.isDirty(resource)) waits.arm(resource);
}

/** The server's content changed during the wait: nothing is written until the user decides. */
export async function showConflict(context: Needs<'copies' | 'log'>, resource: ResourceId): Promise<void> {
  await attempt(context, () => openComparison(context, resource));
}

/** Reports all invalid settings in one message, each with its place and value. */
export async function announceBadSettings(bad: readonly BadSetting[]): Promise<void> {
  const open = l10n.t('Open Settings');
  const message = [...bad.map(badSettingText), l10n.t('Invalid values are ignored.')].join(' ');
  const chosen = await showWarning(message, open);
  if (chosen === open) await commands.executeCommand('workbench.action.openSettings', 'lockStatus');
}

async function attempt(context: Needs<'log'>, run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!isFailure(error)) throw error;
    context.log.failure('Running an action of a message', error);
    void showRefusal(failureSentence(error), stepAfter(error));
  }
}
