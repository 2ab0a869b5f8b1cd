import { randomBytes } from 'node:crypto';
import { languages, Uri, window, workspace, type ExtensionContext } from 'vscode';
import { Disposables } from './base/disposable';
import { Exchanges } from './core/locks/exchanges';
import { ExpandedFolders } from './core/polling/expandedFolders';
import { PollScheduler } from './core/polling/pollScheduler';
import type { LockId } from './core/model/lock';
import { connectServers } from './compose/connect';
import { composeDomain, type Domain } from './compose/domain';
import { composeDiagnosis, connectExplaining, connectIdleNudge } from './compose/explaining';
import { connectAnnouncements, connectDocuments } from './compose/news';
import { composeJournal, composeLife, composeMemory, composeRecovery, startJournal } from './compose/safety';
import { announceBadSettings } from './editor/messages/announce';
import { Api, type LockStatusApi } from './editor/api';
import { systemClock as clock } from './editor/clock';
import { LockLine } from './editor/views/codeLens';
import { registerCommands } from './editor/commands/register';
import type { CommandContext } from './editor/commands/commandContext';
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
import { keepListingSupport } from './storage/memory';
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
  const presence = composeLife(context, windowId, log);
  const earlier = { owned, context, documents, log, windowId, domain: () => domain };
  const { recovery, leaseStore, leave, lookAround } = composeRecovery(earlier);
  const ownsElsewhere = (id: LockId) => leaseStore.holdsElsewhere(id);
  const connecting = { owned, context, settings, secrets, log, exchanges, ownsElsewhere, windowId };
  const domain: Domain = composeDomain({
    owned,
    settings,
    documents,
    log,
    inherited: recovery,
    diagnosisService: (known) => composeDiagnosis(owned, context, { ...known, exchanges }),
    connect: (own) => connectServers({ ...connecting, own }),
  });
  const { servers, serverOf, store, blockedSaves, poller, waits, intervalMs } = domain;

  const connections = owned.add(
    new Connections({ settings, secrets, serverOf, store, reset: (server) => servers.reset(server) }),
  );
  const copies = owned.add(new ServerCopies(serverOf));
  const openFiles = owned.add(new OpenFiles());
  const safety = { owned, context, documents, presence, log, ...domain };
  const journal = composeJournal(safety);
  const keptCopies = new KeptCopies();
  const windowState = composeMemory(context, presence, log);
  const folders = owned.add(new ExpandedFolders(clock, window.state.focused));
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
  const scheduler = owned.add(
    new PollScheduler({
      poller,
      store,
      clock,
      intervalMs,
      interests: () =>
        window.state.focused ? { files: visibleFiles(), folders: folders.all() } : { files: [], folders: [] },
      onFault: (error) => log.failure('Asking again', error),
    }),
  );
  const explanations = connectExplaining(owned, context, () => commandContext);
  const mergeFolder = Uri.joinPath(context.globalStorageUri, 'merges');
  const merges = owned.add(new Merges({ folder: mergeFolder, baseVersions: domain.baseVersions, documents }));
  const shown = { copies, explanations, journal, keptCopies, merges, recovery, leaseStore };
  const visibleResources = () => ({
    files: [...new Set([...visibleFiles(), ...view.resources()])],
    folders: [...new Set([...openFolders(), ...folders.all()])],
  });
  const commandContext: CommandContext = {
    ...domain,
    ...shown,
    clock,
    visibleResources,
    connections,
    documents,
    log,
    settings,
  };

  connectDocuments(owned, commandContext, domain.editLocks, context);
  connectAnnouncements(owned, commandContext, domain);
  connectIdleNudge(owned, commandContext);

  const sources = { store, waits, blockedSaves: blockedSaves, openFiles, clock };
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
  for (const command of registerCommands(commandContext)) owned.add(command);
  owned.add(new KeptWaits({ windowState, waits, documents, clock }));
  owned.add(keepListingSupport(context.globalState, store));
  owned.add(settings.onDidChange(() => scheduler.start()));
  owned.add(connections.onDidChange((server) => void fileSystem.readAgain(server)));
  owned.add(window.onDidChangeWindowState(({ focused }) => folders.windowIs(focused)));
  owned.add(window.onDidChangeWindowState(({ focused }) => focused && scheduler.look()));
  owned.add(window.onDidChangeWindowState(({ focused }) => focused && void lookAround()));
  owned.add(openFiles.onDidChangeActive((uri) => uri && scheduler.look(toResource(uri))));
  owned.add(new KeptReminder({ journal, recovery, openFiles, clock }));
  void startJournal(safety, journal);
  void recovery.start();
  void lookAround();
  documents.start();
  scheduler.start();

  return {
    api: owned.add(new Api({ store, poller, blockedSaves, waits, clock })),
    async end() {
      presence.end();
      await Promise.all([leave(), journal.settled()]);
      owned.dispose();
      await servers.close();
    },
  };
}
