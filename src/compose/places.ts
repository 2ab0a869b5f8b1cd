import { window, workspace } from 'vscode';
import { systemClock as clock } from '../editor/clock';
import { AwaitedFile } from '../editor/connection/awaitedFile';
import { openFolders } from '../editor/connection/openFolders';
import { PlaceOpener } from '../editor/connection/placeOpener';
import { RecentFolders } from '../editor/connection/recentFolders';
import type { EditorParts } from './parts';

/** Which remote folders were opened last, and the file that a window is opened for. */
export function rememberPlaces({
  owned,
  context,
  log,
}: Pick<EditorParts, 'owned' | 'context' | 'log'>): PlaceOpener {
  const recent = new RecentFolders(context.globalState);
  const awaited = new AwaitedFile(context.globalState, clock);
  const arrive = async () => {
    try {
      await awaited.openHere();
    } catch (error) {
      log.failure('Opening a file in its folder', error);
    }
  };
  const note = async () => {
    for (const folder of openFolders()) await recent.note(folder);
  };
  owned.add(workspace.onDidChangeWorkspaceFolders(() => void arrive()));
  // Another window may have been asked to open a file of a folder that is open here already.
  owned.add(window.onDidChangeWindowState(({ focused }) => void (focused && arrive())));
  void note();
  void arrive();
  return new PlaceOpener(recent, awaited);
}
