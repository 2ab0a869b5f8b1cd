import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isRunning, markOf, type ProcessMark } from './processMark';

/**
 * Which windows of this installation are there: each has a small file for as long as it lives, and a file whose process
 * is gone stands for nobody. What a process on another computer does cannot be seen: its window counts as gone.
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
        if (this.isOver(name)) rmSync(join(folder, name), { force: true });
      writeFileSync(join(folder, window), JSON.stringify(markOf(process.pid)), { mode: 0o600 });
    });
  }

  isGone(window: string): boolean {
    if (window === this.window) return false;
    const sheet = this.sheetOf(window);
    return sheet?.mark.host !== hostname() || !isRunning(sheet.mark, sheet.writtenAt);
  }

  /** The window ends, and leaves what it kept to the next. */
  end(): void {
    this.try(() => rmSync(join(this.folder, this.window), { force: true }));
  }

  /** A file of this computer that stands for nobody; those of others are theirs to clear away. */
  private isOver(window: string): boolean {
    const sheet = this.sheetOf(window);
    return sheet?.mark.host === hostname() && !isRunning(sheet.mark, sheet.writtenAt);
  }

  private sheetOf(window: string): { readonly mark: ProcessMark; readonly writtenAt: number } | undefined {
    // Names come from files that anybody may have written.
    if (!/^[0-9a-f]+$/.test(window)) return undefined;
    const path = join(this.folder, window);
    try {
      const value = JSON.parse(readFileSync(path, 'utf8')) as Partial<ProcessMark> | null;
      if (typeof value?.host !== 'string' || typeof value.pid !== 'number') return undefined;
      return { mark: value as ProcessMark, writtenAt: statSync(path).mtimeMs };
    } catch {
      // Missing, or cut off by a crash: nobody stands behind it.
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
