import type { ExtensionContext } from 'vscode';
import type { Disposables } from '../base/disposable';
import { DocumentLife } from '../core/saving/documentLife';
import type { EditLocks } from '../core/leases/editLocks';
import { announceGhost, announceLoss, announceWaitEnd, showConflict } from '../editor/messages/announce';
import { unsay } from '../editor/commands/lock';
import type { Room } from '../editor/commands/room';
import { KeptVersions } from '../storage/memory';
import type { Domain } from './domain';

/** What happens to documents, told to the core first, then to what keeps and shows their versions. */
export function connectDocuments(
  owned: Disposables,
  room: Room,
  editLocks: EditLocks,
  context: ExtensionContext,
): void {
  const { documents, seen, copies } = room;
  const versions = new KeptVersions(context.workspaceState, seen);
  const life = owned.add(new DocumentLife({ ...room, editLocks }));
  for (const news of [life.onDidBase, documents.onDidClean, documents.onDidClose])
    owned.add(news(() => versions.keep()));
  owned.add(documents.onDidClose((id) => copies.forget(id)));
}

/** What happens to locks and waits, told to the person where they have to know. */
export function connectAnnouncements(
  owned: Disposables,
  room: Room,
  { losses, ghosts }: Pick<Domain, 'losses' | 'ghosts'>,
): void {
  const { waits, blocked } = room;
  owned.add(waits.onDidChange((ids) => unsay(ids)));
  owned.add(blocked.onDidKeep(({ resource }) => unsay([resource])));
  owned.add(ghosts.onDidStay((lease) => announceGhost(room, lease)));
  owned.add(losses.onDidSettle((outcome) => void announceLoss(room, outcome)));
  owned.add(waits.onDidEnd(({ resource, end, error }) => announceWaitEnd(room, resource, end, error)));
  owned.add(
    waits.onDidChange((ids) => {
      for (const id of ids) if (waits.of(id)?.phase === 'conflict') void showConflict(room, id);
    }),
  );
}
