import { Serial } from '../../base/singleFlight';
import type { BlockedSaves } from './blockedSaves';
import type { Directory, Shown } from '../polling/directory';
import { verifyExpired } from '../leases/verifyExpired';
import { isFailure, type RemoteFailure } from '../model/failure';
import { WritePreconditions, type Precondition, type PendingWrite } from './writePreconditions';
import type { Lease } from '../model/lease';
import type { Leases } from '../leases/leases';
import type { LockStore } from '../locks/lockStore';
import { withTimeout } from '../leases/withTimeout';
import type { Clock, ServerOf, WriteGuard } from '../model/ports';
import { refusedBy } from '../locks/refusedBy';
import { serverOf as serverIdOf, type ResourceId } from '../model/resource';
import { unexpected, type Attempt, type SaveMode } from './saveAttempt';
import { decideSave, uncertaintyAfter, isBarred, type SaveDecision } from './saveDecision';
import { readBase, type BaseVersions } from './baseVersions';
import { ifMatch, type Version } from '../model/version';

export interface SaverDeps {
  readonly serverOf: ServerOf;
  readonly directory: Directory;
  readonly store: LockStore;
  readonly leases: Leases;
  readonly baseVersions: BaseVersions;
  readonly blockedSaves: BlockedSaves;
  readonly clock: Clock;
}

/** How long a save waits for a LOCK that is already on its way. */
const lockPatienceMs = 2_000;

/** A server needs a moment to notice that it was cut off, and what it does to the file until then is not over. */
const clearingUpMs = 250;

/**
 * Writes a file so that nothing is lost: never over a version that the person has not seen, never reported as done
 * when it was not, and every refused text is kept. One write at a time per file.
 */
export class Saver {
  private readonly queue = new Serial<ResourceId>();
  private readonly preconditions;

  constructor(private readonly deps: SaverDeps) {
    this.preconditions = new WritePreconditions(deps);
  }

  /** Resolves when the server has the bytes. Rejects with a RemoteFailure; then the text is kept as blocked. */
  save(resource: ResourceId, bytes: Uint8Array, mode: SaveMode): Promise<Shown> {
    return this.queue.run(resource, async () => {
      const { baseVersions } = this.deps;
      // A read alone is no ground for a text that came from elsewhere, as one that outlived a restart.
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

  /** Resolves when no save of the file is under way; false where none was. */
  over(resource: ResourceId): Promise<boolean> {
    return this.queue.over(resource);
  }

  private keep({ resource, bytes, base }: PendingWrite, failure: RemoteFailure): void {
    this.deps.blockedSaves.keep({ resource, bytes, base, failure, since: this.deps.clock.now() });
  }

  private async write(writing: PendingWrite, mode: SaveMode): Promise<Shown> {
    const { resource } = writing;
    await withTimeout(this.deps.clock, lockPatienceMs, this.deps.leases.settled(resource));
    await verifyExpired(this.deps.leases, this.deps.leases.covering(resource));
    const startedAt = this.deps.clock.now().mono;
    const under = this.deps.leases.covering(resource);
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
      under,
      unbound: false,
      boundTo: undefined,
    };
    for (;;) {
      if (attempt.precondition.kind === 'alreadyThere')
        return this.landed(writing, attempt.precondition.version, {
          isTold: attempt.precondition.version.etag !== undefined,
          under: attempt.under ?? [],
        });
      const leases = this.deps.leases.covering(resource);
      if (await this.lookAgain(attempt, leases)) continue;
      try {
        const told = await this.put(attempt, leases);
        const version = await this.preconditions.afterSuccess(attempt, attempt.precondition, told);
        return this.landed(writing, version, { isTold: version === told, under: leases });
      } catch (error) {
        if (!isFailure(error)) throw error;
        await this.afterFailure(attempt, leases, error);
      }
    }
  }

  /**
   * A look from before a pause, or from before our lock, says nothing about what others wrote until then. Where the
   * server checks the version by itself it need not be taken again.
   */
  private async lookAgain(attempt: Attempt, leases: readonly Lease[]): Promise<boolean> {
    const { resource, precondition, mode, under } = attempt;
    if (precondition.kind !== 'replaces' || this.preconditions.isChecked(resource, precondition.version))
      return false;
    const before = new Set(under?.map(({ id }) => id));
    if (under && leases.every(({ id }) => before.has(id))) return false;
    attempt.under = leases;
    attempt.precondition = await this.preconditions.find(attempt, mode.mayReplaceUnseen);
    return true;
  }

  private put(attempt: Attempt, leases: readonly Lease[]): Promise<Version> {
    const { resource, bytes, precondition, mode } = attempt;
    const isBound = precondition.kind === 'replaces' && !attempt.unbound;
    const bound: Pick<WriteGuard, 'replaces'> = isBound ? { replaces: precondition.version } : {};
    // Right after a look, and only then.
    attempt.unbound = false;
    attempt.boundTo = ifMatch(bound.replaces);
    const guard = { leases, ...bound, mustBeNew: precondition.kind === 'new' };
    const options = mode.onSent ? { onSent: mode.onSent } : {};
    return this.deps.serverOf(resource).write(resource, bytes, guard, options);
  }

  /** Returns when another try makes sense; throws what the person is to be told. */
  private async afterFailure(
    attempt: Attempt,
    leases: readonly Lease[],
    failure: RemoteFailure,
  ): Promise<void> {
    const doubt = uncertaintyAfter(failure);
    if (doubt === 'written') return this.afterSilence(attempt, leases, failure);
    if (doubt === undefined) throw failure;
    const { store, clock } = this.deps;
    const { resource, boundTo } = attempt;
    const content = await this.contentNow(attempt, failure);
    if (attempt.precondition.kind === 'alreadyThere') return;
    const decision = decideSave({
      failure,
      sent: leases.map((lease) => lease.id),
      lockComing: this.deps.leases.isWanted(resource) && !this.deps.leases.of(resource),
      boundTo,
      tagNow: attempt.precondition.kind === 'replaces' ? ifMatch(attempt.precondition.version) : undefined,
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
        this.noteLosses(attempt, leases);
        if (decision.as === 'locked') store.apply(refusedBy(failure, clock.now()));
        if (decision.as === 'contentChanged' && mode.mustBeNew) throw failure.as('exists');
        throw decision.as === 'asIs' ? failure : failure.as(decision.as);
      case 'pause':
        attempt.pauses += 1;
        attempt.under = undefined;
        return this.pause(decision.ms);
      case 'awaitLock':
        tried.add('awaitLock');
        return this.deps.leases.settled(resource);
      case 'relock':
        tried.add('relock');
        this.noteLosses(attempt, leases);
        return this.lockForSave(resource);
      case 'verify':
        tried.add('verify');
        for (const lease of leases) await this.deps.leases.verify(lease);
        if (this.deps.leases.covering(resource).length === 0) await this.lockForSave(resource);
        return;
      case 'asNew':
        tried.add('asNew');
        attempt.precondition = { kind: 'new' };
        // The lock went with the file that it was on.
        return this.deps.leases.forget(resource);
      case 'unconditional':
        attempt.unbound = true;
        tried.add('unconditional');
        return;
      case 'rebind':
      case 'resend':
        tried.add(decision.do);
    }
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => void this.deps.clock.after(ms, resolve));
  }

  private async lockForSave(resource: ResourceId): Promise<void> {
    await this.deps.leases.take(resource, 'save');
  }

  /**
   * What was locked only for this save, also where it is lost by now and about to be taken again. Nobody waits for the
   * answer: the text is where it is, and the leases ask again by themselves.
   */
  private dropLock(resource: ResourceId): void {
    const { leases } = this.deps;
    if (leases.isClaimed(resource, 'save')) void Promise.allSettled([leases.drop(resource, 'save')]);
  }

  /** Asks the server what stands, and compares with what the person has seen. */
  private async contentNow(
    attempt: Attempt,
    failure: RemoteFailure,
  ): Promise<'same' | 'changed' | 'gone' | 'unknown'> {
    const { store } = this.deps;
    try {
      const precondition = await this.preconditions.again(
        attempt,
        attempt.precondition,
        () => !isBarred(store.stateOf(attempt.resource)),
      );
      if (precondition === 'gone') return attempt.precondition.kind === 'new' ? 'unknown' : 'gone';
      if (precondition === 'unseen') return 'unknown';
      attempt.precondition = precondition;
      return 'same';
    } catch (error) {
      if (!isFailure(error)) throw error;
      if (error.kind === 'contentChanged') return 'changed';
      // The look failed too: the refusal stands as the server gave it.
      throw failure;
    }
  }

  /** Locks that we submitted and that the server no longer lists are lost. */
  private noteLosses({ resource }: Attempt, leases: readonly Lease[]): void {
    const state = this.deps.store.stateOf(resource);
    const listed = state.kind === 'locked' ? state.locks : [];
    if (this.deps.store.listingSupportOf(serverIdOf(resource)) !== 'seen') return;
    for (const lease of leases) {
      if (listed.some((lock) => lock.id === lease.id)) continue;
      this.deps.leases.declareLost(lease, listed.length > 0 ? 'taken' : 'unknown');
    }
  }

  /** The connection broke while or after we wrote: only the server's content tells whether it was done. */
  private async afterSilence(
    attempt: Attempt,
    leases: readonly Lease[],
    failure: RemoteFailure,
  ): Promise<void> {
    const { resource, tried } = attempt;
    const seen = await this.lookAfterSilence(attempt, failure);
    // Once more by itself: the same bytes twice are the same file, and a half one must not stay for others to read.
    const again = failure.kind === 'interrupted' && !tried.has('resend');
    const isBroken = failure.kind === 'interrupted' || failure.kind === 'timeout';
    switch (seen.kind) {
      case 'landed':
        attempt.precondition = { kind: 'alreadyThere', version: seen.content.version };
        return;
      case 'somethingElse':
        throw failure.as('contentChanged', { maybeDone: false });
      case 'beginning':
        // What the server has said to have gone wrong is worth more than that its content is another one.
        if (!(await this.wereAlone(attempt, leases)))
          throw failure.as(isBroken ? 'contentChanged' : failure.kind, { halfWritten: 'perhaps' });
        // Nobody else could write meanwhile, so it is the person's own text: the next save may replace it.
        this.deps.baseVersions.saw(resource, readBase(seen.content, leases));
        attempt.precondition = { kind: 'replaces', version: seen.content.version };
        if (!again) throw failure.as(failure.kind, { halfWritten: 'surely' });
        break;
      case 'untouched':
        attempt.precondition = { kind: 'replaces', version: seen.content.version };
        // Silence may still be broken by a server that is only slow; a broken connection is over.
        if (!again) throw failure.as(failure.kind, { maybeDone: failure.kind === 'timeout' });
        break;
      case 'gone':
        if (attempt.precondition.kind !== 'new' || !again) throw failure;
    }
    tried.add('resend');
  }

  /** Whether a lock of ours has stood since what the write was to replace was seen, by the word of the server. */
  private async wereAlone(
    { resource, precondition, base, under }: Attempt,
    sent: readonly Lease[],
  ): Promise<boolean> {
    if (precondition.kind !== 'replaces') return false;
    // Where the server checks the version nobody has looked just before.
    const isLooked = !this.preconditions.isChecked(resource, precondition.version);
    const since = isLooked ? under?.map(({ id }) => id) : base?.under;
    const standing = sent.filter(({ id }) => since?.includes(id));
    for (const lease of standing) await this.deps.leases.verify(lease);
    return this.preconditions.stands(
      resource,
      standing.map(({ id }) => id),
    );
  }

  private async lookAfterSilence(attempt: Attempt, failure: RemoteFailure) {
    this.preconditions.unanswered(attempt);
    if (failure.facts.status === undefined) await this.pause(clearingUpMs);
    try {
      return await this.preconditions.afterNoAnswer(attempt, attempt.precondition);
    } catch (error) {
      if (!isFailure(error)) throw error;
      throw failure;
    }
  }

  /** `isTold`: the version is surely that of our bytes. `under`: the locks that they were written with. */
  private landed(
    { resource, bytes }: PendingWrite,
    version: Version,
    { isTold, under = [] }: { readonly isTold: boolean; readonly under?: readonly Lease[] },
  ): Shown {
    const { baseVersions, blockedSaves, directory } = this.deps;
    const base = readBase({ version, bytes }, under);
    baseVersions.saw(resource, {
      ...base,
      certain: isTold || this.preconditions.stands(resource, base.under),
    });
    this.preconditions.landed(resource);
    blockedSaves.landed(resource, bytes);
    return directory.wrote(resource, version, bytes.length);
  }
}
