import type { Disposables } from '../base/disposable';
import { BlockedSaves } from '../core/saving/blockedSaves';
import type { Casebook } from '../core/diagnosis/casebook';
import { Directory } from '../core/polling/directory';
import { EditLocks } from '../core/leases/editLocks';
import type { Inheritance } from '../core/leases/keptLease';
import { GhostLocks } from '../core/leases/ghostLocks';
import { LockAsker } from '../core/polling/lockAsker';
import { Leases } from '../core/leases/leases';
import { LockStore } from '../core/locks/lockStore';
import { LossKeeper } from '../core/saving/lossKeeper';
import type { LockWish } from '../core/model/ports';
import { Relocation } from '../core/saving/relocation';
import type { ResourceId } from '../core/model/resource';
import { Saver } from '../core/saving/saver';
import { SeenVersions } from '../core/saving/seenVersions';
import { WaitList } from '../core/waiting/waitList';
import { WakeUps } from '../core/leases/wakeUps';
import { systemClock as clock } from '../editor/clock';
import type { Documents } from '../editor/files/documents';
import type { Log } from '../editor/log';
import type { CurrentSettings } from '../editor/connection/settings';
import type { Servers } from '../protocol/servers';
import type { KnownToCasebook } from './explaining';

export interface DomainDeps {
  readonly owned: Disposables;
  readonly settings: CurrentSettings;
  readonly documents: Documents;
  readonly log: Log;
  readonly inherited: Inheritance;
  /** Why writes are refused, by what the parts of the domain know. */
  readonly casebook: (known: KnownToCasebook) => Casebook;
  readonly connect: (own: Pick<Leases, 'owns' | 'mayOwn'>) => {
    readonly servers: Servers;
    readonly wish: (resource: ResourceId) => LockWish;
  };
}

/** The lock domain: the store and everything that brings news into it. */
export function composeDomain({ owned, settings, documents, log, inherited, casebook, connect }: DomainDeps) {
  const store = owned.add(new LockStore());
  const blocked = owned.add(new BlockedSaves());
  const seen = new SeenVersions();
  // The servers ask the leases whose a lock is; the leases ask the servers for locks.
  const { servers, wish } = connect({
    owns: (id) => leases.owns(id),
    mayOwn: (id) => leases.mayOwn(id),
  });
  const serverOf = servers.of;
  const leases: Leases = owned.add(new Leases({ serverOf, store, clock, wish, inherited }));
  const directory = owned.add(new Directory(serverOf, store, clock));
  const asker = new LockAsker(directory, clock);
  const saver = new Saver({ serverOf, directory, store, leases, seen, blocked, clock });
  const causes = casebook({ asker, directory, leases, seen, serverOf, store });
  const intervalMs = () => settings.get().refreshInterval * 1_000;
  const limitMs = () => settings.get().waitLimit * 60_000;
  const waits = owned.add(
    new WaitList({
      clock,
      store,
      leases,
      asker,
      blocked,
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
      asker,
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
    seen,
    clock,
    // Let go again where nobody opens the file under its new name.
    onRetaken: (resource) => editLocks.closed(resource),
    onRetakeFailed: (resource, error) => log.failure(`The lock on ${resource} after its move`, error),
  });
  owned.add(new WakeUps({ leases, clock }));
  const ghosts = owned.add(new GhostLocks({ leases, serverOf }));
  const losses = owned.add(
    new LossKeeper({
      serverOf,
      leases,
      directory,
      seen,
      clock,
      saveOver: (resource) => saver.over(resource),
    }),
  );
  return {
    asker,
    blocked,
    casebook: causes,
    directory,
    editLocks,
    ghosts,
    intervalMs,
    leases,
    losses,
    relocation,
    saver,
    seen,
    serverOf,
    servers,
    store,
    waits,
  };
}

export type Domain = ReturnType<typeof composeDomain>;
