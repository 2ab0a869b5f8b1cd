import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isRunning, markOf, type ProcessMark } from './processMark';

/**
 * Tracks the open windows of this installation. Each has a small file, which is stale once its process has ended. A
 * process on another computer cannot be checked, so its window counts as closed.
 */
export class WindowPresence {
  constructor(
    private readonly folder: string,
    readonly window: string,
    private readonly onProblem: (error: unknown) => void,
  ) {
    this.try(() => {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      for (const name of readdirSync(folder))
        if (this.isStale(name)) rmSync(join(folder, name), { force: true });
      writeFileSync(join(folder, window), JSON.stringify(markOf(process.pid)), { mode: 0o600 });
    });
  }

  isClosed(window: string): boolean {
    if (window === this.window) return false;
    const presence = this.presenceOf(window);
    return presence?.mark.host !== hostname() || !isRunning(presence.mark, presence.writtenAt);
  }

  /** Called when the window closes and leaves its state to the next one. */
  end(): void {
    this.try(() => rmSync(join(this.folder, this.window), { force: true }));
  }

  /** A stale file of this computer; other computers clear away their own. */
  private isStale(window: string): boolean {
    const presence = this.presenceOf(window);
    return presence?.mark.host === hostname() && !isRunning(presence.mark, presence.writtenAt);
  }

  private presenceOf(window: string): { readonly mark: ProcessMark; readonly writtenAt: number } | undefined {
    // The name comes from a file that anybody may have written.
    if (!/^[0-9a-f]+$/.test(window)) return undefined;
    const path = join(this.folder, window);
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
      this.onProblem(error);
    }
  }
}
