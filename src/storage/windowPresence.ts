import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Timer } from '../base/timer';
import type { Clock } from '../core/model/ports';
import { isRunning, type ProcessMark } from './processMark';

/** What a window wrote of itself, and when, in Unix milliseconds. */
export interface WindowSign {
  readonly mark: ProcessMark;
  readonly writtenAt: number;
}

export interface WindowPresenceDeps {
  /** Shared by all windows of this installation, which may run on several computers with one home. */
  readonly folder: string;
  readonly window: string;
  readonly self: ProcessMark;
  readonly clock: Clock;
  readonly onProblem: (error: unknown) => void;
}

/** How often a window says that it is still open. */
const signEveryMs = 5 * 60_000;
/** A window on another computer that was silent for this long has ended. */
const silentMs = 30 * 60_000;

/**
 * Tracks the open windows of this installation: each renews a small file. Whether a window has ended is shown by its
 * process where that can be seen, and by its silence on another computer. Everything that outlives a window asks here.
 */
export class WindowPresence {
  readonly window: string;
  readonly self: ProcessMark;
  private readonly timer: Timer;

  constructor(private readonly deps: WindowPresenceDeps) {
    const { folder, window, self, clock } = deps;
    this.timer = new Timer(clock);
    this.window = window;
    this.self = self;
    this.try(() => {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      for (const name of readdirSync(folder))
        if (this.isStale(name)) rmSync(join(folder, name), { force: true });
      this.renew();
    });
  }

  /** `sign`: something else that the window wrote, which shows as well that it was open. */
  isClosed(window: string, sign?: WindowSign): boolean {
    if (window === this.window) return false;
    const presence = this.presenceOf(window);
    return !(presence && this.isAlive(presence)) && !(sign && this.isAlive(sign));
  }

  /** Called when the window closes and leaves its state to the next one. */
  end(): void {
    this.timer.dispose();
    this.try(() => rmSync(join(this.deps.folder, this.window), { force: true }));
  }

  private isAlive({ mark, writtenAt }: WindowSign): boolean {
    return mark.host === this.self.host
      ? isRunning(mark, writtenAt)
      : this.deps.clock.now().wall - writtenAt < silentMs;
  }

  /** A stale file of this computer; other computers clear away their own. */
  private isStale(window: string): boolean {
    const presence = this.presenceOf(window);
    return presence?.mark.host === this.self.host && !this.isAlive(presence);
  }

  private renew(): void {
    const path = join(this.deps.folder, this.window);
    const now = new Date(this.deps.clock.now().wall);
    this.timer.set(signEveryMs, () => this.try(() => this.renew()));
    writeFileSync(path, JSON.stringify(this.self), { mode: 0o600 });
    utimesSync(path, now, now);
  }

  private presenceOf(window: string): WindowSign | undefined {
    // The name comes from a file that anybody may have written.
    if (!/^[0-9a-f]+$/.test(window)) return undefined;
    const path = join(this.deps.folder, window);
    try {
      const value = JSON.parse(readFileSync(path, 'utf8')) as Partial<ProcessMark> | null;
      if (typeof value?.host !== 'string' || typeof value.pid !== 'number') return undefined;
      return { mark: value as ProcessMark, writtenAt: statSync(path).mtimeMs };
    } catch {
      // Missing, or truncated by a crash: no window uses it.
      return undefined;
    }
  }

  private try(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.deps.onProblem(error);
    }
  }
}
