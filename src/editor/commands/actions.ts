import { commands, l10n, type QuickPickItem } from 'vscode';
import { canBeAsked } from '../../core/diagnosis/advice';
import { blocksUs, type LockView } from '../../core/model/lockView';
import type { ResourceId } from '../../core/model/resource';
import { choose } from '../messages/prompts';
import { toUri } from '../uris';
import { shortStatus } from '../words/status';
import { knownName } from '../words/holder';
import { keepCopy, openReadOnly } from './copies';
import { displayNameOf } from '../words/plainText';
import type { Command, Needs } from './commandContext';
import { takeOver } from './takeOver';
import { targetOf } from './target';

interface Action extends QuickPickItem {
  readonly run: () => unknown;
}

/** Shows the actions that apply to a file now, the most likely first. */
export const showActions: Command<
  | 'blockedSaves'
  | 'clock'
  | 'copies'
  | 'documents'
  | 'leaseRecovery'
  | 'leaseStore'
  | 'leases'
  | 'log'
  | 'lockProviders'
  | 'store'
  | 'waits'
> = async (context, argument) => {
  const resource = targetOf(context, argument);
  const view = context.store.viewOf(resource);
  const title = `${displayNameOf(resource)}: ${shortStatus(view, context.clock.now())}`;
  const picked = await choose(title, actionsFor(context, resource, view));
  await picked?.run();
};

function actionsFor(
  context: Needs<
    | 'blockedSaves'
    | 'copies'
    | 'documents'
    | 'leaseRecovery'
    | 'leaseStore'
    | 'leases'
    | 'log'
    | 'lockProviders'
    | 'waits'
  >,
  resource: ResourceId,
  view: LockView,
): Action[] {
  const uri = toUri(resource);
  const command = (label: string, id: string): Action => ({
    label,
    run: () => commands.executeCommand(id, uri),
  });
  const dirty = context.documents.isDirty(resource);
  const waiting = context.waits.of(resource) !== undefined;
  const blocked = blocksUs(view) || context.blockedSaves.of(resource)?.failure.kind === 'locked';
  const who = view.lock && knownName(view.lock.holder);
  const lockElsewhere = view.state === 'mineElsewhere' && view.lock !== undefined && view.lock;
  const compareActions: (Action | false)[] = [
    (dirty || context.blockedSaves.of(resource) !== undefined) &&
      command(`$(diff) ${l10n.t('Compare with the server')}`, 'lockStatus.compare'),
    dirty &&
      context.copies.of(resource) !== undefined &&
      command(`$(cloud-upload) ${l10n.t('Overwrite Server Version…')}`, 'lockStatus.overwrite'),
  ];
  const conflict = context.blockedSaves.of(resource)?.failure.kind === 'contentChanged';
  if (conflict && dirty) {
    const label = `$(git-merge) ${l10n.t('Merge with Server Version')}`;
    compareActions.unshift(command(label, 'lockStatus.merge'));
  }
  const actions: (Action | false)[] = [
    ...(conflict ? compareActions : []),
    waiting && command(`$(debug-stop) ${l10n.t('Stop waiting')}`, 'lockStatus.stopWaiting'),
    blocked && dirty && !waiting && command(`$(watch) ${l10n.t('Save When Free')}`, 'lockStatus.wait'),
    blocked &&
      view.lock !== undefined &&
      canBeAsked(view.lock) &&
      command(
        `$(mail) ${who === undefined ? l10n.t('Ask the holder…') : l10n.t('Ask {0}…', who)}`,
        'lockStatus.contactHolder',
      ),
    lockElsewhere && {
      label: `$(lock) ${l10n.t('Take it over…')}`,
      run: () => takeOver(context, resource, lockElsewhere),
    },
    view.state === 'mine' && command(`$(unlock) ${l10n.t('Release the lock')}`, 'lockStatus.release'),
    !blocked && view.state !== 'mine' && command(`$(lock) ${l10n.t('Lock for me')}`, 'lockStatus.lock'),
    ...(conflict ? [] : compareActions),
    blocked && command(`$(question) ${l10n.t('Explain the lock')}`, 'lockStatus.explain'),
    dirty && { label: `$(files) ${l10n.t('Keep a copy')}`, run: () => keepCopy(context, resource) },
    blocked && !dirty && { label: `$(book) ${l10n.t('Open read-only')}`, run: () => openReadOnly(resource) },
    blocked && command(`$(unlock) ${l10n.t('Break the lock…')}`, 'lockStatus.breakLock'),
    blocked && command(`$(clippy) ${l10n.t('Copy a report')}`, 'lockStatus.copyReport'),
    command(`$(refresh) ${l10n.t('Ask the server again')}`, 'lockStatus.refresh'),
    command(`$(output) ${l10n.t('Show the log')}`, 'lockStatus.showLog'),
  ];
  return actions.filter((action) => action !== false);
}
