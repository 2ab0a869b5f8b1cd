// The core as the extension wires it, over a server that a test gives, with storage in memory.
import { Emitter } from '../../../src/base/emitter';
import { createCore, type Core, type CoreDeps } from '../../../src/core/createCore';
import type { KeptLease, LeaseStorage } from '../../../src/core/leases/leaseStorage';
import type { OpenDocuments } from '../../../src/core/leases/openDocuments';
import { OwnLocks } from '../../../src/core/leases/ownLocks';
import { Exchanges } from '../../../src/core/locks/exchanges';
import { LockProviders } from '../../../src/core/model/lockProviders';
import type { LockProvider, RemoteFiles } from '../../../src/core/model/ports';
import type { Lease } from '../../../src/core/model/lease';
import type { DocumentEvents } from '../../../src/core/saving/documentLife';
import { journalLimits } from '../../../src/core/saving/journalQuota';
import { MemoryDisk } from './memoryDisk';

/** Leases of windows that ended; `left` is what a test puts there. */
export class MemoryLeases implements LeaseStorage {
  kept: readonly KeptLease[] = [];
  left: { readonly here: boolean; readonly kept: KeptLease }[] = [];
  gate: Promise<void> = Promise.resolve();

  keep(leases: readonly KeptLease[]): Promise<void> {
    this.kept = leases;
    return Promise.resolve();
  }

  async inherit(whose: 'here' | 'all'): Promise<readonly KeptLease[]> {
    await this.gate;
    const found = this.left.filter(({ here }) => here || whose === 'all');
    this.left = this.left.filter((one) => !found.includes(one));
    return found.map(({ kept }) => kept);
  }

  find(): Promise<Lease | undefined> {
    return Promise.resolve(undefined);
  }
}

let windows = 0;

export interface TestCoreDeps extends Partial<Omit<CoreDeps, 'journal' | 'settings' | 'filesOf'>> {
  readonly clock: CoreDeps['clock'];
  /** Files and locks of one server. */
  readonly server: { readonly files: RemoteFiles; readonly locks: LockProvider };
  readonly journal?: Partial<CoreDeps['journal']>;
  readonly settings?: Partial<CoreDeps['settings']>;
}

/** A part that a test does not give is empty; a problem in the background that it does not take is an error. */
export function testCore({ server, journal, settings, ...deps }: TestCoreDeps): Core {
  const window = `window ${(windows += 1)}`;
  return createCore({
    filesOf: () => server.files,
    lockProviders: new LockProviders([() => server.locks]),
    documents: noDocuments(),
    ownLocks: new OwnLocks(),
    exchanges: new Exchanges(),
    lockRequest: () => ({ seconds: 600, owner: window }),
    leaseStorage: new MemoryLeases(),
    parseDate: Date.parse,
    onProblem: (doing, error) => {
      throw new Error(`${doing}: ${String(error)}`, { cause: error });
    },
    ...deps,
    settings: {
      lockOn: () => 'manual',
      refreshIntervalMs: () => 30_000,
      waitLimitMs: () => 8 * 3_600_000,
      ...settings,
    },
    journal: {
      disk: new MemoryDisk(),
      limits: journalLimits,
      workspaceKey: 'here',
      window,
      isClosed: () => false,
      newId: () => `${window} ${(windows += 1)}`,
      ...journal,
    },
  });
}

function noDocuments(): OpenDocuments & DocumentEvents {
  return {
    isOpen: () => false,
    isShown: () => false,
    holds: () => Promise.resolve(false),
    isDirty: () => false,
    save: () => Promise.resolve(false),
    onDidOpen: new Emitter<never>().event,
    onDidEdit: new Emitter<never>().event,
    onDidShow: new Emitter<never>().event,
    onDidClean: new Emitter<never>().event,
    onDidClose: new Emitter<never>().event,
    onDidHide: new Emitter<never>().event,
  };
}
