import type { Disposable } from '../../base/disposable';
import type { Answered, LockPoller } from './lockPoller';
import type { LockStore } from '../locks/lockStore';
import type { Clock } from '../model/ports';
import { pollInterval } from './pollInterval';
import type { ResourceId } from '../model/resource';

export interface Interests {
  /** Files that somebody looks at now, the one they work on first. */
  readonly files: readonly ResourceId[];
  /** Collections whose members are on the screen. */
  readonly folders: readonly ResourceId[];
}

export interface RefreshDeps {
  readonly poller: LockPoller;
  readonly store: LockStore;
  readonly clock: Clock;
  /** How old what is looked at may be. */
  readonly intervalMs: () => number;
  /** Empty when nothing is looked at: then nothing is asked. */
  readonly interests: () => Interests;
  /** Told of an error that nobody foresaw; the rhythm goes on. */
  readonly onFault: (error: unknown) => void;
}

interface Item {
  readonly kind: 'file' | 'folder';
  readonly id: ResourceId;
  due: number;
  failures: number;
  unchanged: number;
  /** Milliseconds that the last answer took. */
  tookMs: number;
  /** What the last answer said, in short. */
  said: string;
}

/** Switching tabs, coming back to the window and what the explorer does then make one run. */
const gatherMs = 100;
/** Who comes back is shown nothing older than this. */
const glanceMs = 5_000;
/** What falls due this close together, by its interval, shares its requests. */
const together = 0.25;
const shortestMs = 250;

/**
 * Asks again now and then about what is on the screen, and only about that; one run at a time, never in step with other
 * windows. Waits have a rhythm of their own; what either has asked, the other does not ask again.
 */
export class PollScheduler implements Disposable {
  private items = new Map<string, Item>();
  private timer: Disposable | undefined;
  private gathering: Disposable | undefined;
  private turnedTo: ResourceId | undefined;
  private running = false;
  private lookAgain = false;
  private ended = false;

  constructor(private readonly deps: RefreshDeps) {}

  /** Starts the rhythm, or begins it anew after the settings changed. */
  start(): void {
    this.items.clear();
    this.schedule(this.deps.intervalMs() * (0.9 + 0.2 * this.deps.clock.random()));
  }

  /**
   * Somebody looks again, or turns to `file`: asks soon about all that is on the screen and not known from just before.
   */
  look(file?: ResourceId): void {
    if (this.ended) return;
    // Whoever turns to a file sees it, even where the window is said not to be in front.
    if (file) this.turnedTo = file;
    this.gathering ??= this.deps.clock.after(gatherMs, () => {
      this.gathering = undefined;
      void this.run('look');
    });
  }

  dispose(): void {
    this.ended = true;
    this.timer?.dispose();
    this.gathering?.dispose();
    this.items.clear();
  }

  private schedule(ms: number): void {
    this.timer?.dispose();
    if (!this.ended) this.timer = this.deps.clock.after(ms, () => void this.run('rhythm'));
  }

  private async run(why: 'look' | 'rhythm'): Promise<void> {
    if (this.running) {
      this.lookAgain ||= why === 'look';
      return;
    }
    this.running = true;
    try {
      await this.ask(why);
    } catch (error) {
      this.postpone();
      this.deps.onFault(error);
    } finally {
      this.running = false;
      this.schedule(this.untilNext());
    }
    if (!this.lookAgain) return;
    this.lookAgain = false;
    this.look();
  }

  private async ask(why: 'look' | 'rhythm'): Promise<void> {
    const { poller, clock, intervalMs } = this.deps;
    const now = clock.now().mono;
    this.items = this.current(now);
    const soon = now + intervalMs() * together;
    const due = [...this.items.values()].filter((item) => item.due <= soon || why === 'look');
    const idsOf = (kind: Item['kind']) => due.filter((item) => item.kind === kind).map(({ id }) => id);
    // What came in meanwhile, by a save, a wait or somebody's click, need not be asked again.
    const fresh = why === 'look' ? Math.min(glanceMs, intervalMs() / 2) : intervalMs() / 2;
    const answers = await poller.askAll({ files: idsOf('file'), folders: idsOf('folder') }, fresh, 'patient');
    const answerTo = new Map(answers.flatMap((answer) => answer.about.map((id) => [id, answer] as const)));
    for (const item of due) {
      const answer = answerTo.get(item.id);
      if (answer) this.weigh(item, answer);
    }
  }

  /** What could not be asked about waits for its next turn, or it would be asked about without end. */
  private postpone(): void {
    const next = this.deps.clock.now().mono + this.deps.intervalMs();
    for (const item of this.items.values()) item.due = Math.max(item.due, next);
  }

  /** What is looked at now, each with its history; what is new is due. */
  private current(now: number): Map<string, Item> {
    const { files, folders } = this.deps.interests();
    const items = new Map<string, Item>();
    const keep = (kind: Item['kind'], id: ResourceId) => {
      const key = `${kind} ${id}`;
      const fresh = { kind, id, due: now, failures: 0, unchanged: 0, tookMs: 0, said: '' };
      items.set(key, this.items.get(key) ?? fresh);
    };
    if (this.turnedTo) keep('file', this.turnedTo);
    this.turnedTo = undefined;
    for (const id of files) keep('file', id);
    for (const id of folders) keep('folder', id);
    return items;
  }

  private weigh(item: Item, { failure, tookMs, members }: Answered): void {
    const { clock, store, intervalMs } = this.deps;
    const said = failure ? item.said : this.summary(item, members);
    item.failures = failure ? item.failures + 1 : 0;
    item.unchanged = said === item.said ? item.unchanged + 1 : 0;
    item.said = said;
    const { kind, failures, unchanged } = item;
    const state = kind === 'file' ? { state: store.stateOf(item.id) } : {};
    // One slow answer says nothing: a sign-in or a busy moment may have been in it.
    const slow = Math.min(tookMs, item.tookMs);
    item.tookMs = tookMs;
    const pace = { kind, intervalMs: intervalMs(), failures, unchanged, tookMs: slow, ...state };
    item.due = clock.now().mono + pollInterval(pace, clock);
  }

  /** Which members there are locks on, and how many there are: any difference is a change. */
  private summary({ kind }: Item, members: readonly ResourceId[] = []): string {
    if (kind === 'file') return '';
    const { store } = this.deps;
    const locked = members.flatMap((id) => {
      const state = store.stateOf(id);
      return state.kind === 'locked' ? `${id} ${state.locks.map((lock) => lock.id).join()}` : [];
    });
    return `${members.length} ${locked.sort().join('\n')}`;
  }

  private untilNext(): number {
    const { clock, intervalMs } = this.deps;
    const now = clock.now().mono;
    const soonest = Math.min(...[...this.items.values()].map(({ due }) => due - now));
    // New tabs and folders are noticed at the interval at the latest.
    return Math.max(shortestMs, Math.min(soonest, intervalMs() * (0.9 + 0.2 * clock.random())));
  }
}
