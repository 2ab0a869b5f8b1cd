import { l10n } from 'vscode';
import type { Lock } from '../../../core/model/lock';
import type { ResourceId } from '../../../core/model/resource';
import { plain } from '../../words/plainText';
import { confirm } from '../../messages/prompts';
import { showStatusMessage } from '../../messages/statusMessage';
import { displayNameOf } from '../../words/plainText';
import type { Needs } from '../commandContext';

/** Moves the user's lock from another window or machine to this window, after a confirmation. */
export async function takeOver(
  context: Needs<'documents' | 'leaseRecovery' | 'leaseStore' | 'leases' | 'log' | 'lockProviders'>,
  resource: ResourceId,
  lock: Lock,
): Promise<void> {
  const confirmed = await confirm(
    l10n.t('Take over your lock on {0}?', displayNameOf(resource)),
    consequence(lock),
    l10n.t('Take Over'),
  );
  if (!confirmed) return;
  await endElsewhere(context, resource, lock);
  await context.leases.take(resource, context.documents.isOpen(resource) ? 'edit' : 'hand');
  context.log.info(`The lock on ${resource} was taken over from another window or machine.`);
  showStatusMessage(l10n.t('{0} is locked for you.', displayNameOf(resource)), resource);
}

function consequence({ holder }: Lock): string {
  return holder.host === undefined
    ? l10n.t('Unsaved changes that you have elsewhere can no longer be saved there without comparing first.')
    : l10n.t(
        'Unsaved changes that you have on {0} can no longer be saved there without comparing first.',
        plain(holder.host, 60),
      );
}

/** Uses our stored lock token if known: servers that let nobody break a lock still let its holder release it. */
async function endElsewhere(
  context: Needs<'leaseRecovery' | 'leaseStore' | 'lockProviders'>,
  resource: ResourceId,
  lock: Lock,
): Promise<void> {
  const { id } = lock;
  const server = context.lockProviders.of(resource);
  const isLeftover = (await context.leaseRecovery.leftoverOn(resource))?.lease.id === id;
  // From an earlier session: `leases.take` reuses it.
  if (isLeftover) return;
  const known = id === undefined ? undefined : await context.leaseStore.find(id);
  if (known) await server.release(known);
  else await server.breakLock({ ...lock, resource });
}
