import { languages, window, type Uri } from 'vscode';
import type { ExpandedFolders } from '../core/polling/expandedFolders';
import { systemClock as clock } from '../editor/clock';
import { openFolders } from '../editor/connection/openFolders';
import type { BaseCopies } from '../editor/files/baseCopies';
import type { Merges } from '../editor/files/merges';
import type { ServerCopies } from '../editor/files/serverCopies';
import { visibleFiles } from '../editor/files/visibleFiles';
import { schemes } from '../editor/uris';
import { LockLine } from '../editor/views/codeLens';
import { ContextKeys } from '../editor/views/contextKeys';
import { FileStatuses } from '../editor/views/fileStatus';
import { LockDecorations } from '../editor/views/decorations';
import { LocksView } from '../editor/views/locksView';
import { RowBadges } from '../editor/views/rowBadges';
import { RemoteState } from '../editor/views/remoteState';
import { ChangesControl } from '../editor/views/sourceControl';
import { SignInItem } from '../editor/views/signInItem';
import { RestrictedItem } from '../editor/trust/restrictedItem';
import { LockStatusBar } from '../editor/views/statusBar';
import type { EditorParts } from './parts';

/** Every surface that shows locks. They read the core and ask no server. */
export function showLocks(
  parts: EditorParts & {
    readonly folders: ExpandedFolders;
    readonly copies: ServerCopies;
    readonly merges: Merges;
    readonly baseCopies: BaseCopies;
  },
) {
  const { owned, core, connections, openFiles, settings, folders, copies, merges, baseCopies, reachability } =
    parts;
  const { store, waits, blockedSaves } = core;
  const statuses = owned.add(new FileStatuses({ store, waits, blockedSaves, merges, openFiles, clock }));
  const sources = { statuses, store, waits, blockedSaves, openFiles, clock };
  const onDidChangeEnabled = settings.onDidChange;
  const decorated = () => settings.get().decorations;
  const decorations = new LockDecorations({ ...sources, enabled: decorated, onDidChangeEnabled });
  owned.add(window.registerFileDecorationProvider(owned.add(decorations)));
  const line = new LockLine({ ...sources, enabled: () => settings.get().codeLens, onDidChangeEnabled });
  const selector = schemes.map((scheme) => ({ scheme }));
  owned.add(languages.registerCodeLensProvider(selector, owned.add(line)));
  owned.add(new LockStatusBar(sources));
  owned.add(new SignInItem(connections));
  const remote = owned.add(new RemoteState({ connections, reachability }));
  const { restrictions } = parts.trust;
  owned.add(new RestrictedItem(restrictions));
  owned.add(window.registerFileDecorationProvider(owned.add(new RowBadges(clock))));
  const view = owned.add(new LocksView({ ...sources, restrictions, remote }));
  owned.add(
    new ContextKeys({
      ...sources,
      connected: () => connections.isConnected(),
      onDidChangeConnected: connections.onDidChange,
      copies,
      remote,
    }),
  );
  const original = (uri: Uri) => baseCopies.uriOf(uri);
  owned.add(new ChangesControl({ ...sources, leases: core.leases, original }));
  const visibleResources = () => ({
    files: [...new Set([...visibleFiles(), ...view.resources()])],
    folders: [...new Set([...openFolders(), ...folders.all()])],
  });
  return { statuses, visibleResources };
}
