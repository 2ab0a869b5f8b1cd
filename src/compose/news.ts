import type { ExtensionContext } from 'vscode';
import type { Disposables } from '../base/disposable';
import type { EditLocks } from '../core/editLocks';
import { announceGhost, announceLoss, announceWaitEnd, showConflict } from '../editor/announce';
import type { Room } from '../editor/commands/room';
import { KeptVersions } from '../editor/memory';
import type { Domain } from './domain';

/** What happens to documents, told to the core. */
export function connectDocuments(
  owned: Disposables,
  room: Room,
  editLocks: EditLocks,
  context: ExtensionContext,
): void {
  const { documents, seen, blocked, waits, copies } = room;
  const versions = new KeptVersions(context.workspaceState, seen);
  owned.add(documents.onDidOpen((id) => editLocks.opened(id)));
  owned.add(documents.onDidEdit((id) => editLocks.edited(id)));
  owned.add(
    documents.onDidShow((id) => {
      const read = seen.lastRead(id);
      if (read) seen.saw(id, read);
      versions.keep();
    }),
  );
  owned.add(
    documents.onDidClean((id) => {
      versions.keep();
      // Clean although its save was refused: the person threw the changes away.
      if (waits.of(id)?.phase !== 'saving') {
        if (blocked.of(id)) waits.stop(id);
        blocked.givenUp(id, 'reverted');
      }
    }),
  );
  owned.add(
    documents.onDidClose((id) => {
      waits.stop(id, 'closed');
      blocked.givenUp(id, 'closed');
      copies.forget(id);
      seen.closed(id);
      versions.keep();
      editLocks.closed(id);
    }),
  );
}

/** What happens to locks and waits, told to the person where they have to know. */
export function connectAnnouncements(
  owned: Disposables,
  room: Room,
  { losses, ghosts }: Pick<Domain, 'losses' | 'ghosts'>,
): void {
  const { waits } = room;
  owned.add(ghosts.onDidStay((lease) => announceGhost(room, lease)));
  owned.add(losses.onDidSettle((outcome) => void announceLoss(room, outcome)));
  owned.add(waits.onDidEnd(({ resource, end, error }) => announceWaitEnd(room, resource, end, error)));
  owned.add(
    waits.onDidChange((ids) => {
      for (const id of ids) if (waits.of(id)?.phase === 'conflict') void showConflict(room, id);
    }),
  );
}
