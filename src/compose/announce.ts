import type { Disposables } from '../base/disposable';
import type { Core } from '../core/createCore';
import { IdleLocks } from '../core/leases/idleLocks';
import type { ResourceId } from '../core/model/resource';
import { systemClock as clock } from '../editor/clock';
import type { CommandContext } from '../editor/commands/commandContext';
import {
  announceLoss,
  announceOrphanedLock,
  announceWaitEnd,
  showConflict,
} from '../editor/messages/announce';
import { journalProblemReporter } from '../editor/messages/journalProblems';
import { offerRelease } from '../editor/messages/idleLocks';
import { handleLinks } from '../editor/messages/links';
import { PassingMessage } from '../editor/messages/passingMessage';
import { clearStatusMessage } from '../editor/messages/statusMessage';

/** What happens to locks, waits and kept texts without the person's doing, said where they have to know. */
export function announceProblems(owned: Disposables, context: CommandContext, core: Core): void {
  const { blockedSaves, documents, journal, leases, log, waits } = context;
  owned.add(handleLinks());
  owned.add(context.store.onDidChange((ids) => context.waitMessages.noteHolders(ids)));
  owned.add(waits.onDidChange((ids) => clearStatusMessage(ids)));
  owned.add(waits.onDidChange(waitsBegun(context)));
  owned.add(blockedSaves.onDidRefuse(({ resource }) => clearStatusMessage([resource])));
  owned.add(core.orphanedLocks.onDidFailToRelease((lease) => announceOrphanedLock(context, lease)));
  const lossMessage = new PassingMessage(clock);
  owned.add(core.lostLockRecovery.onDidSettle((outcome) => void announceLoss(context, outcome, lossMessage)));
  owned.add(blockedSaves.onDidRefuse(({ resource }) => void lossMessage.end(resource)));
  owned.add(waits.onDidEnd(({ resource, end, error }) => announceWaitEnd(context, resource, end, error)));
  owned.add(
    waits.onDidChange((ids) => {
      for (const id of ids) {
        const phase = waits.of(id)?.phase;
        if (phase !== 'waiting') void context.waitMessages.ended(id);
        if (phase === 'conflict') void showConflict(context, id);
      }
    }),
  );
  owned.add(journal.onDidFail(journalProblemReporter(log)));
  const idle = {
    leases,
    clock,
    onDidEdit: documents.onDidEdit,
    isDirty: core.isDirty,
  };
  owned.add(new IdleLocks(idle, (locks, held) => void offerRelease(context, locks, held)));
}

/** The end of a wait is logged with how it ended. */
function waitsBegun({ log, waits }: Pick<CommandContext, 'log' | 'waits'>) {
  const known = new Set<ResourceId>();
  return (ids: readonly ResourceId[]) => {
    for (const id of ids) {
      if (!waits.of(id)) known.delete(id);
      else if (!known.has(id)) {
        known.add(id);
        log.info(`Waiting for ${id} began.`);
      }
    }
  };
}
