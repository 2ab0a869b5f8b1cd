import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { EditorHost } from './server';
import { patience } from './until';

/**
 * Waits until the editor has kept the unsaved text of these files, which it does a moment after the last keystroke.
 * What is not kept when a window ends is lost, as it is to a person who is too quick.
 */
export async function untilBackedUp(host: EditorHost, names: readonly string[]): Promise<void> {
  const folder = join(dirname(host.userSettingsFile), 'Backups');
  const giveUp = performance.now() + patience;
  for (;;) {
    const kept = await backedUp(folder);
    const missing = names.filter((name) => !kept.some((uri) => uri.endsWith(`/${name}`)));
    if (missing.length === 0) return;
    if (performance.now() > giveUp) throw new Error(`No unsaved text was kept of ${missing.join(', ')}`);
    await pause(20);
  }
}

/** The addresses of the files of which there is a backup: each begins with its own, and ends the line with its state. */
async function backedUp(folder: string): Promise<readonly string[]> {
  const uris: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])) {
    if (!entry.isFile()) continue;
    const text = await readFile(join(entry.parentPath, entry.name), 'utf8').catch(() => '');
    uris.push(/^(\S+)/.exec(text)?.[1] ?? '');
  }
  return uris;
}
