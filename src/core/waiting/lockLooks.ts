import { isFailure, type RemoteFailure } from '../model/failure';
import type { Leases } from '../leases/leases';
import type { Lock } from '../model/lock';
import type { LockProviders } from '../model/lockProviders';
import { remainingMs } from '../model/lockView';
import type { Clock } from '../model/ports';
import { parentOf, type ResourceId } from '../model/resource';
import type { LockStore } from '../locks/lockStore';
import type { LockPoller, PollResult } from '../polling/lockPoller';
import type { ServerPauses } from '../polling/serverPauses';
import type { WaitEntry } from './waitEntry';
import { hasListedForeignLock } from './isFree';
import { isRefusedForGood } from './waitPolicy';

export interface LockLooksDeps {
  readonly clock: Clock;
  readonly store: LockStore;
  readonly leases: Leases;
  readonly lockProviders: LockProviders;
  readonly poller: LockPoller;
  readonly pauses: ServerPauses;
  /** Whether somebody still waits for the lock, or saves under it. */
  readonly isWanted: (resource: ResourceId) => boolean;
}

/** Then a listing shows who holds the file now, and until when. */
const locksPerLook = 4;
/** A lock that ends so soon is looked at: it may have been refreshed. */
const soonEndsMs = 10_000;

/**
 * How the files of waits are asked about. Where a refused LOCK changes nothing, it is the question itself: granted, it
 * saves the round trip between seeing the file free and locking it. The lock is not left out for a write with a
 * condition: all who wait write at the same time, and servers compare the version before they take the text in, so two
 * such writes may both be accepted.
 */
export class LockLooks {
  /** LOCKs since the last look. None yet: the wait has not been looked at. */
  private readonly locks = new WeakMap<WaitEntry, number>();
  /**
   * Where a LOCK is refused whoever holds the file, or says less than a look: a password that is refused again and again
   * may end the account.
   */
  private readonly refused = new WeakSet<WaitEntry>();

  constructor(private readonly deps: LockLooksDeps) {}

  /** Never rejects with a RemoteFailure. */
  async ask(due: readonly WaitEntry[]): Promise<readonly PollResult[]> {
    const folders = due.map(({ wait }) => parentOf(wait.resource));
    // Several files of a folder share a listing.
    const isAlone = (at: number) => folders.every((folder, other) => other === at || folder !== folders[at]);
    const byLock = due.filter((entry, at) => isAlone(at) && this.mayLock(entry));
    const byLook = due.filter((entry) => !byLock.includes(entry));
    const answers = await Promise.all([this.look(byLook), ...byLock.map((entry) => this.lock(entry))]);
    return answers.flat();
  }

  private mayLock(entry: WaitEntry): boolean {
    const { clock, store, leases, lockProviders, pauses } = this.deps;
    const { resource } = entry.wait;
    const state = store.stateOf(resource);
    const now = clock.now().mono;
    const endsSoon = ({ expiry }: Lock) => (remainingMs(expiry, now) ?? Infinity) < soonEndsMs;
    return (
      (this.locks.get(entry) ?? locksPerLook) < locksPerLook &&
      !this.refused.has(entry) &&
      entry.pace === 'usual' &&
      entry.failures === 0 &&
      entry.failure === undefined &&
      entry.noAttemptBefore <= now &&
      state.kind === 'locked' &&
      hasListedForeignLock(state) &&
      !state.locks.some(endsSoon) &&
      lockProviders.of(resource).traits(resource).locksOnlyExisting === true &&
      !leases.isLockUnsupported(resource) &&
      leases.claimsOn(resource).size === 0 &&
      pauses.leftOf(resource) === 0
    );
  }

  private async lookAfter(entry: WaitEntry, error: RemoteFailure): Promise<readonly PollResult[]> {
    const results = await this.look([entry]);
    // Refusals and listings have different names for one holder: by a LOCK it would be two requests each time.
    if (error.kind === 'locked' && this.isOfAnother(error)) this.refused.add(entry);
    return results;
  }

  /** Whether a refusal names somebody else than was listed. */
  private isOfAnother({ resource, facts }: RemoteFailure): boolean {
    const name = facts.refusal?.holder?.name;
    const state = this.deps.store.stateOf(resource);
    if (name === undefined || state.kind !== 'locked') return false;
    return !state.locks.some(({ holder }) => holder.name === name);
  }

  private look(entries: readonly WaitEntry[]): Promise<readonly PollResult[]> {
    if (entries.length === 0) return Promise.resolve([]);
    for (const entry of entries) this.locks.set(entry, 0);
    return this.deps.poller.askAll({ files: entries.map(({ wait }) => wait.resource) }, 0, 'patient');
  }

  private async lock(entry: WaitEntry): Promise<readonly PollResult[]> {
    const { clock, leases, pauses, isWanted } = this.deps;
    const { resource } = entry.wait;
    this.locks.set(entry, (this.locks.get(entry) ?? 0) + 1);
    const start = clock.now().mono;
    try {
      await leases.take(resource, 'wait', { isLook: true });
    } catch (error) {
      if (!isFailure(error)) throw error;
      pauses.note(error);
      if (isRefusedForGood(error)) this.refused.add(entry);
      // Whatever else a LOCK may be refused for, a look says more about it; and of another holder, until when.
      if (error.kind !== 'locked' || this.isOfAnother(error)) return this.lookAfter(entry, error);
    }
    const answer = { about: [resource], tookMs: clock.now().mono - start };
    if (leases.isClaimed(resource, 'wait') && !isWanted(resource))
      await Promise.allSettled([leases.drop(resource, 'wait')]);
    return [answer];
  }
}
