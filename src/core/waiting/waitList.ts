import { type Disposable, Owner } from '../../base/disposable';
import { Emitter } from '../../base/emitter';
import type { BlockedSaves, EndedText } from '../saving/blockedSaves';
import type { Finding } from '../diagnosis/diagnosis';
import { isFailure, type RemoteFailure } from '../model/failure';
import type { Leases } from '../leases/leases';
import type { PollResult, LockPoller } from '../polling/lockPoller';
import type { ServerPauses } from '../polling/serverPauses';
import type { LockStore } from '../locks/lockStore';
import type { OpenDocuments } from '../leases/openDocuments';
import type { Clock } from '../model/ports';
import { serverOf, type ResourceId } from '../model/resource';
import { hasListedForeignLock, isFree, isInconclusive } from './isFree';
import { LockLooks, type LockLooksDeps } from './lockLooks';
import { WaitAttempt, type AttemptEnd } from './waitAttempt';
import { waitEntry, type WaitEntry } from './waitEntry';
import {
  endsWait,
  isHopelessPoll,
  maxDoubtfulFailures,
  outlookOf,
  prospectOf,
  type Prospect,
} from './waitPolicy';
import { pollAfter, retryPause, smoothed } from './waitInterval';
import type { Wait, WaitEnd, Waits } from './waits';

/** Explains why writes to a resource are refused. */
export interface Causes {
  /** From what is known already. */
  diagnose(resource: ResourceId): Finding;
  /** Requests the facts for it. */
  requestFacts(resource: ResourceId): Promise<void>;
}

export interface WaitDeps {
  readonly clock: Clock;
  readonly store: LockStore;
  readonly leases: Leases;
  readonly poller: LockPoller;
  readonly lockProviders: LockLooksDeps['lockProviders'];
  readonly pauses: ServerPauses;
  readonly blockedSaves: BlockedSaves;
  readonly documents: OpenDocuments;
  readonly causes: Causes;
  /** Milliseconds after which a wait gives up. */
  readonly limitMs: () => number;
  /** Maximum milliseconds between two polls, from the settings. */
  readonly intervalMs: () => number;
  /** Called with an unexpected error; the waits continue. */
  readonly onFault: (error: unknown) => void;
}

/** Polls due this close together share their requests. */
const batchMs = 500;
/** Pause after an unexpected error. */
const afterFaultMs = 60_000;

/**
 * Files whose newest text is saved as soon as their lock is free. A wait holds no connection open: it polls, takes
 * the lock and saves the document; the save itself checks the server's content.
 */
export class WaitList extends Owner implements Waits {
  private readonly entries = new Map<ResourceId, WaitEntry>();
  private readonly changed = this.owned.add(new Emitter<readonly ResourceId[]>());
  private readonly ended = this.owned.add(
    new Emitter<{ resource: ResourceId; end: WaitEnd; error?: unknown }>(),
  );
  private readonly saving: WaitAttempt;
  private readonly looks: LockLooks;
  private timer: Disposable | undefined;

  readonly onDidChange = this.changed.event;
  readonly onDidEnd = this.ended.event;

  constructor(private readonly deps: WaitDeps) {
    super();
    this.saving = new WaitAttempt(deps);
    this.looks = new LockLooks({ ...deps, isWanted: (resource) => this.entries.has(resource) });
    this.owned.add(
      deps.store.onDidChange((ids) => {
        for (const id of ids) this.stateChanged(id);
      }),
    );
    this.owned.add(deps.blockedSaves.onDidEnd((ended) => this.textEnded(ended)));
  }

  all(): readonly Wait[] {
    return [...this.entries.values()].map((entry) => entry.wait).reverse();
  }

  of(resource: ResourceId): Wait | undefined {
    return this.entries.get(resource)?.wait;
  }

  /** Starts the wait, or restarts it after the user resolved a conflict. The first poll is immediate. */
  arm(resource: ResourceId, limitMs = this.deps.limitMs()): void {
    const since = this.deps.clock.now();
    const until = since.mono + limitMs;
    this.entries.delete(resource);
    this.entries.set(resource, waitEntry(resource, { since, until }, this.prospect(resource, 0)));
    this.changed.fire([resource]);
    this.schedule();
  }

  stop(resource: ResourceId): void {
    this.finish(resource, 'stopped');
  }

  override dispose(): void {
    this.timer?.dispose();
    super.dispose();
    this.entries.clear();
  }

  /** One timer for all waits. */
  private schedule(): void {
    this.timer?.dispose();
    this.timer = undefined;
    const dueTimes = [...this.entries.values()].flatMap((entry) =>
      entry.wait.phase === 'waiting' ? [Math.min(entry.due, entry.wait.until)] : [],
    );
    if (dueTimes.length === 0) return;
    const ms = Math.max(0, Math.min(...dueTimes) - this.deps.clock.now().mono);
    this.timer = this.deps.clock.after(ms, () => void this.poll());
  }

  private async poll(): Promise<void> {
    const { clock } = this.deps;
    const now = clock.now().mono;
    const waiting = [...this.entries.values()].filter((entry) => entry.wait.phase === 'waiting');
    for (const { wait, failure } of waiting)
      if (wait.until <= now) this.finish(wait.resource, 'gaveUp', failure);
    const due = waiting.filter((entry) => entry.wait.until > now && entry.due <= now + batchMs);
    // Not due again while the response is pending.
    for (const entry of due) entry.due = Infinity;
    this.schedule();
    let answerTo = new Map<ResourceId, PollResult>();
    try {
      const answers = await this.looks.ask(due);
      answerTo = new Map(answers.flatMap((answer) => answer.about.map((id) => [id, answer])));
    } catch (error) {
      this.deps.onFault(error);
    }
    for (const entry of due)
      await this.faultless(entry, () => this.applyAnswer(entry, answerTo.get(entry.wait.resource)));
    this.schedule();
  }

  /** Any listing that shows a free lock starts the attempt, without another poll. */
  private stateChanged(resource: ResourceId): void {
    const entry = this.entries.get(resource);
    if (entry?.wait.phase !== 'waiting' || !isFree(this.deps.store.stateOf(resource))) return;
    if (this.mayAttempt(entry)) return this.startAttempt(entry);
    entry.due = Math.min(entry.due, entry.noAttemptBefore);
    this.schedule();
  }

  /** Only the document's own text on the server proves a save; a document may be clean because it was reverted. */
  private textEnded(ended: EndedText): void {
    const { resource, how } = ended;
    const entry = this.entries.get(resource);
    if (!entry || (how === 'landed' && !ended.isNewest)) return;
    if (how === 'closed') return this.finish(resource, 'closed');
    const isSaving = entry.wait.phase === 'saving';
    if (how === 'landed') entry.hasLanded = true;
    // The current attempt ends the wait once the document is clean as well.
    if (isSaving && entry.hasLanded) return;
    this.finish(resource, how === 'landed' ? 'saved' : 'stopped');
  }

  private applyAnswer(entry: WaitEntry, answer: PollResult | undefined): void {
    if (!this.isCurrent(entry) || entry.wait.phase !== 'waiting') return;
    const { failure } = answer ?? {};
    if (answer && !answer.skipped) entry.answerMs = smoothed(entry.answerMs, answer.tookMs);
    // The result of another request says nothing about this file.
    if (answer && !answer.skipped && this.isHopelessAfter(entry, failure))
      return this.finish(entry.wait.resource, 'failed', failure);
    const { looks } = entry.hopelessPolls;
    const state = this.deps.store.stateOf(entry.wait.resource);
    // Where the server shows nothing, only taking the lock can tell.
    const mayBeFree = isFree(state) || (!failure && isInconclusive(state));
    if (looks === 0 && mayBeFree && this.mayAttempt(entry)) return this.startAttempt(entry);
    entry.failure = failure ?? (hasListedForeignLock(state) ? undefined : entry.failure);
    entry.failures = !answer || state.kind === 'unknown' || looks > 0 ? entry.failures + 1 : 0;
    this.updateProspect(entry);
    this.reschedule(entry);
  }

  /** Counts the poll; returns whether enough of them have failed. */
  private isHopelessAfter(entry: WaitEntry, failure: RemoteFailure | undefined): boolean {
    const now = this.deps.clock.now().mono;
    const looks = failure && isHopelessPoll(failure) ? entry.hopelessPolls.looks + 1 : 0;
    entry.hopelessPolls = { looks, since: looks > 1 ? entry.hopelessPolls.since : now };
    return endsWait(looks, now - entry.hopelessPolls.since);
  }

  /** Estimates from what is known now how long the lock will last. */
  private updateProspect(entry: WaitEntry): void {
    const { resource, since } = entry.wait;
    const { pace, trouble } = this.prospect(resource, this.deps.clock.now().mono - since.mono);
    entry.pace = pace;
    if (trouble === entry.wait.trouble) return;
    entry.wait = { ...entry.wait, trouble };
    this.changed.fire([resource]);
  }

  private prospect(resource: ResourceId, waitedMs: number): Prospect {
    return prospectOf(this.deps.causes.diagnose(resource), waitedMs);
  }

  private reschedule(entry: WaitEntry): void {
    const { clock } = this.deps;
    entry.due = Math.max(entry.noAttemptBefore, clock.now().mono + this.pauseOf(entry));
    this.schedule();
  }

  private pauseOf(entry: WaitEntry): number {
    const { clock, store, intervalMs } = this.deps;
    const { wait, failures, pace, answerMs } = entry;
    const waitedMs = clock.now().mono - wait.since.mono;
    const state = store.stateOf(wait.resource);
    return pollAfter({ state, answerMs, waitedMs, failures, limitMs: intervalMs(), pace }, clock);
  }

  private startAttempt(entry: WaitEntry): void {
    if (entry.wait.phase !== 'waiting') return;
    entry.hasLanded = false;
    entry.hopelessPolls = { ...entry.hopelessPolls, looks: 0 };
    this.setPhase(entry, 'saving');
    void this.attempt(entry);
  }

  /** Never rejects: every path ends the wait or sets its next poll. */
  private async attempt(entry: WaitEntry): Promise<void> {
    const { resource } = entry.wait;
    await this.faultless(entry, () => this.attemptNow(entry));
    // If the wait was restarted and is saving, that attempt needs the lock and releases it.
    if (this.isCurrent(entry) || this.of(resource)?.phase !== 'saving')
      await this.faultless(entry, () => this.saving.releaseLock(resource));
  }

  private async attemptNow(entry: WaitEntry): Promise<void> {
    const isWanted = () => this.isCurrent(entry) && this.deps.clock.now().mono < entry.wait.until;
    try {
      const end = await this.saving.run(entry.wait.resource, isWanted);
      if (this.isCurrent(entry)) this.applyEnd(entry, end);
    } catch (error) {
      if (this.isCurrent(entry)) await this.afterFailure(entry, error);
    }
  }

  private applyEnd(entry: WaitEntry, end: AttemptEnd): void {
    if (end === 'conflict') return this.setPhase(entry, 'conflict');
    const clean = entry.hasLanded ? 'saved' : 'stopped';
    const ends = { clean, unsent: 'stopped', closed: 'closed', unwanted: 'gaveUp' } as const;
    this.finish(entry.wait.resource, ends[end]);
  }

  /** Reports an unexpected error; the wait goes on after a while. */
  private async faultless(entry: WaitEntry, run: () => void | Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      if (this.isCurrent(entry) && (entry.wait.phase === 'saving' || entry.due === Infinity)) {
        entry.noAttemptBefore = entry.due = this.deps.clock.now().mono + afterFaultMs;
        entry.wait = { ...entry.wait, phase: 'waiting' };
        this.schedule();
      }
      this.deps.onFault(error);
      this.changed.fire([entry.wait.resource]);
    }
  }

  private async afterFailure(entry: WaitEntry, error: unknown): Promise<void> {
    const { causes, clock, store } = this.deps;
    const { resource } = entry.wait;
    if (!isFailure(error)) return this.finish(resource, 'failed', error);
    const outlook = outlookOf(error, causes.diagnose(resource), store.stateOf(resource));
    entry.doubtfulFailures = outlook === 'doubtful' ? entry.doubtfulFailures + 1 : 0;
    if (outlook === 'hopeless' || entry.doubtfulFailures >= maxDoubtfulFailures)
      return this.finish(resource, 'failed', error);
    // No holder is listed: permissions from the server help to judge the next attempt.
    if (error.kind === 'locked' && !hasListedForeignLock(store.stateOf(resource)) && !entry.factsRequested) {
      entry.factsRequested = true;
      await causes.requestFacts(resource);
      if (!this.isCurrent(entry)) return;
    }
    entry.failure = error;
    entry.failedAttempts += 1;
    // Where nothing is listed, a refused attempt is an answer like any other, and tried again at the usual pace.
    const isAnswer = error.kind === 'locked' && store.listingSupportOf(serverOf(resource)) !== 'seen';
    entry.failures = isAnswer ? 0 : entry.failures + 1;
    this.updateProspect(entry);
    if (outlook === 'doubtful' && entry.pace === 'usual') entry.pace = 'growing';
    const isUsual = isAnswer && entry.pace === 'usual';
    const pause = isUsual ? this.pauseOf(entry) : retryPause(entry.failedAttempts, entry.pace);
    this.deps.pauses.note(error);
    entry.noAttemptBefore = clock.now().mono + Math.max(this.deps.pauses.leftOf(resource), pause);
    this.setPhase(entry, 'waiting');
    this.reschedule(entry);
  }

  private mayAttempt(entry: WaitEntry): boolean {
    return this.deps.clock.now().mono >= entry.noAttemptBefore;
  }

  private isCurrent(entry: WaitEntry): boolean {
    return this.entries.get(entry.wait.resource) === entry;
  }

  private setPhase(entry: WaitEntry, phase: Wait['phase']): void {
    entry.wait = { ...entry.wait, phase };
    this.changed.fire([entry.wait.resource]);
  }

  private finish(resource: ResourceId, end: WaitEnd, error?: unknown): void {
    if (!this.entries.delete(resource)) return;
    this.changed.fire([resource]);
    this.ended.fire(error === undefined ? { resource, end } : { resource, end, error });
    this.schedule();
  }
}
