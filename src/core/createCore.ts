import { Disposables } from '../base/disposable';
import { DiagnosisService } from './diagnosis/diagnosisService';
import { EditLocks, type EditLockDeps } from './leases/editLocks';
import { Leases } from './leases/leases';
import { LeaseRecovery } from './leases/leaseRecovery';
import { InheritedLeases } from './leases/inheritedLeases';
import type { LeaseStorage } from './leases/leaseStorage';
import type { OpenDocuments } from './leases/openDocuments';
import { OrphanedLocks } from './leases/orphanedLocks';
import type { OwnLocks } from './leases/ownLocks';
import { WakeUps } from './leases/wakeUps';
import { withinTime } from './leases/withTimeout';
import type { Exchanges } from './locks/exchanges';
import { LockHistory } from './locks/lockHistory';
import { LockStore } from './locks/lockStore';
import type { LockProviders } from './model/lockProviders';
import type { Clock, FilesOf, LockRequest } from './model/ports';
import type { ResourceId } from './model/resource';
import { Directory } from './polling/directory';
import { LockPoller } from './polling/lockPoller';
import { ServerPauses } from './polling/serverPauses';
import { BaseVersions } from './saving/baseVersions';
import { BlockedSaves } from './saving/blockedSaves';
import { DocumentLife, type DocumentEvents } from './saving/documentLife';
import { Journal, type JournalDeps } from './saving/journal';
import { LostLockRecovery } from './saving/lostLockRecovery';
import { Relocation } from './saving/relocation';
import { Saver } from './saving/saver';
import { WaitList } from './waiting/waitList';

export interface CoreDeps {
  readonly clock: Clock;
  readonly documents: OpenDocuments & DocumentEvents;
  readonly filesOf: FilesOf;
  readonly lockProviders: LockProviders;
  /** Shared with the servers, which ask it whose a listed lock is. */
  readonly ownLocks: OwnLocks;
  /** Shared with the transports, which record in it what they are answered. */
  readonly exchanges: Exchanges;
  /** Seconds to ask for and the owner text, as set now. */
  readonly lockRequest: (resource: ResourceId) => LockRequest;
  readonly settings: CoreSettings;
  /** Where leases outlive their window. */
  readonly leaseStorage: LeaseStorage;
  /** Where refused texts outlive their window. */
  readonly journal: Omit<JournalDeps, 'blockedSaves' | 'baseVersions' | 'clock' | 'holds'>;
  /** Milliseconds since 1970 of an HTTP date; NaN for what is none. */
  readonly parseDate: (text: string) => number;
  /** For the log: what could not be done in the background, and why. */
  readonly onProblem: (doing: string, error: unknown) => void;
}

/** The settings that the core reads, each as it is now. */
export interface CoreSettings {
  readonly lockOn: EditLockDeps['lockOn'];
  readonly refreshIntervalMs: () => number;
  readonly waitLimitMs: () => number;
}

/** Constructs the lock domain and connects its parts; starts nothing and sends nothing. */
export function createCore(deps: CoreDeps) {
  const { clock, documents, filesOf, lockProviders, ownLocks, settings, onProblem } = deps;
  const owned = new Disposables();
  const store = owned.add(new LockStore(clock));
  const history = owned.add(new LockHistory());
  const isDirty = (resource: ResourceId) => documents.isDirty(resource);
  const holds = (resource: ResourceId, bytes: Uint8Array) => holdsForSure(deps, resource, bytes);
  const isAwaited = (resource: ResourceId): boolean => waits.of(resource) !== undefined;
  const blockedSaves = owned.add(new BlockedSaves({ isDirty, holds, isAwaited }));
  const baseVersions = owned.add(new BaseVersions());
  const directory = owned.add(new Directory(filesOf, store, clock));
  const pauses = new ServerPauses(clock);
  const poller = new LockPoller(directory, clock, pauses);
  const known = { ...deps, isDirty, store, history, blockedSaves, baseVersions, directory, pauses, poller };

  const inherited = owned.add(new InheritedLeases());
  const leases = owned.add(new Leases({ ...known, inherited }));
  const parts = { ...known, leases };
  const orphanedLocks = owned.add(new OrphanedLocks(parts));
  const leaseRecovery = owned.add(new LeaseRecovery({ ...parts, inherited, orphanedLocks }));
  const onRefused = (resource: ResourceId, error: unknown) => onProblem(`The lock on ${resource}`, error);
  const editLocks = owned.add(new EditLocks({ ...parts, lockOn: settings.lockOn, onRefused }));
  owned.add(new WakeUps(parts));

  const saver = new Saver({ ...parts, isAwaited });
  const relocation = new Relocation({
    ...parts,
    // Released again where nobody opens the file under its new name.
    onRetaken: (resource) => editLocks.closed(resource),
    onRetakeFailed: (resource, error) => onProblem(`The lock on ${resource} after its move`, error),
  });
  const lostLockRecovery = owned.add(
    new LostLockRecovery({
      ...parts,
      saveSettled: (resource) => saver.settled(resource),
      relocationSettled: (resource) => relocation.settled(resource),
    }),
  );
  const journal = owned.add(new Journal({ ...deps.journal, blockedSaves, baseVersions, holds, clock }));
  const documentLife = owned.add(new DocumentLife({ ...parts, editLocks }));

  const diagnosisService = owned.add(new DiagnosisService(parts));
  const waits = owned.add(
    new WaitList({
      ...parts,
      causes: diagnosisService,
      limitMs: settings.waitLimitMs,
      intervalMs: settings.refreshIntervalMs,
      onFault: (error) => onProblem('Waiting for a lock', error),
    }),
  );

  return {
    baseVersions,
    blockedSaves,
    diagnosisService,
    directory,
    documentLife,
    editLocks,
    filesOf,
    history,
    isDirty,
    journal,
    leaseRecovery,
    leases,
    lockProviders,
    lostLockRecovery,
    orphanedLocks,
    ownLocks,
    pauses,
    poller,
    relocation,
    saver,
    store,
    waits,
    dispose: () => owned.dispose(),
  };
}

/** The editor encodes the text; a save must not wait long for that. */
const encodeMs = 5_000;

async function holdsForSure(
  { clock, documents, onProblem }: CoreDeps,
  resource: ResourceId,
  bytes: Uint8Array,
): Promise<boolean> {
  try {
    const holds = documents.holds(resource, bytes);
    return await withinTime(clock, encodeMs, holds, 'The editor did not encode the text in time.');
  } catch (error) {
    onProblem(`Comparing ${resource} with what was saved`, error);
    return false;
  }
}

export type Core = ReturnType<typeof createCore>;
