import { window, workspace } from 'vscode';
import { readCurrent } from '../core/saving/currentContent';
import { ServerCopy } from '../core/saving/serverCopy';
import { ExpandedFolders } from '../core/polling/expandedFolders';
import { serverOf, type ResourceId } from '../core/model/resource';
import { PollScheduler } from '../core/polling/pollScheduler';
import { systemClock as clock } from '../editor/clock';
import { openFolders } from '../editor/connection/openFolders';
import { ProgramEdits } from '../editor/agents/programEdits';
import { BaseCopies, baseScheme } from '../editor/files/baseCopies';
import { KeptCopies, keptScheme } from '../editor/files/keptCopies';
import { isLookedFor } from '../editor/files/lookedFor';
import { RemoteFileSystem } from '../editor/files/fileSystem';
import { Merges } from '../editor/files/merges';
import { copyScheme, ServerCopies } from '../editor/files/serverCopies';
import { visibleFiles } from '../editor/files/visibleFiles';
import { RestrictedFileSystem } from '../editor/trust/restrictedFileSystem';
import { schemes, toResource } from '../editor/uris';
import { KeptMerges } from '../storage/keptMerges';
import type { EditorParts } from './parts';

/** Serves remote files to the editor, and asks again about what is on the screen. */
export function serveFiles(parts: EditorParts) {
  const { owned, core, connections, documents, log, openFiles, reachability, settings } = parts;
  const folders = owned.add(new ExpandedFolders(clock, window.state.focused));
  const { trust, seen, onContact } = parts.trust;
  const current = (resource: ResourceId) => readCurrent(core, resource);
  const copies = owned.add(new ServerCopies(current));
  owned.add(documents.onDidClose((id) => copies.forget(id)));
  owned.add(workspace.registerTextDocumentContentProvider(copyScheme, copies));
  const keptMerges = new KeptMerges(parts.context.workspaceState);
  const merges = owned.add(new Merges({ ...core, documents, copies, keptMerges, clock }));
  const fileSystem = owned.add(
    new RemoteFileSystem({
      ...core,
      serverCopy: new ServerCopy({ ...core, leavesOut: (resource) => trust.hides(resource) }),
      documents,
      folders,
      merges,
      openFiles,
      programEdits: owned.add(new ProgramEdits(documents)),
      clock,
      isLookedFor,
      onSignInNeeded: (folder) => connections.signInNeeded(folder),
    }),
  );
  const restricted = owned.add(new RestrictedFileSystem({ files: fileSystem, trust, seen, onContact }));
  for (const scheme of schemes)
    owned.add(workspace.registerFileSystemProvider(scheme, restricted, { isCaseSensitive: true }));
  owned.add(connections.onDidChange((server) => void fileSystem.reloadServer(server)));
  owned.add(
    reachability.onDidChange((server) => {
      const why = reachability.whySilent(server);
      if (openFolders().every((folder) => serverOf(folder) !== server)) return;
      if (why !== undefined) return log.warn(`${server} does not answer: ${why}`);
      log.info(`${server} answers again`);
      void fileSystem.reloadServer(server);
    }),
  );

  const baseCopies = owned.add(
    new BaseCopies({ baseVersions: core.baseVersions, documents, readCurrent: current }),
  );
  owned.add(workspace.registerTextDocumentContentProvider(baseScheme, baseCopies));
  const keptCopies = new KeptCopies();
  owned.add(workspace.registerTextDocumentContentProvider(keptScheme, keptCopies));
  owned.add(
    workspace.onDidCloseTextDocument(({ uri }) => {
      if (uri.scheme === keptScheme) keptCopies.forget(uri);
    }),
  );

  const interests = () =>
    window.state.focused ? { files: visibleFiles(), folders: folders.all() } : { files: [], folders: [] };
  const scheduler = owned.add(
    new PollScheduler({
      poller: core.poller,
      store: core.store,
      clock,
      intervalMs: () => settings.get().refreshInterval * 1_000,
      interests,
      onFault: (error) => log.failure('Checking locks', error),
    }),
  );
  owned.add(settings.onDidChange(() => scheduler.start()));
  owned.add(window.onDidChangeWindowState(({ focused }) => folders.setFocused(focused)));
  owned.add(window.onDidChangeWindowState(({ focused }) => focused && scheduler.pollSoon()));
  owned.add(openFiles.onDidChangeActive((uri) => uri && scheduler.pollSoon(toResource(uri))));
  return { folders, scheduler, baseCopies, copies: { copies, keptCopies, merges } };
}
