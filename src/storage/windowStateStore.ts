import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Serial } from '../base/singleFlight';

/** What tells this workspace from others: the same after a reload and after a crash. */
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
  readonly isGone: (window: string) => boolean;
  readonly onProblem: (error: unknown) => void;
}

/** What one window wrote, and whose values it had taken up by then. */
interface StateFile {
  readonly value: unknown;
  readonly heirOf: readonly string[];
}

/**
 * What a workspace has to find again after a reload or a crash: the editor's own memory of the workspace reaches the disk
 * some seconds late. Several windows may show one workspace, so each writes a file of its own, and takes up those of
 * windows that are gone.
 */
export class WindowStateStore {
  private readonly queue = new Serial<'write'>();
  private readonly heirOf: readonly string[];
  /** Of windows that are gone, as they were written: whoever reads them checks them. */
  readonly left: readonly unknown[];

  constructor(private readonly deps: WindowStateStoreDeps) {
    const sheets = this.sheetsLeft();
    this.heirOf = [...sheets.keys()];
    // What was taken up already counts as its heir knew it last.
    const old = new Set([...sheets.values()].flatMap(({ heirOf }) => heirOf));
    this.left = [...sheets].flatMap(([window, { value }]) => (old.has(window) ? [] : [value]));
  }

  /** Never rejects: what storage says goes to who made this. */
  async keep(value: unknown): Promise<void> {
    const { folder, window, onProblem } = this.deps;
    const stateFile: StateFile = { value, heirOf: this.heirOf };
    const path = this.path(window);
    try {
      await this.queue.run('write', async () => {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await writeFile(`${path}.half`, JSON.stringify(stateFile), { mode: 0o600 });
        await rename(`${path}.half`, path);
      });
    } catch (error) {
      onProblem(error);
    }
  }

  /** Nobody needs any more what was left: neither this window nor one that began at the same time. */
  clearLeft(): void {
    for (const window of this.heirOf) this.try(() => rmSync(this.path(window), { force: true }));
  }

  private sheetsLeft(): Map<string, StateFile> {
    const { folder, workspaceKey, window, isGone } = this.deps;
    const found = new Map<string, StateFile>();
    this.try(() => {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      for (const name of readdirSync(folder)) {
        const [, of, by = ''] = /^([0-9a-f]+)\.([0-9a-f]+)\.json$/.exec(name) ?? [];
        if (of !== workspaceKey || by === window || !isGone(by)) continue;
        const stateFile = readSheet(readFileSync(join(folder, name), 'utf8'));
        if (stateFile) found.set(by, stateFile);
        else rmSync(join(folder, name));
      }
    });
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

function readSheet(text: string): StateFile | undefined {
  try {
    const stateFile = JSON.parse(text) as Partial<StateFile> | null;
    return Array.isArray(stateFile?.heirOf) ? (stateFile as StateFile) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
