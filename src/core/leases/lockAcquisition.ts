import { isFailure, type RemoteFailure } from '../model/failure';
import type { Claim, Lease } from '../model/lease';
import type { LockProviders } from '../model/lockProviders';
import type { Clock, LockOptions, LockRequest, RemoteEntry } from '../model/ports';
import { blocksUs } from '../model/lockView';
import type { ResourceId } from '../model/resource';
import type { Directory } from '../polling/directory';
import type { RemoteStat } from '../polling/remoteStat';
import type { LockStore } from '../locks/lockStore';
import { shownByRefusal } from '../locks/refusedBy';
import type { Inheritance } from './leaseStorage';
import { LockUnsupportedFolders } from './lockUnsupportedFolders';
import type { OwnLocks } from './ownLocks';

export interface LockAcquisitionDeps {
  readonly lockProviders: LockProviders;
  readonly store: LockStore;
  readonly clock: Clock;
  readonly lockRequest: (resource: ResourceId) => LockRequest;
  readonly ownLocks: OwnLocks;
  readonly inherited: Inheritance;
  readonly directory: Directory;
}

export interface TakeOptions
  /** Whether a free name may be locked, to make the file next. */
  extends Pick<LockRequest, 'mayCreate'>, Pick<LockOptions, 'looksBehind' | 'isLook'> {
  /** Called before the lock is taken or refused, if a look has shown the resource under our lock, or what refuses it. */
  readonly onSeen?: (seen: RemoteStat) => void;
}

/** How a lock is got: that of an earlier run is taken up, or a new one is requested. */
export class LockAcquisition {
  private readonly unsupportedFolders: LockUnsupportedFolders;

  /** @param onForgotten the file of a lock of an earlier run is missing; the lock may have outlived it. */
  constructor(
    private readonly deps: LockAcquisitionDeps,
    private readonly onForgotten: (lease: Lease) => void,
  ) {
    this.unsupportedFolders = new LockUnsupportedFolders(deps.clock);
  }

  /** Whether the server recently refused LOCK itself in this folder. */
  isUnsupported(resource: ResourceId): boolean {
    return this.unsupportedFolders.includes(resource);
  }

  /** Rejects with a RemoteFailure. */
  async run(resource: ResourceId, claims: Set<Claim>, options: TakeOptions): Promise<Lease> {
    const lease = (await this.resume(resource, claims)) ?? (await this.request(resource, options));
    this.unsupportedFolders.granted(resource);
    return lease;
  }

  noteRefusal(resource: ResourceId, error: unknown): void {
    const { store, clock } = this.deps;
    for (const evidence of shownByRefusal(error, clock.now())) store.apply(evidence);
    if (isLockUnsupported(error)) this.unsupportedFolders.refused(resource);
  }

  private async request(resource: ResourceId, options: TakeOptions): Promise<Lease> {
    const { store, clock, lockProviders, lockRequest, ownLocks, directory } = this.deps;
    const { mayCreate = false, onSeen } = options;
    // What refuses the LOCK may be a lock of ours that we have not heard of.
    const isLook = options.isLook === true && !ownLocks.unconfirmed.mayHold(resource);
    const { looksBehind = !isLook && blocksUs(store.viewOf(resource)) } = options;
    const before = store.stateOf(resource);
    const request = { ...lockRequest(resource), mayCreate };
    ownLocks.unconfirmed.sent(resource, request, clock.now());
    const pending = directory.asking(resource);
    const seen = (entry: RemoteEntry) => {
      const stat = directory.answered(pending, entry);
      onSeen?.(stat);
    };
    try {
      const lease = await lockProviders
        .of(resource)
        .lock(resource, request, { looksBehind, isLook, onSeen: seen });
      const mark = lease.mark ?? request.mark;
      return mark === undefined ? lease : { ...lease, mark };
    } catch (error) {
      if (isFailure(error)) ownLocks.unconfirmed.failed(error, request, { before, at: clock.now() });
      throw error;
    } finally {
      directory.noLongerAsking(pending);
    }
  }

  /** Refreshes our own lock of an earlier run if it is still held: it would refuse us a new one. */
  private async resume(resource: ResourceId, claims: Set<Claim>): Promise<Lease | undefined> {
    const { inherited, lockProviders, lockRequest } = this.deps;
    const kept = await inherited.of(resource);
    if (!kept) return undefined;
    const old = kept.lease;
    try {
      const lease = await lockProviders.of(resource).refresh(old, lockRequest(resource).seconds);
      // Whichever claim resumes a lock taken by hand, it stays until it is released by hand.
      if (kept.claims.includes('hand')) claims.add('hand');
      inherited.settled(old);
      return lease;
    } catch (error) {
      if (!isFailure(error, 'leaseLost', 'notFound')) throw error;
      inherited.settled(old);
      if (isOfMissingFile(error)) this.onForgotten(old);
      return undefined;
    }
  }
}

/** The server does not know LOCK; a code means that it granted another kind of lock than requested. */
function isLockUnsupported(error: unknown): boolean {
  return isFailure(error, 'unsupported') && error.facts.code === undefined;
}

/** The lock is not listed because its file is not: it may be held all the same. */
export function isOfMissingFile({ kind, facts }: RemoteFailure): boolean {
  return kind === 'notFound' || facts.code === 'FILE_MISSING';
}
