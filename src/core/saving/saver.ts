import { Serial } from '../../base/singleFlight';
import type { BlockedSaves } from './blockedSaves';
import type { Directory, RemoteStat } from '../polling/directory';
import { verifyExpired } from '../leases/verifyExpired';
import { isFailure, type RemoteFailure } from '../model/failure';
import { WritePreconditions, type Precondition, type PendingWrite } from './writePreconditions';
import type { Lease } from '../model/lease';
import type { Leases } from '../leases/leases';
import type { LockStore } from '../locks/lockStore';
import { withTimeout } from '../leases/withTimeout';
import type { Clock, FilesOf, WriteGuard } from '../model/ports';
import type { LockProviders } from '../model/lockProviders';
import { refusedBy } from '../locks/refusedBy';
import { serverOf as serverIdOf, type ResourceId } from '../model/resource';
import { unexpected, type Attempt, type SaveMode } from './saveAttempt';
import { decideSave, uncertaintyAfter, isLockedByOthers, type SaveDecision } from './saveDecision';
import { readBase, type BaseVersions } from './baseVersions';
import { ifMatch, type Version } from '../model/version';

export interface SaverDeps {
  readonly filesOf: FilesOf;
  readonly lockProviders: LockProviders;
  readonly directory: Directory;
  readonly store: LockStore;
  readonly leases: Leases;
  readonly baseVersions: BaseVersions;
  readonly blockedSaves: BlockedSaves;
  readonly clock: Clock;
}

/** How long a save waits for a LOCK under way. */
const lockWaitMs = 2_000;

/** A server needs a moment to notice a broken connection, and may still change the file until then. */
const disconnectDelayMs = 250;

/**
 * Writes a file without losing text: never over a version that the user has not seen, never reported as done when
 * it was not, and every refused text is kept. One write at a time per file.
 */
export class Saver {
  private readonly queue = new Serial<ResourceId>();
  private readonly preconditions;

  constructor(private readonly deps: SaverDeps) {
    this.preconditions = new WritePreconditions(deps);
  }

  /** Resolves when the server has the bytes. Rejects with a RemoteFailure; then the text is kept as blocked. */
  save(resource: ResourceId, bytes: Uint8Array, mode: SaveMode): Promise<RemoteStat> {
    return this.queue.run(resource, async () => {
      const { baseVersions } = this.deps;
      // A read alone is no base for a text from elsewhere, such as one that outlived a restart.
      const base = mode.mayReplaceUnseen ? baseVersions.of(resource) : baseVersions.shownOf(resource);
      const writing = { resource, bytes, base };
      try {
        return await this.write(writing, mode);
      } catch (error) {
        // Whatever went wrong: a text that may not have arrived is kept.
        const failure = isFailure(error) ? error : unexpected(resource, error);
        this.keep(writing, failure);
        throw failure;
      } finally {
        this.dropLock(resource);
      }
    });
  }

  /** Resolves when no save of the file is under way; false if none was. */
  settled(resource: ResourceId): Promise<boolean> {
    return this.queue.settled(resource);
  }

  private keep({ resource, bytes, base }: PendingWrite, failure: RemoteFailure): void {
    this.deps.blockedSaves.keep({ resource, bytes, base, failure, since: this.deps.clock.now() });
  }

  private async write(writing: PendingWrite, mode: SaveMode): Promise<RemoteStat> {
    const { resource } = writing;
    await withTimeout(this.deps.clock, lockWaitMs, this.deps.leases.settled(resource));
    await verifyExpired(this.deps.leases, this.deps.leases.covering(resource));
    const startedAt = this.deps.clock.now().mono;
    const heldWhenChecked = this.deps.leases.covering(resource);
    const precondition: Precondition = mode.mustBeNew
      ? { kind: 'new' }
      : await this.preconditions.find(writing, mode.mayReplaceUnseen);
    const attempt: Attempt = {
      ...writing,
      mode,
      startedAt,
      tried: new Set(),
      precondition,
      pauses: 0,
      heldWhenChecked,
      unconditional: false,
      sentIfMatch: undefined,
    };
    for (;;) {
      if (attempt.precondition.kind === 'alreadyThere')
        return this.landed(writing, attempt.precondition.version, {
          isReported: attempt.precondition.version.etag !== undefined,
          under: attempt.heldWhenChecked ?? [],
        });
      const leases = this.deps.leases.covering(resource);
      if (await this.recheckIfStale(attempt, leases)) continue;
      try {
        const reported = await this.put(attempt, leases);
        const version = await this.preconditions.afterSuccess(attempt, attempt.precondition, reported);
        return this.landed(writing, version, { isReported: version === reported, under: leases });
      } catch (error) {
        if (!isFailure(error)) throw error;
        await this.afterFailure(attempt, leases, error);
      }
    }
  }

  /**
   * A check from before a pause, or from before our lock, misses what others wrote until then. It need not be
   * repeated if the server checks the version itself.
   */
  private async recheckIfStale(attempt: Attempt, leases: readonly Lease[]): Promise<boolean> {
    const { resource, precondition, mode, heldWhenChecked } = attempt;
    if (precondition.kind !== 'replaces' || this.preconditions.isChecked(resource, precondition.version))
      return false;
    const before = new Set(heldWhenChecked?.map(({ id }) => id));
    if (heldWhenChecked && leases.every(({ id }) => before.has(id))) return false;
    attempt.heldWhenChecked = leases;
    attempt.precondition = await this.preconditions.find(attempt, mode.mayReplaceUnseen);
    return true;
  }

  private put(attempt: Attempt, leases: readonly Lease[]): Promise<Version> {
    const { resource, bytes, precondition, mode } = attempt;
    const isBound = precondition.kind === 'replaces' && !attempt.unconditional;
    const bound: Pick<WriteGuard, 'replaces'> = isBound ? { replaces: precondition.version } : {};
    // Valid only right after a check.
    attempt.unconditional = false;
    attempt.sentIfMatch = ifMatch(bound.replaces);
    const guard = { leases, ...bound, mustBeNew: precondition.kind === 'new' };
    const options = mode.onSent ? { onSent: mode.onSent } : {};
    return this.deps.filesOf(resource).write(resource, bytes, guard, options);
  }

  /** Returns if another attempt makes sense; throws what to report to the user. */
  private async afterFailure(
    attempt: Attempt,
    leases: readonly Lease[],
    failure: RemoteFailure,
  ): Promise<void> {
    const uncertainty = uncertaintyAfter(failure);
    if (uncertainty === 'written') return this.afterUncertainWrite(attempt, leases, failure);
    if (uncertainty === undefined) throw failure;
    const { store, clock } = this.deps;
    const { resource, sentIfMatch } = attempt;
    const content = await this.contentNow(attempt, failure);
    if (attempt.precondition.kind === 'alreadyThere') return;
    const decision = decideSave({
      failure,
      sent: leases.map((lease) => lease.id),
      lockPending: this.deps.leases.isWanted(resource) && !this.deps.leases.of(resource),
      sentIfMatch,
      currentTag:
        attempt.precondition.kind === 'replaces' ? ifMatch(attempt.precondition.version) : undefined,
      state: store.stateOf(resource),
      listingSupport: store.listingSupportOf(serverIdOf(resource)),
      content,
      tried: attempt.tried,
      spentMs: clock.now().mono - attempt.startedAt,
      pauses: attempt.pauses,
    });
    await this.follow(decision, attempt, leases, failure);
  }

  private async follow(
    decision: SaveDecision,
    attempt: Attempt,
    leases: readonly Lease[],
    failure: RemoteFailure,
  ): Promise<void> {
    const { store, clock } = this.deps;
    const { resource, tried, mode } = attempt;
    switch (decision.do) {
      case 'report':
        this.declareUnlistedLost(attempt, leases);
        if (decision.as === 'locked') store.apply(refusedBy(failure, clock.now()));
        if (decision.as === 'contentChanged' && mode.mustBeNew) throw failure.as('exists');
        throw decision.as === 'asIs' ? failure : failure.as(decision.as);
      case 'pause':
        attempt.pauses += 1;
        attempt.heldWhenChecked = undefined;
        return this.pause(decision.ms);
      case 'awaitLock':
        tried.add('awaitLock');
        return this.deps.leases.settled(resource);
      case 'relock':
        tried.add('relock');
        this.declareUnlistedLost(attempt, leases);
        return this.lockForSave(resource);
      case 'verify':
        tried.add('verify');
        for (const lease of leases) await this.deps.leases.verify(lease);
        if (this.deps.leases.covering(resource).length === 0) await this.lockForSave(resource);
        return;
      case 'asNew':
        tried.add('asNew');
        attempt.precondition = { kind: 'new' };
        return this.endLock(resource);
      case 'unconditional':
        attempt.unconditional = true;
        tried.add('unconditional');
        return;
      case 'rebind':
      case 'resend':
        tried.add(decision.do);
    }
  }

  /** Our lock ended with its file, except where it outlives the file: then it would block the file's new name. */
  private async endLock(resource: ResourceId): Promise<void> {
    const { leases } = this.deps;
    if (leases.of(resource)) await Promise.allSettled([leases.release(resource)]);
    leases.forget(resource);
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => void this.deps.clock.after(ms, resolve));
  }

  private async lockForSave(resource: ResourceId): Promise<void> {
    await this.deps.leases.take(resource, 'save');
  }

  /**
   * Drops a lock taken only for this save, even if it is lost and about to be retaken. Not awaited: the outcome of
   * the save is settled, and the leases retry by themselves.
   */
  private dropLock(resource: ResourceId): void {
    const { leases } = this.deps;
    if (leases.isClaimed(resource, 'save')) void Promise.allSettled([leases.drop(resource, 'save')]);
  }

  /** Compares the content on the server with the one that the user has seen. */
  private async contentNow(
    attempt: Attempt,
    failure: RemoteFailure,
  ): Promise<'same' | 'changed' | 'gone' | 'unknown'> {
    const { store } = this.deps;
    try {
      const precondition = await this.preconditions.afterRefusal(
        attempt,
        attempt.precondition,
        () => !isLockedByOthers(store.stateOf(attempt.resource)),
      );
      if (precondition === 'gone') return attempt.precondition.kind === 'new' ? 'unknown' : 'gone';
      if (precondition === 'unseen') return 'unknown';
      attempt.precondition = precondition;
      return 'same';
    } catch (error) {
      if (!isFailure(error)) throw error;
      if (error.kind === 'contentChanged') return 'changed';
      // The check failed too: keep the original refusal.
      throw failure;
    }
  }

  /** Locks that we submitted and that the server no longer lists are lost. */
  private declareUnlistedLost({ resource }: Attempt, leases: readonly Lease[]): void {
    const state = this.deps.store.stateOf(resource);
    const listed = state.kind === 'locked' ? state.locks : [];
    if (this.deps.store.listingSupportOf(serverIdOf(resource)) !== 'seen') return;
    for (const lease of leases) {
      if (listed.some((lock) => lock.id === lease.id)) continue;
      this.deps.leases.declareLost(lease, listed.length > 0 ? 'taken' : 'unknown');
    }
  }

  /** The write may be done despite the failure: only the server's content shows it. */
  private async afterUncertainWrite(
    attempt: Attempt,
    leases: readonly Lease[],
    failure: RemoteFailure,
  ): Promise<void> {
    const { resource, tried } = attempt;
    const seen = await this.readAfterUncertainWrite(attempt, failure);
    // Retry once: the same bytes twice are the same file, and others must not read a partial one.
    const again = failure.kind === 'interrupted' && !tried.has('resend');
    const isBroken = failure.kind === 'interrupted' || failure.kind === 'timeout';
    switch (seen.kind) {
      case 'landed':
        attempt.precondition = { kind: 'alreadyThere', version: seen.content.version };
        return;
      case 'somethingElse':
        throw failure.as('contentChanged', { maybeDone: false });
      case 'beginning':
        // A failure named by the server says more than the fact that its content differs.
        if (!(await this.heldThroughout(attempt, leases)))
          throw failure.as(isBroken ? 'contentChanged' : failure.kind, { halfWritten: 'perhaps' });
        // Nobody else could write meanwhile, so this is the user's own text: the next save may replace it.
        this.deps.baseVersions.setShown(resource, readBase(seen.content, leases));
        attempt.precondition = { kind: 'replaces', version: seen.content.version };
        if (!again) throw failure.as(failure.kind, { halfWritten: 'surely' });
        break;
      case 'untouched':
        attempt.precondition = { kind: 'replaces', version: seen.content.version };
        // After a timeout a slow server may still write; a broken connection is over.
        if (!again) throw failure.as(failure.kind, { maybeDone: failure.kind === 'timeout' });
        break;
      case 'gone':
        if (attempt.precondition.kind !== 'new' || !again) throw failure;
    }
    tried.add('resend');
  }

  /** Whether the server confirms that we held a lock ever since the version to be replaced was seen. */
  private async heldThroughout(
    { resource, precondition, base, heldWhenChecked }: Attempt,
    sent: readonly Lease[],
  ): Promise<boolean> {
    if (precondition.kind !== 'replaces') return false;
    // If the server checks the version, no check preceded the write.
    const wasChecked = !this.preconditions.isChecked(resource, precondition.version);
    const since = wasChecked ? heldWhenChecked?.map(({ id }) => id) : base?.heldLocks;
    const candidates = sent.filter(({ id }) => since?.includes(id));
    for (const lease of candidates) await this.deps.leases.verify(lease);
    return this.preconditions.isStillHeld(
      resource,
      candidates.map(({ id }) => id),
    );
  }

  private async readAfterUncertainWrite(attempt: Attempt, failure: RemoteFailure) {
    this.preconditions.unanswered(attempt);
    if (failure.facts.status === undefined) await this.pause(disconnectDelayMs);
    try {
      return await this.preconditions.afterNoResponse(attempt, attempt.precondition);
    } catch (error) {
      if (!isFailure(error)) throw error;
      throw failure;
    }
  }

  /** `isReported`: the version certainly belongs to our bytes. `under`: our locks during the write. */
  private landed(
    { resource, bytes }: PendingWrite,
    version: Version,
    { isReported, under = [] }: { readonly isReported: boolean; readonly under?: readonly Lease[] },
  ): RemoteStat {
    const { baseVersions, blockedSaves, directory } = this.deps;
    const base = readBase({ version, bytes }, under);
    baseVersions.setShown(resource, {
      ...base,
      certain: isReported || this.preconditions.isStillHeld(resource, base.heldLocks),
    });
    this.preconditions.landed(resource);
    blockedSaves.landed(resource, bytes);
    return directory.wrote(resource, version, bytes.length);
  }
}
