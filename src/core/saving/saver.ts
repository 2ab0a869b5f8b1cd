import { pause } from '../../base/timer';
import { Serial } from '../../base/singleFlight';
import type { BlockedSaves } from './blockedSaves';
import type { Directory } from '../polling/directory';
import type { RemoteStat } from '../polling/remoteStat';
import type { ServerPauses } from '../polling/serverPauses';
import { verifyExpired } from '../leases/verifyExpired';
import { isFailure, type RemoteFailure } from '../model/failure';
import { WritePreconditions, type Precondition, type PendingWrite, type Written } from './writePreconditions';
import type { Lease } from '../model/lease';
import type { Leases } from '../leases/leases';
import type { LockStore } from '../locks/lockStore';
import { withTimeout } from '../leases/withTimeout';
import type { Clock, FilesOf } from '../model/ports';
import type { LockProviders } from '../model/lockProviders';
import { refusedBy } from '../locks/refusedBy';
import { serverOf as serverIdOf, type ResourceId } from '../model/resource';
import { unexpected, type Attempt, type SaveMode } from './saveAttempt';
import { decideSave, uncertaintyAfter, isLockedByOthers, type SaveDecision } from './saveDecision';
import { readBase, type BaseVersions } from './baseVersions';
import { PipelinedLooks } from './pipelinedLooks';
import { SaveLock } from './saveLock';
import { UncertainWrite } from './uncertainWrite';
import { ifMatchToSend, type Version } from '../model/version';

export interface SaverDeps {
  readonly filesOf: FilesOf;
  readonly lockProviders: LockProviders;
  readonly directory: Directory;
  readonly store: LockStore;
  readonly leases: Leases;
  readonly baseVersions: BaseVersions;
  readonly blockedSaves: BlockedSaves;
  readonly clock: Clock;
  readonly pauses: ServerPauses;
  /** Whether a wait is to save it: then nobody may have asked for a save just now. */
  readonly isAwaited: (resource: ResourceId) => boolean;
}

/** How long a save waits for a LOCK under way. */
const lockWaitMs = 2_000;

/**
 * Writes a file without losing text: never over a version that the user has not seen, never reported as done when
 * it was not, and every refused text is kept. One write at a time per file.
 */
export class Saver {
  private readonly queue = new Serial<ResourceId>();
  private readonly preconditions;
  private readonly saveLock;
  private readonly uncertain;
  private readonly looks;

  constructor(private readonly deps: SaverDeps) {
    this.preconditions = new WritePreconditions(deps);
    this.saveLock = new SaveLock(deps);
    this.uncertain = new UncertainWrite(deps, this.preconditions);
    this.looks = new PipelinedLooks(deps, this.preconditions);
  }

  /** Resolves when the server has the bytes. Rejects with a RemoteFailure; then the text is kept as blocked. */
  save(resource: ResourceId, bytes: Uint8Array, mode: SaveMode): Promise<RemoteStat> {
    return this.queue.run(resource, async () => {
      const { baseVersions, clock, pauses } = this.deps;
      // A read alone is no base for a text from elsewhere, such as one that outlived a restart.
      const base = mode.mayReplaceUnseen ? baseVersions.of(resource) : baseVersions.shownOf(resource);
      const writing = { resource, bytes, base };
      const since = clock.now().mono;
      // The text on the server ends a wait.
      const isByPerson = !this.deps.isAwaited(resource);
      try {
        const saved = await this.write(writing, mode);
        if (isByPerson) pauses.lift(resource, since);
        return saved;
      } catch (error) {
        // Whatever went wrong: a text that may not have arrived is kept.
        const failure = isFailure(error) ? error : unexpected(resource, error);
        pauses.note(failure);
        this.keep(writing, failure);
        throw failure;
      } finally {
        this.saveLock.drop(resource);
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
    const checksConditions = this.preconditions.checksConditions(resource);
    if (mode.mustBeNew && !checksConditions) await this.preconditions.refuseTaken(resource);
    // The lock comes before the look: others could write between the two.
    const locksFirst = !checksConditions && !mode.mustBeNew;
    const taken = locksFirst ? await this.saveLock.tryTake(resource) : undefined;
    const heldWhenChecked = this.deps.leases.covering(resource);
    const precondition: Precondition = mode.mustBeNew
      ? { kind: 'new' }
      : await this.preconditions.find(writing, mode.mayReplaceUnseen, taken?.seen);
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
      look: undefined,
      lockTried: locksFirst && precondition.kind !== 'new',
      seenLocking: undefined,
      madeName: false,
    };
    try {
      return await this.send(attempt);
    } catch (error) {
      const isMaybeDone = isFailure(error) && error.facts.maybeDone === true;
      if (attempt.madeName && !isMaybeDone) await this.saveLock.removeCreated(resource);
      throw error;
    }
  }

  private async send(attempt: Attempt): Promise<RemoteStat> {
    const { resource } = attempt;
    for (;;) {
      if (attempt.precondition.kind === 'alreadyThere')
        return this.landed(
          attempt,
          {
            version: attempt.precondition.version,
            isReported: attempt.precondition.version.etag !== undefined,
          },
          attempt.heldWhenChecked ?? [],
        );
      const leases = this.deps.leases.covering(resource);
      if (await this.lockIfUnchecked(attempt)) continue;
      if (await this.recheckIfStale(attempt, leases)) continue;
      try {
        const reported = await this.put(attempt, leases);
        const seen = await this.looks.afterSuccess(attempt, leases, reported);
        const written = await this.preconditions.afterSuccess(attempt, reported, seen);
        return this.landed(attempt, written, leases);
      } catch (error) {
        if (!isFailure(error)) throw error;
        await this.afterFailure(attempt, leases, error);
      } finally {
        this.looks.end(attempt);
      }
    }
  }

  /** Takes the lock where the server does not check the version itself; then the version is checked again. */
  private async lockIfUnchecked(attempt: Attempt): Promise<boolean> {
    const { resource, precondition, mode } = attempt;
    if (attempt.lockTried || precondition.kind === 'alreadyThere') return false;
    const { preconditions, saveLock } = this;
    const isNew = precondition.kind === 'new';
    if (
      isNew
        ? preconditions.checksConditions(resource)
        : preconditions.isChecked(resource, precondition.version)
    )
      return false;
    attempt.lockTried = true;
    if (!isNew) {
      const { isTaken, seen } = await saveLock.tryTake(resource);
      attempt.seenLocking = seen;
      return isTaken;
    }
    if (!(await saveLock.tryTake(resource, { mayCreate: true })).isTaken) return false;
    attempt.heldWhenChecked = this.deps.leases.covering(resource);
    attempt.precondition = await preconditions.ofLockedName(resource, mode.mustBeNew);
    attempt.madeName = attempt.precondition.kind === 'replaces';
    return true;
  }

  /**
   * A check from before a pause, or from before our lock, misses what others wrote until then. It need not be
   * repeated if the server checks the version itself.
   */
  private async recheckIfStale(attempt: Attempt, leases: readonly Lease[]): Promise<boolean> {
    const { resource, precondition, mode, heldWhenChecked, seenLocking } = attempt;
    attempt.seenLocking = undefined;
    if (precondition.kind !== 'replaces' || this.preconditions.isChecked(resource, precondition.version))
      return false;
    const before = new Set(heldWhenChecked?.map(({ id }) => id));
    if (heldWhenChecked && leases.every(({ id }) => before.has(id))) return false;
    attempt.heldWhenChecked = leases;
    // The check may rest on a condition that the server then has to be sent.
    attempt.unconditional = false;
    attempt.precondition = await this.preconditions.find(attempt, mode.mayReplaceUnseen, seenLocking);
    return true;
  }

  private put(attempt: Attempt, leases: readonly Lease[]): Promise<Version> {
    const { resource, bytes, precondition, mode } = attempt;
    const isBound = precondition.kind === 'replaces' && !attempt.unconditional;
    const bound = isBound ? this.preconditions.boundTo(resource, precondition.version) : {};
    // Valid only right after a check.
    attempt.unconditional = false;
    attempt.sentIfMatch = ifMatchToSend(bound.replaces);
    const guard = { leases, ...bound, mustBeNew: precondition.kind === 'new' };
    const options = { ...(mode.onSent && { onSent: mode.onSent }), ...this.looks.begin(attempt, leases) };
    return this.deps.filesOf(resource).write(resource, bytes, guard, options);
  }

  /** Returns if another attempt makes sense; throws what to report to the user. */
  private async afterFailure(
    attempt: Attempt,
    leases: readonly Lease[],
    failure: RemoteFailure,
  ): Promise<void> {
    const uncertainty = uncertaintyAfter(failure);
    if (uncertainty === 'written') return this.uncertain.resolve(attempt, leases, failure);
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
        attempt.precondition.kind === 'replaces' ? ifMatchToSend(attempt.precondition.version) : undefined,
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
        this.saveLock.declareUnlistedLost(resource, leases);
        if (decision.as === 'locked') store.apply(refusedBy(failure, clock.now()));
        if (decision.as === 'contentChanged' && mode.mustBeNew) throw failure.as('exists');
        throw decision.as === 'asIs' ? failure : failure.as(decision.as);
      case 'pause':
        attempt.pauses += 1;
        attempt.heldWhenChecked = undefined;
        return pause(this.deps.clock, decision.ms);
      case 'awaitLock':
        tried.add('awaitLock');
        return this.deps.leases.settled(resource);
      case 'relock':
        tried.add('relock');
        this.saveLock.declareUnlistedLost(resource, leases);
        return this.saveLock.take(resource);
      case 'verify':
        tried.add('verify');
        for (const lease of leases) await this.deps.leases.verify(lease);
        if (this.deps.leases.covering(resource).length === 0) await this.saveLock.take(resource);
        return;
      case 'asNew':
        tried.add('asNew');
        attempt.precondition = { kind: 'new' };
        attempt.lockTried = false;
        return this.saveLock.endWithFile(resource);
      case 'unconditional':
        attempt.unconditional = true;
        tried.add('unconditional');
        return;
      case 'rebind':
      case 'resend':
        tried.add(decision.do);
    }
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
        () => !isLockedByOthers(store.stateOf(attempt.resource)),
        await this.looks.afterRefusal(attempt),
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

  /** `under`: our locks during the write. */
  private async landed(
    { resource, bytes: sent }: PendingWrite,
    { version, bytes = sent, isReported = false }: Written,
    under: readonly Lease[],
  ): Promise<RemoteStat> {
    const { baseVersions, blockedSaves, directory } = this.deps;
    const base = readBase({ version, bytes }, under);
    baseVersions.setShown(resource, {
      ...base,
      certain: isReported || this.preconditions.isStillHeld(resource, base.heldLocks),
    });
    this.preconditions.landed(resource);
    const shown = directory.wrote(resource, version, bytes.length);
    await blockedSaves.landed(resource, sent);
    return shown;
  }
}
