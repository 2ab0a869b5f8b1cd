import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExtensionContext } from 'vscode';
import { Serial } from '../base/singleFlight';

/** What tells this workspace from others: the same after a reload and after a crash. */
export function placeOf({ storageUri }: ExtensionContext): string {
  return createHash('sha256')
    .update(storageUri?.toString() ?? '')
    .digest('hex')
    .slice(0, 16);
}

/**
 * What a workspace has to find again after a reload or a crash, in a file of its own: the editor's own memory of the
 * workspace reaches the disk some seconds late.
 */
export class PlaceStore {
  private readonly path: string;
  private readonly queue = new Serial<'write'>();
  private values: Record<string, unknown>;

  constructor(
    private readonly folder: string,
    place: string,
    private readonly onProblem: (error: unknown) => void,
  ) {
    this.path = join(folder, `${place}.json`);
    this.values = this.read();
  }

  /** As it was written: whoever reads it checks it. */
  get(key: string): unknown {
    return this.values[key];
  }

  /** Never rejects: what storage says goes to who made this. */
  async update(key: string, value: unknown): Promise<void> {
    this.values = { ...this.values, [key]: value };
    const text = JSON.stringify(this.values);
    try {
      await this.queue.run('write', async () => {
        await mkdir(this.folder, { recursive: true, mode: 0o700 });
        await writeFile(`${this.path}.half`, text, { mode: 0o600 });
        await rename(`${this.path}.half`, this.path);
      });
    } catch (error) {
      this.onProblem(error);
    }
  }

  private read(): Record<string, unknown> {
    try {
      const value: unknown = JSON.parse(readFileSync(this.path, 'utf8'));
      return typeof value === 'object' && value !== null ? { ...value } : {};
    } catch (error) {
      // None yet, or one that something else has written: there is nothing to find again.
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) this.onProblem(error);
      return {};
    }
  }
}
