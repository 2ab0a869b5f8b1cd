import type { Disposable } from '../base/disposable';
import { Emitter } from '../base/emitter';
import type { BlockedSaves, TextEnd } from './blockedSaves';
import { isFailure } from './failure';
import type { Leases } from './leases';
import type { LockAsker } from './lockAsker';
import type { LockState } from './lock';
import type { LockStore } from './lockStore';
import type { OpenDocuments } from './openDocuments';
import type { Clock } from './ports';
import type { ResourceId } from './resource';
import { pollAfter } from './waitTiming';
import type { Wait, WaitEnd, Waits } from './waiting';

export interface WaitDeps {
  readonly clock: Clock;
  readonly store: LockStore;
  readonly leases: Leases;
  readonly asker: LockAsker;
  readonly blocked: BlockedSaves;
  readonly documents: OpenDocuments;
  /** Milliseconds after which a wait gives up. */
  readonly limitMs: () => number;
  /** Milliseconds between two looks at most, from the settings. */
  readonly intervalMs: () => number;
  /** Told of an error that nobody foresaw; the waits go on. */
  readonly onFault: (error: unknown) => void;
}

interface Entry {
  wait: Wait;
  /** Next look, monotonic. */
  due: number;
  /** Answers in a row that said nothing, or refused. */
  failures: number;
  /** Tries that failed, in all. */
  tries: number;
  /** No new try before this, monotonic: after one that failed, good news alone is no reason to hurry. */
  calmUntil: number;
  /** The save under way has reached the server. */
  landed: boolean;
}

const ends = { landed: 'saved', reverted: 'stopped', closed: 'closed' } as const;

/** Looks that fall due this close to each other share their requests. */
const togetherMs = 500;
/** After a try that failed the next waits this long, then twice as long, and so on. */
const calmMs = 1_000;
/** However long a server asks to be left alone. */
const longestCalmMs = 15 * 60_000;

/**
 * Files whose newest text is to be saved as soon as their lock is free. A wait holds nothing open: it looks now and
 * then, takes the lock, and lets the document save itself; the save does its own check of the server's content.
 */
export class WaitList implements Waits {
  private readonly entries = new Map<ResourceId, Entry>();
  private readonly changed = new Emitter<readonly ResourceId[]>();
  private readonly ended = new Emitter<{ resource: ResourceId; end: WaitEnd; error?: unknown }>();
  private readonly subscriptions: Disposable[];
  private timer: Disposable | undefined;

  readonly onDidChange = this.changed.event;
  readonly onDidEnd = this.ended.event;

  constructor(private readonly deps: WaitDeps) {
    this.subscriptions = [
      deps.store.onDidChange((ids) => {
        for (const id of ids) this.consider(id);
      }),
      deps.blocked.onDidEnd(({ resource, how }) => this.textEnded(resource, how)),
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
    const wait: Wait = { resource, since, until: since.mono + limitMs, phase: 'waiting' };
    this.entries.delete(resource);
    this.entries.set(resource, {
      wait,
      due: since.mono,
      failures: 0,
      tries: 0,
      calmUntil: since.mono,
      landed: false,
    });
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
    const { clock, asker } = this.deps;
    const now = clock.now().mono;
    const waiting = [...this.entries.values()].filter((entry) => entry.wait.phase === 'waiting');
    for (const { wait } of waiting) if (wait.until <= now) this.finish(wait.resource, 'gaveUp');
    const due = waiting.filter((entry) => entry.wait.until > now && entry.due <= now + togetherMs);
    // Not due again while the answer is on its way.
    for (const entry of due) entry.due = Infinity;
    this.plan();
    try {
      await asker.ask(
        due.map((entry) => entry.wait.resource),
        0,
        'patient',
      );
    } catch (error) {
      this.deps.onFault(error);
    } finally {
      for (const entry of due) this.weigh(entry);
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

  private weigh(entry: Entry): void {
    if (this.entries.get(entry.wait.resource) !== entry || entry.wait.phase !== 'waiting') return;
    const state = this.deps.store.stateOf(entry.wait.resource);
    const silent = state.kind === 'unknown' && (state.why === 'notListed' || state.why === 'noLocks');
    // Where the server lists nothing, only taking the lock can tell.
    if ((isFree(state) || silent) && this.isCalm(entry)) return this.attemptSoon(entry);
    entry.failures = state.kind === 'unknown' ? entry.failures + 1 : 0;
    this.again(entry, state);
  }

  private again(entry: Entry, state: LockState): void {
    const { clock, intervalMs } = this.deps;
    const waitedMs = clock.now().mono - entry.wait.since.mono;
    const pause = pollAfter({ state, waitedMs, failures: entry.failures, limitMs: intervalMs() }, clock);
    entry.due = Math.max(entry.calmUntil, clock.now().mono + pause);
    this.plan();
  }

  private attemptSoon(entry: Entry): void {
    if (entry.wait.phase !== 'waiting') return;
    entry.landed = false;
    this.enter(entry, 'saving');
    void this.attempt(entry);
  }

  /** Takes the lock and saves. Never rejects: what failed decides where the wait goes on. */
  private async attempt(entry: Entry): Promise<void> {
    const { documents, blocked, store } = this.deps;
    const { resource } = entry.wait;
    try {
      await this.takeLock(resource);
      if (!this.isCurrent(entry)) return;
      if (!documents.isOpen(resource)) return this.finish(resource, 'closed');
      const before = blocked.of(resource);
      const saved = !documents.isDirty(resource) || (await documents.save(resource));
      if (!this.isCurrent(entry)) return;
      if (saved) return this.finish(resource, entry.landed ? 'saved' : 'stopped');
      const refused = blocked.of(resource);
      // Refused before it came to us: the editor itself has seen that the content changed.
      if (refused === before || refused?.failure.kind === 'contentChanged')
        return this.enter(entry, 'conflict');
      throw refused?.failure ?? new Error('The document could not be saved.');
    } catch (error) {
      if (!this.isCurrent(entry)) return;
      if (!isFailure(error)) return this.finish(resource, 'failed', error);
      const { clock } = this.deps;
      const asked = Math.min(longestCalmMs, error.facts.retryAfterMs ?? 0);
      entry.calmUntil = clock.now().mono + Math.max(asked, calmMs * 2 ** Math.min(entry.tries, 5));
      entry.tries += 1;
      entry.failures += 1;
      this.enter(entry, 'waiting');
      this.again(entry, store.stateOf(resource));
    } finally {
      // Armed anew meanwhile and saving: then the lock is wanted still, and let go by that attempt.
      if (this.isCurrent(entry) || this.of(resource)?.phase !== 'saving') await this.dropLock(resource);
    }
  }

  private async dropLock(resource: ResourceId): Promise<void> {
    try {
      await this.deps.leases.drop(resource, 'wait');
    } catch (error) {
      // The lease stays held and in view; the leases try again to let it go.
      if (!isFailure(error)) throw error;
    }
  }

  private async takeLock(resource: ResourceId): Promise<void> {
    try {
      await this.deps.leases.take(resource, 'wait');
    } catch (error) {
      // A server without locks has nothing to take; the save itself will tell.
      if (!isFailure(error, 'unsupported')) throw error;
    }
  }

  private isCalm(entry: Entry): boolean {
    return this.deps.clock.now().mono >= entry.calmUntil;
  }

  private isCurrent(entry: Entry): boolean {
    return this.entries.get(entry.wait.resource) === entry;
  }

  private enter(entry: Entry, phase: Wait['phase']): void {
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
