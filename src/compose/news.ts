import type { ExtensionContext } from 'vscode';
import type { Disposables } from '../base/disposable';
import { DocumentLife } from '../core/saving/documentLife';
import type { EditLocks } from '../core/leases/editLocks';
import {
  announceOrphanedLock,
  announceLoss,
  announceWaitEnd,
  showConflict,
} from '../editor/messages/announce';
import { unsay } from '../editor/commands/lock';
import type { CommandContext } from '../editor/commands/commandContext';
import { KeptBaseVersions } from '../storage/memory';
import type { Domain } from './domain';

/** What happens to documents, told to the core first, then to what keeps and shows their versions. */
export function connectDocuments(
  owned: Disposables,
  commands: CommandContext,
  editLocks: EditLocks,
  context: ExtensionContext,
): void {
  const { documents, baseVersions, copies } = commands;
  const versions = new KeptBaseVersions(context.workspaceState, baseVersions);
  const life = owned.add(new DocumentLife({ ...commands, editLocks }));
  for (const news of [life.onDidBase, documents.onDidClean, documents.onDidClose])
    owned.add(news(() => versions.keep()));
  owned.add(documents.onDidClose((id) => copies.forget(id)));
}

/** What happens to locks and waits, told to the person where they have to know. */
export function connectAnnouncements(
  owned: Disposables,
  context: CommandContext,
  { lostLockRecovery, orphanedLocks }: Pick<Domain, 'lostLockRecovery' | 'orphanedLocks'>,
): void {
  const { waits, blockedSaves } = context;
  owned.add(waits.onDidChange((ids) => unsay(ids)));
  owned.add(blockedSaves.onDidKeep(({ resource }) => unsay([resource])));
  owned.add(orphanedLocks.onDidStay((lease) => announceOrphanedLock(context, lease)));
  owned.add(lostLockRecovery.onDidSettle((outcome) => void announceLoss(context, outcome)));
  owned.add(waits.onDidEnd(({ resource, end, error }) => announceWaitEnd(context, resource, end, error)));
  owned.add(
    waits.onDidChange((ids) => {
      for (const id of ids) if (waits.of(id)?.phase === 'conflict') void showConflict(context, id);
    }),
  );
}
