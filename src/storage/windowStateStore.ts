import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { asObject, parsedJson } from '../base/untrusted';
import { Serial } from '../base/singleFlight';
import type { Clock } from '../core/model/ports';
import { removeAbandoned, writeAtomically } from './atomicWrite';

/** Identifies the workspace; stays the same after a reload or a crash. */
export function workspaceKeyOf(storageUri: { toString(): string } | undefined): string {
  return createHash('sha256')
    .update(storageUri?.toString() ?? '')
    .digest('hex')
    .slice(0, 16);
}

export interface WindowStateStoreDeps {
  readonly folder: string;
  readonly workspaceKey: string;
  readonly window: string;
  readonly isClosed: (window: string) => boolean;
  readonly clock: Pick<Clock, 'now'>;
  readonly onProblem: (error: unknown) => void;
}

/** What one window wrote, and the closed windows (`heirOf`) whose values it had inherited. */
interface StateFile {
  readonly value: unknown;
  readonly heirOf: readonly string[];
}

/**
 * State that a workspace needs after a reload or a crash; the editor's own workspace storage reaches the disk seconds
 * late. Several windows may show one workspace, so each writes its own file and inherits those of closed windows.
 */
export class WindowStateStore {
  private readonly queue = new Serial<'write'>();
  private readonly inheritedWindows: readonly string[];
  /** Values of closed windows as they were written: readers must validate them. */
  readonly inherited: readonly unknown[];

  constructor(private readonly deps: WindowStateStoreDeps) {
    const stateFiles = this.readInherited();
    this.inheritedWindows = [...stateFiles.keys()];
    // An inherited value counts only as its successor last wrote it.
    const superseded = new Set([...stateFiles.values()].flatMap(({ heirOf }) => heirOf));
    this.inherited = [...stateFiles].flatMap(([window, { value }]) =>
      superseded.has(window) ? [] : [value],
    );
  }

  /** Never rejects: storage errors go to `onProblem`. */
  async keep(value: unknown): Promise<void> {
    const stateFile: StateFile = { value, heirOf: this.inheritedWindows };
    const path = this.path(this.deps.window);
    try {
      await this.queue.run('write', () => writeAtomically(path, JSON.stringify(stateFile)));
    } catch (error) {
      this.deps.onProblem(error);
    }
  }

  /** Deletes what is no longer needed, once no window that started at the same time needs it either. */
  async clearInherited(): Promise<void> {
    const { folder, clock, onProblem } = this.deps;
    for (const window of this.inheritedWindows) this.try(() => rmSync(this.path(window), { force: true }));
    try {
      await removeAbandoned(folder, clock.now().wall);
    } catch (error) {
      onProblem(error);
    }
  }

  private readInherited(): Map<string, StateFile> {
    const { folder, workspaceKey, window, isClosed } = this.deps;
    const found = new Map<string, StateFile>();
    let names: readonly string[] = [];
    this.try(() => {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      names = readdirSync(folder);
    });
    for (const name of names) {
      const [, of, by = ''] = /^([0-9a-f]+)\.([0-9a-f]+)\.json$/.exec(name) ?? [];
      if (of !== workspaceKey || by === window || !isClosed(by)) continue;
      // A file that cannot be read must not hide the others.
      this.try(() => {
        const stateFile = parseStateFile(readFileSync(join(folder, name), 'utf8'));
        if (stateFile) found.set(by, stateFile);
        else rmSync(join(folder, name));
      });
    }
    return found;
  }

  private path(window: string): string {
    return join(this.deps.folder, `${this.deps.workspaceKey}.${window}.json`);
  }

  private try(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.deps.onProblem(error);
    }
  }
}

function parseStateFile(text: string): StateFile | undefined {
  const stateFile = asObject(parsedJson(text));
  return Array.isArray(stateFile?.heirOf) ? (stateFile as unknown as StateFile) : undefined;
}
