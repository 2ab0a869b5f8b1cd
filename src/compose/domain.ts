import type { Disposables } from '../base/disposable';
import { BlockedSaves } from '../core/saving/blockedSaves';
import type { DiagnosisService } from '../core/diagnosis/diagnosisService';
import { Directory } from '../core/polling/directory';
import { EditLocks } from '../core/leases/editLocks';
import type { Inheritance } from '../core/leases/leaseStorage';
import { OrphanedLocks } from '../core/leases/orphanedLocks';
import { LockPoller } from '../core/polling/lockPoller';
import { Leases } from '../core/leases/leases';
import { LockStore } from '../core/locks/lockStore';
import { LostLockRecovery } from '../core/saving/lostLockRecovery';
import type { LockRequest } from '../core/model/ports';
import { Relocation } from '../core/saving/relocation';
import type { ResourceId } from '../core/model/resource';
import { Saver } from '../core/saving/saver';
import { BaseVersions } from '../core/saving/baseVersions';
import { WaitList } from '../core/waiting/waitList';
import { WakeUps } from '../core/leases/wakeUps';
import { systemClock as clock } from '../editor/clock';
import type { Documents } from '../editor/files/documents';
import type { Log } from '../editor/log';
import type { CurrentSettings } from '../editor/connection/settings';
import type { Servers } from '../protocol/servers';
import type { DiagnosisSources } from './explaining';

export interface DomainDeps {
  readonly owned: Disposables;
  readonly settings: CurrentSettings;
  readonly documents: Documents;
  readonly log: Log;
  readonly inherited: Inheritance;
  /** Why writes are refused, by what the parts of the domain know. */
  readonly diagnosisService: (known: DiagnosisSources) => DiagnosisService;
  readonly connect: (own: Pick<Leases, 'owns' | 'mayOwn'>) => {
    readonly servers: Servers;
    readonly lockRequest: (resource: ResourceId) => LockRequest;
  };
}

/** The lock domain: the store and everything that brings news into it. */
export function composeDomain({
  owned,
  settings,
  documents,
  log,
  inherited,
  diagnosisService,
  connect,
}: DomainDeps) {
  const store = owned.add(new LockStore());
  const blockedSaves = owned.add(new BlockedSaves());
  const baseVersions = new BaseVersions();
  // The servers ask the leases whose a lock is; the leases ask the servers for locks.
  const { servers, lockRequest } = connect({
    owns: (id) => leases.owns(id),
    mayOwn: (id) => leases.mayOwn(id),
  });
  const serverOf = servers.of;
  const leases: Leases = owned.add(new Leases({ serverOf, store, clock, lockRequest, inherited }));
  const directory = owned.add(new Directory(serverOf, store, clock));
  const poller = new LockPoller(directory, clock);
  const saver = new Saver({ serverOf, directory, store, leases, baseVersions, blockedSaves, clock });
  const causes = diagnosisService({ poller, directory, leases, baseVersions, serverOf, store });
  const intervalMs = () => settings.get().refreshInterval * 1_000;
  const limitMs = () => settings.get().waitLimit * 60_000;
  const waits = owned.add(
    new WaitList({
      clock,
      store,
      leases,
      poller,
      blockedSaves,
      documents,
      causes,
      limitMs,
      intervalMs,
      onFault: (error) => log.failure('Waiting for a lock', error),
    }),
  );
  const editLocks = owned.add(
    new EditLocks({
      leases,
      poller,
      documents,
      clock,
      lockOn: () => settings.get().lockOn,
      onRefused: (resource, error) => log.failure(`The lock on ${resource}`, error),
    }),
  );
  const relocation = new Relocation({
    serverOf,
    directory,
    store,
    leases,
    baseVersions,
    clock,
    // Let go again where nobody opens the file under its new name.
    onRetaken: (resource) => editLocks.closed(resource),
    onRetakeFailed: (resource, error) => log.failure(`The lock on ${resource} after its move`, error),
  });
  owned.add(new WakeUps({ leases, clock }));
  const orphanedLocks = owned.add(new OrphanedLocks({ leases, serverOf }));
  const lostLockRecovery = owned.add(
    new LostLockRecovery({
      serverOf,
      leases,
      directory,
      baseVersions,
      clock,
      saveOver: (resource) => saver.over(resource),
    }),
  );
  return {
    poller,
    blockedSaves,
    diagnosisService: causes,
    directory,
    editLocks,
    orphanedLocks,
    intervalMs,
    leases,
    lostLockRecovery,
    relocation,
    saver,
    baseVersions,
    serverOf,
    servers,
    store,
    waits,
  };
}

export type Domain = ReturnType<typeof composeDomain>;
