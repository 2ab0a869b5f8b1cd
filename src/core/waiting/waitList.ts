import type { Disposable } from '../../base/disposable';
import { Emitter } from '../../base/emitter';
import type { BlockedSaves, TextEnd } from '../saving/blockedSaves';
import type { Finding } from '../diagnosis/diagnosis';
import { isFailure, type RemoteFailure } from '../model/failure';
import type { Leases } from '../leases/leases';
import type { Answered, LockPoller } from '../polling/lockPoller';
import type { LockState, UnknownWhy } from '../model/lock';
import type { LockStore } from '../locks/lockStore';
import type { OpenDocuments } from '../leases/openDocuments';
import type { Clock } from '../model/ports';
import type { ResourceId } from '../model/resource';
import { WaitedSave } from './waitedSave';
import { waitEntry, type WaitEntry } from './waitEntry';
import {
  endsWait,
  isHopelessLook,
  isListed,
  mostDoubts,
  outlookOf,
  prospectOf,
  type Prospect,
} from './waitPolicy';
import { calmAfter, pollAfter } from './waitInterval';
import type { Wait, WaitEnd, Waits } from './waits';

/** Why writes to a resource are refused. */
export interface Causes {
  /** As far as is known. */
  diagnose(resource: ResourceId): Finding;
  /** Asks what that rests on. */
  inquire(resource: ResourceId): Promise<void>;
}

export interface WaitDeps {
  readonly clock: Clock;
  readonly store: LockStore;
  readonly leases: Leases;
  readonly poller: LockPoller;
  readonly blockedSaves: BlockedSaves;
  readonly documents: OpenDocuments;
  readonly causes: Causes;
  /** Milliseconds after which a wait gives up. */
  readonly limitMs: () => number;
  /** Milliseconds between two looks at most, from the settings. */
  readonly intervalMs: () => number;
  /** Told of an error that nobody foresaw; the waits go on. */
  readonly onFault: (error: unknown) => void;
}

const ends = { landed: 'saved', reverted: 'stopped', closed: 'closed' } as const;

/** What a look may end in that does not tell whether the file is locked. */
const silences = new Set<UnknownWhy>(['notAsked', 'notListed', 'hidden', 'noLocks']);

/** Looks that fall due this close to each other share their requests. */
const togetherMs = 500;
/** However long a server asks to be left alone. */
const longestCalmMs = 15 * 60_000;

/**
 * Files whose newest text is to be saved as soon as their lock is free. A wait holds nothing open: it looks now and
 * then, takes the lock, and lets the document save itself; the save does its own check of the server's content.
 */
export class WaitList implements Waits {
  private readonly entries = new Map<ResourceId, WaitEntry>();
  private readonly changed = new Emitter<readonly ResourceId[]>();
  private readonly ended = new Emitter<{ resource: ResourceId; end: WaitEnd; error?: unknown }>();
  private readonly subscriptions: Disposable[];
  private readonly saving: WaitedSave;
  private timer: Disposable | undefined;

  readonly onDidChange = this.changed.event;
  readonly onDidEnd = this.ended.event;

  constructor(private readonly deps: WaitDeps) {
    this.saving = new WaitedSave(deps);
    this.subscriptions = [
      deps.store.onDidChange((ids) => {
        for (const id of ids) this.consider(id);
      }),
      deps.blockedSaves.onDidEnd(({ resource, how }) => this.textEnded(resource, how)),
    ];
  }

  all(): readonly Wait[] {
    return [...this.entries.values()].map((entry) => entry.wait).reverse();
  }

  of(resource: ResourceId): Wait | undefined {
    return this.entries.get(resource)?.wait;
  }

  /** Arms the wait, or arms it anew where the person has decided a conflict. The first look is at once. */
  arm(resource: ResourceId, limitMs = this.deps.limitMs()): void {
    const since = this.deps.clock.now();
    const until = since.mono + limitMs;
    this.entries.delete(resource);
    this.entries.set(resource, waitEntry(resource, { since, until }, this.prospect(resource, 0)));
    this.changed.fire([resource]);
    this.plan();
  }

  stop(resource: ResourceId): void {
    this.finish(resource, 'stopped');
  }

  dispose(): void {
    this.timer?.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
    this.entries.clear();
    this.changed.dispose();
    this.ended.dispose();
  }

  /** One timer for all waits. */
  private plan(): void {
    this.timer?.dispose();
    this.timer = undefined;
    const dues = [...this.entries.values()].flatMap((entry) =>
      entry.wait.phase === 'waiting' ? [Math.min(entry.due, entry.wait.until)] : [],
    );
    if (dues.length === 0) return;
    const ms = Math.max(0, Math.min(...dues) - this.deps.clock.now().mono);
    this.timer = this.deps.clock.after(ms, () => void this.look());
  }

  private async look(): Promise<void> {
    const { clock, poller } = this.deps;
    const now = clock.now().mono;
    const waiting = [...this.entries.values()].filter((entry) => entry.wait.phase === 'waiting');
    for (const { wait, failure } of waiting)
      if (wait.until <= now) this.finish(wait.resource, 'gaveUp', failure);
    const due = waiting.filter((entry) => entry.wait.until > now && entry.due <= now + togetherMs);
    // Not due again while the answer is on its way.
    for (const entry of due) entry.due = Infinity;
    this.plan();
    let answerTo = new Map<ResourceId, Answered>();
    try {
      const files = due.map((entry) => entry.wait.resource);
      const answers = await poller.askAll({ files }, 0, 'patient');
      answerTo = new Map(answers.flatMap((answer) => answer.about.map((id) => [id, answer])));
    } catch (error) {
      this.deps.onFault(error);
    } finally {
      for (const entry of due) this.weigh(entry, answerTo.get(entry.wait.resource));
      this.plan();
    }
  }

  /** News from anywhere: who waits need not look again. */
  private consider(resource: ResourceId): void {
    const entry = this.entries.get(resource);
    if (entry?.wait.phase !== 'waiting' || !isFree(this.deps.store.stateOf(resource))) return;
    if (this.isCalm(entry)) return this.attemptSoon(entry);
    entry.due = Math.min(entry.due, entry.calmUntil);
    this.plan();
  }

  /** Only the server's word makes a save; a document may be clean because its changes were thrown away. */
  private textEnded(resource: ResourceId, how: TextEnd['how']): void {
    const entry = this.entries.get(resource);
    if (entry?.wait.phase !== 'saving' || how === 'closed') return this.finish(resource, ends[how]);
    // The attempt under way ends it, when the document has noticed as well.
    if (how === 'landed') entry.landed = true;
    else if (!entry.landed) this.finish(resource, 'stopped');
  }

  private weigh(entry: WaitEntry, answer: Answered | undefined): void {
    if (!this.isCurrent(entry) || entry.wait.phase !== 'waiting') return;
    const { failure } = answer ?? {};
    // What became of another question says nothing of this file.
    if (answer && !answer.unasked && this.isHopeless(entry, failure))
      return this.finish(entry.wait.resource, 'failed', failure);
    const { looks } = entry.hopeless;
    const state = this.deps.store.stateOf(entry.wait.resource);
    // Where the server shows nothing, only taking the lock can tell.
    const silent = state.kind === 'unknown' && silences.has(state.why);
    if (looks === 0 && (isFree(state) || silent) && this.isCalm(entry)) return this.attemptSoon(entry);
    entry.failure = failure ?? (isListed(state) ? undefined : entry.failure);
    entry.failures = state.kind === 'unknown' || looks > 0 ? entry.failures + 1 : 0;
    this.judge(entry);
    this.again(entry);
  }

  /** Counts the look, and tells whether there were enough that failed. */
  private isHopeless(entry: WaitEntry, failure: RemoteFailure | undefined): boolean {
    const now = this.deps.clock.now().mono;
    const looks = failure && isHopelessLook(failure) ? entry.hopeless.looks + 1 : 0;
    entry.hopeless = { looks, since: looks > 1 ? entry.hopeless.since : now };
    return endsWait(looks, now - entry.hopeless.since);
  }

  /** How long it will last, by what is known now. */
  private judge(entry: WaitEntry): void {
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

  private again(entry: WaitEntry): void {
    const { clock, store, intervalMs } = this.deps;
    const { wait, failures, pace } = entry;
    const waitedMs = clock.now().mono - wait.since.mono;
    const state = store.stateOf(wait.resource);
    const pause = pollAfter({ state, waitedMs, failures, limitMs: intervalMs(), pace }, clock);
    entry.due = Math.max(entry.calmUntil, clock.now().mono + pause);
    this.plan();
  }

  private attemptSoon(entry: WaitEntry): void {
    if (entry.wait.phase !== 'waiting') return;
    entry.landed = false;
    entry.hopeless = { ...entry.hopeless, looks: 0 };
    this.enter(entry, 'saving');
    void this.attempt(entry);
  }

  /** Never rejects: what failed decides whether and when the wait goes on. */
  private async attempt(entry: WaitEntry): Promise<void> {
    const { resource } = entry.wait;
    try {
      const end = await this.saving.run(resource, () => this.isCurrent(entry));
      if (!this.isCurrent(entry)) return;
      if (end === 'conflict') this.enter(entry, 'conflict');
      else this.finish(resource, end === 'closed' ? 'closed' : entry.landed ? 'saved' : 'stopped');
    } catch (error) {
      if (this.isCurrent(entry)) await this.afterFailure(entry, error);
    } finally {
      // Armed anew meanwhile and saving: then the lock is wanted still, and let go by that attempt.
      if (this.isCurrent(entry) || this.of(resource)?.phase !== 'saving') await this.saving.letGo(resource);
    }
  }

  private async afterFailure(entry: WaitEntry, error: unknown): Promise<void> {
    const { causes, clock, store } = this.deps;
    const { resource } = entry.wait;
    if (!isFailure(error)) return this.finish(resource, 'failed', error);
    const outlook = outlookOf(error, causes.diagnose(resource), store.stateOf(resource));
    entry.doubts = outlook === 'doubtful' ? entry.doubts + 1 : 0;
    if (outlook === 'hopeless' || entry.doubts >= mostDoubts) return this.finish(resource, 'failed', error);
    // Nobody is seen to hold it: the next try is weighed with all that the server says of rights.
    if (error.kind === 'locked' && !isListed(store.stateOf(resource)) && !entry.inquired) {
      entry.inquired = true;
      await causes.inquire(resource);
      if (!this.isCurrent(entry)) return;
    }
    entry.failure = error;
    entry.tries += 1;
    entry.failures += 1;
    this.judge(entry);
    if (outlook === 'doubtful' && entry.pace === 'usual') entry.pace = 'growing';
    const asked = Math.min(longestCalmMs, error.facts.retryAfterMs ?? 0);
    entry.calmUntil = clock.now().mono + Math.max(asked, calmAfter(entry.tries, entry.pace));
    this.enter(entry, 'waiting');
    this.again(entry);
  }

  private isCalm(entry: WaitEntry): boolean {
    return this.deps.clock.now().mono >= entry.calmUntil;
  }

  private isCurrent(entry: WaitEntry): boolean {
    return this.entries.get(entry.wait.resource) === entry;
  }

  private enter(entry: WaitEntry, phase: Wait['phase']): void {
    entry.wait = { ...entry.wait, phase };
    this.changed.fire([entry.wait.resource]);
  }

  private finish(resource: ResourceId, end: WaitEnd, error?: unknown): void {
    if (!this.entries.delete(resource)) return;
    this.changed.fire([resource]);
    this.ended.fire(error === undefined ? { resource, end } : { resource, end, error });
    this.plan();
  }
}

function isFree(state: LockState): boolean {
  return (
    state.kind === 'unlocked' ||
    (state.kind === 'locked' && state.locks.some((lock) => lock.holder.self === 'thisWindow'))
  );
}
