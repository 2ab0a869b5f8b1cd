import { l10n } from 'vscode';
import type { Lock } from '../../core/model/lock';
import type { ResourceId } from '../../core/model/resource';
import { plain } from '../words/plainText';
import { confirm } from '../messages/prompts';
import { say, shown } from './lock';
import type { CommandContext } from './commandContext';

/** Our own lock of another window or machine becomes this window's, after the person was asked. */
export async function takeOver(context: CommandContext, resource: ResourceId, lock: Lock): Promise<void> {
  const sure = await confirm(
    l10n.t('Take over your lock on {0}?', shown(resource)),
    whatItMeans(lock),
    l10n.t('Take Over'),
  );
  if (!sure) return;
  await endElsewhere(context, resource, lock);
  await context.leases.take(resource, context.documents.isOpen(resource) ? 'edit' : 'hand');
  context.log.info(`The lock on ${resource} was taken over from another window or machine.`);
  say(l10n.t('{0} is locked for you.', shown(resource)), resource);
}

function whatItMeans({ holder }: Lock): string {
  return holder.host === undefined
    ? l10n.t('Unsaved changes that you have elsewhere cannot be saved there any more without a comparison.')
    : l10n.t(
        'Unsaved changes that you have on {0} cannot be saved there any more without a comparison.',
        plain(holder.host, 60),
      );
}

/** With our own token where we know it: servers that let nobody break a lock still let its holder release it. */
async function endElsewhere(context: CommandContext, resource: ResourceId, lock: Lock): Promise<void> {
  const { id, root, depth } = lock;
  const server = context.serverOf(resource);
  const left = (await context.recovery.of(resource))?.lease.id === id;
  // Of an earlier run: taking the lock takes it up.
  if (left) return;
  const known = id === undefined ? undefined : await context.leaseStore.find(id);
  if (known) await server.unlock(known);
  else {
    await server.breakLock({
      resource,
      depth,
      ...(id !== undefined && { id }),
      ...(root !== undefined && { root }),
    });
  }
}
