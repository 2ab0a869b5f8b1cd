import type { ExtensionContext } from 'vscode';
import type { LockStatusApi } from '../lock-status';
import { Disposables } from './base/disposable';
import { announceProblems } from './compose/announce';
import { connectServers, type Protocol } from './compose/connect';
import { serveFiles } from './compose/files';
import { prepareSearch } from './compose/search';
import { openStorage } from './compose/storage';
import { showLocks } from './compose/views';
import { createCore } from './core/createCore';
import { OwnLocks } from './core/leases/ownLocks';
import { Exchanges } from './core/locks/exchanges';
import { LockProviders } from './core/model/lockProviders';
import { registerTools } from './editor/agents/tools';
import { Api } from './editor/api';
import { systemClock as clock } from './editor/clock';
import { registerCommands } from './editor/commands/register';
import type { CommandContext } from './editor/commands/commandContext';
import { Connections } from './editor/connection/connections';
import { rememberPlaces } from './compose/places';
import { Reachability } from './editor/connection/reachability';
import { CredentialStore } from './editor/connection/secrets';
import { CurrentSettings } from './editor/connection/settings';
import { Explanations } from './editor/explain/explanations';
import { Documents } from './editor/files/documents';
import { OpenFiles } from './editor/files/openFiles';
import { learnSpellings } from './editor/uris';
import { Log } from './editor/log';
import { WaitMessages } from './editor/messages/waitMessages';
import { announceBadSettings } from './editor/messages/announce';
import { keepAcrossRestarts } from './compose/startAndEnd';
import { restrictServers } from './compose/trust';
import { LimitedSecrets } from './storage/limitedSecrets';

export interface Composed {
  readonly api: LockStatusApi;
  /** Releases our locks as far as the time allows, then ends everything else. */
  end(): Promise<void>;
}

/**
 * Constructs everything and connects it: the outside world first, then the core, then what shows it.
 *
 * @param protocol loads what speaks with servers, at its first call.
 */
export function compose(context: ExtensionContext, protocol: () => Protocol): Composed {
  const owned = new Disposables();
  owned.add(learnSpellings());
  const log = owned.add(new Log());
  const settings = owned.add(new CurrentSettings((bad) => void announceBadSettings(bad)));
  const secrets = new CredentialStore(new LimitedSecrets(context.secrets, clock));
  const openFiles = owned.add(new OpenFiles());
  const documents = owned.add(new Documents(openFiles));
  const storage = openStorage(context, log);

  const exchanges = owned.add(new Exchanges());
  const ownLocks = new OwnLocks();
  const reachability = owned.add(new Reachability());
  const outside = { owned, context, settings, secrets, log, exchanges, ownLocks, reachability, storage };
  const { servers, lockRequest, browserSignIns } = connectServers({ ...outside, protocol });
  const core = owned.add(
    createCore({
      clock,
      documents,
      filesOf: servers.filesOf,
      // One line per protocol that knows locks.
      lockProviders: new LockProviders([servers.locksOf]),
      ownLocks,
      exchanges,
      lockRequest,
      settings: {
        lockOn: () => settings.get().lockOn,
        refreshIntervalMs: () => settings.get().refreshInterval * 1_000,
        waitLimitMs: () => settings.get().waitLimit * 60_000,
      },
      leaseStorage: storage.leaseStore,
      journal: storage.journal,
      parseDate: Date.parse,
      onProblem: (doing, error) => log.failure(doing, error),
    }),
  );

  const connections = owned.add(
    new Connections({
      ...core,
      settings,
      secrets,
      browserSignIns,
      reset: (server) => servers.reset(server),
      onRefused: (failure) => log.failure('Connecting', failure),
    }),
  );
  const trust = restrictServers({ owned, log, settings });
  const editor = {
    trust,
    owned,
    context,
    core,
    connections,
    documents,
    log,
    openFiles,
    reachability,
    settings,
    storage,
  };
  const files = serveFiles(editor);
  const search = prepareSearch(editor);
  const { statuses, visibleResources } = showLocks({
    ...editor,
    folders: files.folders,
    copies: files.copies.copies,
    merges: files.copies.merges,
    baseCopies: files.baseCopies,
  });
  const leaseStore = storage.leaseStore;
  const known = {
    ...core,
    ...files.copies,
    ...search,
    clock,
    connections,
    documents,
    leaseStore,
    log,
    settings,
    trust: trust.trust,
    places: rememberPlaces({ owned, context, log }),
  };
  const waitMessages = new WaitMessages(known);
  const shown = { ...known, visibleResources, waitMessages };
  const explanations = owned.add(new Explanations(context.extensionUri, shown));
  const commandContext: CommandContext = { ...shown, explanations };
  for (const command of registerCommands(commandContext)) owned.add(command);
  const api = owned.add(new Api({ ...core, statuses, clock, connections }));
  for (const tool of registerTools({ ...commandContext, api })) owned.add(tool);
  announceProblems(owned, commandContext, core);
  const restarts = keepAcrossRestarts(editor);
  files.scheduler.start();
  documents.start();

  return {
    api,
    async end() {
      await restarts.leave();
      owned.dispose();
      await servers.close();
    },
  };
}
