import { Owner } from '../../base/disposable';
import { Timer } from '../../base/timer';
import type { PollResult, LockPoller } from './lockPoller';
import type { LockStore } from '../locks/lockStore';
import type { Clock } from '../model/ports';
import { pollInterval } from './pollInterval';
import type { ResourceId } from '../model/resource';

export interface Interests {
  /** Visible files, the active one first. */
  readonly files: readonly ResourceId[];
  /** Collections whose members are visible. */
  readonly folders: readonly ResourceId[];
}

export interface PollSchedulerDeps {
  readonly poller: LockPoller;
  readonly store: LockStore;
  readonly clock: Clock;
  /** How old visible data may be. */
  readonly intervalMs: () => number;
  /** Empty if nothing is visible: then nothing is polled. */
  readonly interests: () => Interests;
  /** Reports an unexpected error; polling continues. */
  readonly onFault: (error: unknown) => void;
}

interface Item {
  readonly kind: 'file' | 'folder';
  readonly id: ResourceId;
  due: number;
  failures: number;
  unchanged: number;
  /** Milliseconds that the last response took. */
  tookMs: number;
  /** Summary of the last response. */
  lastSummary: string;
}

/** Tab switches, window focus and the explorer's reads within this time share one run. */
const debounceMs = 100;
/** After a tab switch or window focus, nothing older than this is shown. */
const maxAgeOnFocusMs = 5_000;
/** Items due within this fraction of the interval share requests. */
const batchWindow = 0.25;
const minDelayMs = 250;

/**
 * Polls what is visible, and only that, one run at a time and never in sync with other windows. Waits poll on
 * their own schedule; neither repeats what the other just requested.
 */
export class PollScheduler extends Owner {
  private items = new Map<string, Item>();
  private readonly timer: Timer;
  private readonly debounce: Timer;
  private openedFile: ResourceId | undefined;
  private isAllWanted = false;
  private running = false;
  private isRerunPending = false;

  constructor(private readonly deps: PollSchedulerDeps) {
    super();
    this.timer = this.owned.add(new Timer(deps.clock));
    this.debounce = this.owned.add(new Timer(deps.clock));
  }

  /** Starts polling, or restarts it after the settings changed. */
  start(): void {
    this.items.clear();
    this.schedule(this.deps.intervalMs() * (0.9 + 0.2 * this.deps.clock.random()));
  }

  /**
   * The user turned to `file`, or to the window: polls that file, or everything visible, soon, except what is fresh. A
   * tab switch says nothing about the folders in sight, which keep their rhythm.
   */
  pollSoon(file?: ResourceId): void {
    // An opened file is visible even if VS Code reports the window as inactive.
    if (file) this.openedFile = file;
    else this.isAllWanted = true;
    this.runSoon();
  }

  private runSoon(): void {
    this.debounce.setOnce(debounceMs, () => void this.run('look'));
  }

  private schedule(ms: number): void {
    this.timer.set(ms, () => void this.run('rhythm'));
  }

  private async run(why: 'look' | 'rhythm'): Promise<void> {
    if (this.running) {
      this.isRerunPending ||= why === 'look';
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
      this.schedule(this.nextDelay());
    }
    if (!this.isRerunPending) return;
    this.isRerunPending = false;
    this.runSoon();
  }

  private async ask(why: 'look' | 'rhythm'): Promise<void> {
    const { poller, clock, intervalMs } = this.deps;
    const now = clock.now().mono;
    const opened = this.openedFile;
    const isAllWanted = this.isAllWanted && why === 'look';
    if (isAllWanted) this.isAllWanted = false;
    this.items = this.visibleItems(now);
    const soon = now + intervalMs() * batchWindow;
    const isDue = ({ kind, id, due }: Item) =>
      why === 'rhythm' ? due <= soon : isAllWanted || (kind === 'file' && id === opened);
    const due = [...this.items.values()].filter(isDue);
    const idsOf = (kind: Item['kind']) => due.filter((item) => item.kind === kind).map(({ id }) => id);
    // Skip what a save, a wait or a click has just requested.
    const fresh = why === 'look' ? Math.min(maxAgeOnFocusMs, intervalMs() / 2) : intervalMs() / 2;
    const answers = await poller.askAll({ files: idsOf('file'), folders: idsOf('folder') }, fresh, 'patient');
    const answerTo = new Map(answers.flatMap((answer) => answer.about.map((id) => [id, answer] as const)));
    for (const item of due) {
      const answer = answerTo.get(item.id);
      if (answer) this.reschedule(item, answer);
    }
  }

  /** Items that could not be polled wait one interval; otherwise they would be retried endlessly. */
  private postpone(): void {
    const next = this.deps.clock.now().mono + this.deps.intervalMs();
    for (const item of this.items.values()) item.due = Math.max(item.due, next);
  }

  /** The visible items, each with its history; new items are due, but a folder not before its listing is old. */
  private visibleItems(now: number): Map<string, Item> {
    const { files, folders } = this.deps.interests();
    const items = new Map<string, Item>();
    const keep = (kind: Item['kind'], id: ResourceId) => {
      const key = `${kind} ${id}`;
      const listedAt = kind === 'folder' ? this.deps.poller.listedAt(id) : undefined;
      const due = listedAt === undefined ? now : listedAt + this.deps.intervalMs();
      const fresh = { kind, id, due, failures: 0, unchanged: 0, tookMs: 0, lastSummary: '' };
      items.set(key, this.items.get(key) ?? fresh);
    };
    if (this.openedFile) keep('file', this.openedFile);
    this.openedFile = undefined;
    for (const id of files) keep('file', id);
    for (const id of folders) keep('folder', id);
    return items;
  }

  private reschedule(item: Item, { failure, tookMs, members }: PollResult): void {
    const { clock, store, intervalMs } = this.deps;
    const lastSummary = failure ? item.lastSummary : this.summary(item, members);
    item.failures = failure ? item.failures + 1 : 0;
    item.unchanged = lastSummary === item.lastSummary ? item.unchanged + 1 : 0;
    item.lastSummary = lastSummary;
    const { kind, failures, unchanged } = item;
    const state = kind === 'file' ? { state: store.stateOf(item.id) } : {};
    // A single slow response may include a sign-in or a busy moment, so two must be slow.
    const slow = Math.min(tookMs, item.tookMs);
    item.tookMs = tookMs;
    const history = { kind, intervalMs: intervalMs(), failures, unchanged, tookMs: slow, ...state };
    item.due = clock.now().mono + pollInterval(history, clock);
  }

  /** The number of members and the locks on them: any difference is a change. */
  private summary({ kind }: Item, members: readonly ResourceId[] = []): string {
    if (kind === 'file') return '';
    const { store } = this.deps;
    const locked = members.flatMap((id) => {
      const state = store.stateOf(id);
      return state.kind === 'locked' ? `${id} ${state.locks.map((lock) => lock.id).join()}` : [];
    });
    return `${members.length} ${locked.sort().join('\n')}`;
  }

  private nextDelay(): number {
    const { clock, intervalMs } = this.deps;
    const now = clock.now().mono;
    const soonest = Math.min(...[...this.items.values()].map(({ due }) => due - now));
    // Notice new tabs and folders after one interval at most.
    return Math.max(minDelayMs, Math.min(soonest, intervalMs() * (0.9 + 0.2 * clock.random())));
  }
}
