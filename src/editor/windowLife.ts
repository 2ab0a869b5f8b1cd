import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** A process, told from a later one that was given its number. */
interface Mark {
  readonly host: string;
  readonly pid: number;
  /** When it began, in the system's own count; absent where the system does not tell. */
  readonly started?: string;
}

/**
 * Which windows of this installation are there: each has a small file for as long as it lives, and a file whose process
 * is gone stands for nobody. What a process on another computer does cannot be seen: its window counts as gone.
 */
export class WindowLife {
  constructor(
    private readonly folder: string,
    readonly window: string,
    private readonly onProblem: (error: unknown) => void,
  ) {
    this.try(() => {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      for (const name of readdirSync(folder))
        if (this.isOver(name)) rmSync(join(folder, name), { force: true });
      const mark: Mark = { host: hostname(), pid: process.pid, ...startOf(process.pid) };
      writeFileSync(join(folder, window), JSON.stringify(mark), { mode: 0o600 });
    });
  }

  isGone(window: string): boolean {
    if (window === this.window) return false;
    const mark = this.markOf(window);
    return mark?.host !== hostname() || !isRunning(mark);
  }

  /** The window ends, and leaves what it kept to the next. */
  end(): void {
    this.try(() => rmSync(join(this.folder, this.window), { force: true }));
  }

  /** A file of this computer that stands for nobody; those of others are theirs to clear away. */
  private isOver(window: string): boolean {
    const mark = this.markOf(window);
    return mark?.host === hostname() && !isRunning(mark);
  }

  private markOf(window: string): Mark | undefined {
    // Names come from files that anybody may have written.
    if (!/^[0-9a-f]+$/.test(window)) return undefined;
    try {
      const value = JSON.parse(readFileSync(join(this.folder, window), 'utf8')) as Partial<Mark> | null;
      return typeof value?.host === 'string' && typeof value.pid === 'number' ? (value as Mark) : undefined;
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

/** Our own number in another window's file was given to us after that window was gone. */
function isRunning({ pid, started }: Mark): boolean {
  if (pid === process.pid) return false;
  const now = startOf(pid).started;
  if (started !== undefined && now !== undefined) return now === started;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process is a process too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** From Linux, proc(5): the 22nd field, counted from behind the name, which may hold anything. */
function startOf(pid: number): { started?: string } {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return started === undefined ? {} : { started };
  } catch {
    return {};
  }
}
