import { randomBytes } from 'node:crypto';
import { languages, Uri, window, workspace, type ExtensionContext } from 'vscode';
import { Disposables } from './base/disposable';
import { Exchanges } from './core/locks/exchanges';
import { FoldersInSight } from './core/polling/foldersInSight';
import { RefreshPlan } from './core/polling/refreshPlan';
import type { LockId } from './core/model/lock';
import { connectServers } from './compose/connect';
import { composeDomain, type Domain } from './compose/domain';
import { composeCasebook, connectExplaining, connectIdleNudge } from './compose/explaining';
import { connectAnnouncements, connectDocuments } from './compose/news';
import { composeJournal, composeLife, composeMemory, composeRecovery, startJournal } from './compose/safety';
import { announceBadSettings } from './editor/messages/announce';
import { Api, type LockStatusApi } from './editor/api';
import { systemClock as clock } from './editor/clock';
import { LockLine } from './editor/views/codeLens';
import { registerCommands } from './editor/commands/register';
import type { Room } from './editor/commands/room';
import { Connections, openFolders } from './editor/connection/connections';
import { ContextKeys } from './editor/views/contextKeys';
import { LockDecorations } from './editor/views/decorations';
import { Documents } from './editor/files/documents';
import { RemoteFileSystem } from './editor/files/fileSystem';
import { KeptCopies, keptScheme } from './editor/files/keptCopies';
import { KeptReminder } from './editor/messages/reminder';
import { KeptWaits } from './storage/keptWaits';
import { LocksView } from './editor/views/locksView';
import { Log } from './editor/log';
import { Merges } from './editor/files/merges';
import { keepHabits } from './storage/memory';
import { OpenFiles } from './editor/files/openFiles';
import { CredentialStore } from './editor/connection/secrets';
import { copyScheme, ServerCopies } from './editor/files/serverCopies';
import { CurrentSettings } from './editor/connection/settings';
import { SignInItem } from './editor/views/signInItem';
import { LockStatusBar } from './editor/views/statusBar';
import { learnSpellings, schemes, toResource } from './editor/uris';
import { visibleFiles } from './editor/files/visibleFiles';

export interface Composed {
  readonly api: LockStatusApi;
  /** Lets go of our locks as far as the time allows, then of everything else. */
  end(): Promise<void>;
}

/** Constructs everything and connects it; what each part does stands in the part. */
export function compose(context: ExtensionContext): Composed {
  const owned = new Disposables();
  owned.add(learnSpellings());
  const log = owned.add(new Log());
  const settings = owned.add(new CurrentSettings((bad) => void announceBadSettings(bad)));
  const secrets = new CredentialStore(context.secrets);
  const documents = owned.add(new Documents());

  const exchanges = owned.add(new Exchanges());
  const windowId = randomBytes(8).toString('hex');
  const life = composeLife(context, windowId, log);
  const earlier = { owned, context, documents, log, windowId, domain: () => domain };
  const { recovery, vault, leave, lookAround } = composeRecovery(earlier);
  const ownsElsewhere = (id: LockId) => vault.holdsElsewhere(id);
  const connecting = { owned, context, settings, secrets, log, exchanges, ownsElsewhere, windowId };
  const domain: Domain = composeDomain({
    owned,
    settings,
    documents,
    log,
    inherited: recovery,
    casebook: (known) => composeCasebook(owned, context, { ...known, exchanges }),
    connect: (own) => connectServers({ ...connecting, own }),
  });
  const { servers, serverOf, store, blocked, asker, waits, intervalMs } = domain;

  const connections = owned.add(
    new Connections({ settings, secrets, serverOf, store, reset: (server) => servers.reset(server) }),
  );
  const copies = owned.add(new ServerCopies(serverOf));
  const openFiles = owned.add(new OpenFiles());
  const safety = { owned, context, documents, life, log, ...domain };
  const journal = composeJournal(safety);
  const keptCopies = new KeptCopies();
  const memory = composeMemory(context, life, log);
  const folders = owned.add(new FoldersInSight(clock, window.state.focused));
  const fileSystem = owned.add(
    new RemoteFileSystem({
      ...domain,
      documents,
      folders,
      openFiles,
      clock,
      onSignInNeeded: (folder) => connections.signInNeeded(folder),
    }),
  );
  const plan = owned.add(
    new RefreshPlan({
      asker,
      store,
      clock,
      intervalMs,
      interests: () =>
        window.state.focused ? { files: visibleFiles(), folders: folders.all() } : { files: [], folders: [] },
      onFault: (error) => log.failure('Asking again', error),
    }),
  );
  const explanations = connectExplaining(owned, context, () => room);
  const mergeFolder = Uri.joinPath(context.globalStorageUri, 'merges');
  const merges = owned.add(new Merges({ folder: mergeFolder, seen: domain.seen, documents }));
  const shown = { copies, explanations, journal, keptCopies, merges, recovery, vault };
  const inSight = () => ({
    files: [...new Set([...visibleFiles(), ...view.resources()])],
    folders: [...new Set([...openFolders(), ...folders.all()])],
  });
  const room: Room = { ...domain, ...shown, clock, inSight, connections, documents, log, settings };

  connectDocuments(owned, room, domain.editLocks, context);
  connectAnnouncements(owned, room, domain);
  connectIdleNudge(owned, room);

  const sources = { store, waits, blockedSaves: blocked, openFiles, clock };
  const onDidChangeEnabled = settings.onDidChange;
  const decorations = owned.add(
    new LockDecorations({ ...sources, enabled: () => settings.get().decorations, onDidChangeEnabled }),
  );
  const lenses = owned.add(
    new LockLine({ ...sources, enabled: () => settings.get().codeLens, onDidChangeEnabled }),
  );
  owned.add(window.registerFileDecorationProvider(decorations));
  owned.add(new LockStatusBar(sources));
  owned.add(new SignInItem(connections));
  const view = owned.add(new LocksView({ ...sources, decorated: () => settings.get().decorations }));
  owned.add(
    languages.registerCodeLensProvider(
      schemes.map((scheme) => ({ scheme })),
      lenses,
    ),
  );
  owned.add(
    new ContextKeys({
      ...sources,
      connected: () => connections.isConnected(),
      onDidChangeConnected: connections.onDidChange,
    }),
  );

  owned.add(workspace.registerTextDocumentContentProvider(copyScheme, copies));
  owned.add(workspace.registerTextDocumentContentProvider(keptScheme, keptCopies));
  for (const scheme of schemes) {
    owned.add(workspace.registerFileSystemProvider(scheme, fileSystem, { isCaseSensitive: true }));
  }
  for (const command of registerCommands(room)) owned.add(command);
  owned.add(new KeptWaits({ memory, waits, documents, clock }));
  owned.add(keepHabits(context.globalState, store));
  owned.add(settings.onDidChange(() => plan.start()));
  owned.add(connections.onDidChange((server) => void fileSystem.readAgain(server)));
  owned.add(window.onDidChangeWindowState(({ focused }) => folders.windowIs(focused)));
  owned.add(window.onDidChangeWindowState(({ focused }) => focused && plan.look()));
  owned.add(window.onDidChangeWindowState(({ focused }) => focused && void lookAround()));
  owned.add(openFiles.onDidChangeActive((uri) => uri && plan.look(toResource(uri))));
  owned.add(new KeptReminder({ journal, recovery, openFiles, clock }));
  void startJournal(safety, journal);
  void recovery.start();
  void lookAround();
  documents.start();
  plan.start();

  return {
    api: owned.add(new Api({ store, asker, blocked, waits, clock })),
    async end() {
      life.end();
      await Promise.all([leave(), journal.settled()]);
      owned.dispose();
      await servers.close();
    },
  };
}
