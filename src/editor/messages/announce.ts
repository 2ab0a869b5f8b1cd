import { commands, l10n } from 'vscode';
import { lockView } from '../../core/model/lockView';
import type { LossOutcome } from '../../core/saving/lostLockRecovery';
import type { BadSetting } from '../../core/settings/settings';
import type { WaitEnd } from '../../core/waiting/waits';
import { isFailure } from '../../core/model/failure';
import type { Lease } from '../../core/model/lease';
import type { ResourceId } from '../../core/model/resource';
import { isMissingRight } from '../../core/waiting/waitPolicy';
import { openComparison } from '../commands/compare';
import { reachHolder } from '../commands/contact';
import { say, shown } from '../commands/lock';
import type { CommandContext } from '../commands/commandContext';
import { failureSentence, hostOf } from '../words/failureWords';
import { complain, warn } from './prompts';
import { plain } from '../words/plainText';
import { verdict } from '../words/cause';
import { lockedBy } from '../words/holder';

/** One of our locks is gone: in the log where it is ours again already, else told with what can be done. */
export async function announceLoss(
  context: CommandContext,
  { loss, outcome, content }: LossOutcome,
): Promise<void> {
  const { resource } = loss.lease;
  if (outcome === 'retaken') {
    context.log.info(
      `The lock on ${resource} was lost (${loss.why}) and taken again: it was free and the content the same.`,
    );
    return;
  }
  context.log.warn(`The lock on ${resource} was lost (${loss.why}); content since: ${content}.`);
  // Found out by a save: its own message says so, and there is never a second one.
  if (context.blockedSaves.of(resource)) return;
  const again = l10n.t('Lock Again');
  const compare = l10n.t('Compare');
  const [now] = lockView(context.store.stateOf(resource)).locks;
  const changed = content === 'changed' ? ` ${l10n.t('The file was changed on the server since.')}` : '';
  const held = now ? ` ${lockedBy(now, context.clock.now())}.` : '';
  const message =
    l10n.t('Your lock on {0} was lost: {1}.', shown(resource), lossText(loss.why)) + changed + held;
  const chosen = await (content === 'changed' ? warn(message, compare) : warn(message, again, compare));
  if (chosen === again) await attempt(context, () => lockAgain(context, loss));
  if (chosen === compare) await attempt(context, () => openComparison(context, resource));
}

/** As it was held before: a lock that came with the editing also goes with it. */
async function lockAgain({ leases }: CommandContext, { lease, claims }: LossOutcome['loss']): Promise<void> {
  await leases.take(lease.resource, claims.has('hand') ? 'hand' : 'edit');
}

function lossText(why: LossOutcome['loss']['why']): string {
  switch (why) {
    case 'expired':
      return l10n.t('it expired before it could be refreshed');
    case 'broken':
      return l10n.t('somebody ended it');
    case 'taken':
      return l10n.t('somebody else holds it now');
    case 'unknown':
      return l10n.t('the server does not know it any more');
  }
}

/** A name that is free, and that nobody can use. */
export function announceOrphanedLock(context: CommandContext, { resource }: Lease): void {
  context.log.warn(`The lock on ${resource} stands although what it was on is gone.`);
  void warn(
    l10n.t(
      '{0} still keeps your lock on {1}, which is not there any more: nobody can use this name until the lock ends. Its administrator can end it.',
      hostOf(resource),
      shown(resource),
    ),
  );
}

/** How a wait came to its end, where the person has to know. */
export function announceWaitEnd(
  context: CommandContext,
  resource: ResourceId,
  end: WaitEnd,
  error?: unknown,
): void {
  context.log.info(`Waiting for ${resource} ended: ${end}.`);
  switch (end) {
    case 'saved':
      return say(l10n.t('{0} was saved: its lock became free.', shown(resource)), resource);
    case 'gaveUp':
      return void warn(gaveUpText(resource, error));
    case 'failed':
      context.log.failure(`Saving ${resource} after its lock became free`, error);
      return void announceFailure(context, resource, error);
    case 'stopped':
    case 'closed':
      return;
  }
}

function gaveUpText(resource: ResourceId, error: unknown): string {
  const name = shown(resource);
  if (!isFailure(error) || error.kind === 'locked') {
    return l10n.t(
      '{0} is still locked, so it is not waiting any more. Its text is still unsaved: save it again, or ask the holder.',
      name,
    );
  }
  return l10n.t(
    '{0} could not be saved in all that time, so it is not waiting any more. Its text is still unsaved. {1}',
    name,
    failureSentence(error),
  );
}

/** To wait on would not help. Where VS Code's own message of the refused save has said why, there is no second one. */
async function announceFailure(context: CommandContext, resource: ResourceId, error: unknown): Promise<void> {
  if (!isFailure(error)) {
    const again = l10n.t(
      '{0} could not be saved when its lock became free. Its text is still unsaved: save it again.',
      shown(resource),
    );
    return void complain(again);
  }
  const refused = context.blockedSaves.of(resource)?.failure === error;
  const diagnosis = context.diagnosisService.diagnose(resource);
  const missingRight = isMissingRight(diagnosis, context.store.stateOf(resource));
  if (refused && (error.kind !== 'locked' || missingRight)) {
    return say(l10n.t('{0} is not waiting any more.', shown(resource)), resource);
  }
  const why = error.kind === 'locked' ? verdict(diagnosis) : failureSentence(error);
  const help: Help = error.kind === 'signInNeeded' ? 'signIn' : 'explain';
  await offerHelp(context, resource, help, why);
}

type Help = 'signIn' | 'explain';

async function offerHelp(
  context: CommandContext,
  resource: ResourceId,
  help: Help,
  why: string,
): Promise<void> {
  const message = l10n.t(
    '{0} is not waiting any more, and its text is still unsaved. {1}',
    shown(resource),
    why,
  );
  const explain = l10n.t('Explain');
  const admin = l10n.t('Ask the Administrator…');
  const signIn = l10n.t('Sign In');
  const chosen = await (help === 'signIn' ? warn(message, signIn) : warn(message, admin, explain));
  if (chosen === explain) await attempt(context, () => context.explanations.show(resource));
  if (chosen === admin)
    await attempt(context, () => reachHolder(context, resource, { lock: undefined, about: 'help' }));
  if (chosen === signIn) await attempt(context, () => waitSignedIn(context, resource));
}

async function waitSignedIn(
  { connections, documents, waits }: CommandContext,
  resource: ResourceId,
): Promise<void> {
  const signedIn = await connections.askToSignIn(resource);
  if (signedIn && documents.isDirty(resource)) waits.arm(resource);
}

/** The server's content changed while we waited: nothing is written, the person looks and decides. */
export async function showConflict(context: CommandContext, resource: ResourceId): Promise<void> {
  await attempt(context, () => openComparison(context, resource));
}

/** Settings that cannot be used: all in one message, each named with its place and value. */
export async function announceBadSettings(bad: readonly BadSetting[]): Promise<void> {
  const open = l10n.t('Open Settings');
  const message = [...bad.map(badText), l10n.t('What cannot be used counts as not set.')].join(' ');
  const chosen = await warn(message, open);
  if (chosen === open) await commands.executeCommand('workbench.action.openSettings', 'lockStatus');
}

function badText({ place, value, expected }: BadSetting): string {
  return l10n.t(
    'The setting "lockStatus.{0}" is {1}, but must be {2}.',
    plain(place, 80),
    plain(JSON.stringify(value) ?? String(value), 80),
    expected,
  );
}

async function attempt(context: CommandContext, run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!isFailure(error)) throw error;
    context.log.failure('After a message', error);
    void complain(failureSentence(error));
  }
}
