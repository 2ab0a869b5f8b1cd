import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { EditorHost } from './server';
import { patience } from './until';

/**
 * Waits until the editor has kept the unsaved text of these files, which it does a moment after the last change. What is
 * not kept when a window ends is lost, as it is to a person who is too quick.
 *
 * @param parts what the kept text of each file has in it: an older one may have been kept before.
 */
export async function untilBackedUp(
  host: EditorHost,
  parts: Readonly<Record<string, string>>,
): Promise<void> {
  const folder = join(dirname(host.userSettingsFile), 'Backups');
  await untilNone(async () => {
    const kept = await texts(folder);
    const isKept = ([name, part]: [string, string]) =>
      kept.some((text) => addressOf(text).endsWith(`/${name}`) && text.includes(part));
    return Object.entries(parts).flatMap((one) => (isKept(one) ? [] : one[0]));
  }, 'unsaved text');
}

/**
 * Waits until the waits for these files are on the disk. A window shows a wait at once; the disk of a busy computer
 * takes seconds, and an extension host that is killed before has kept nothing.
 */
export async function untilWaitsKept(host: EditorHost, names: readonly string[]): Promise<void> {
  const folder = join(dirname(host.userSettingsFile), 'globalStorage/lock-status.lock-status/places');
  await untilNone(async () => {
    const kept = (await texts(folder, '.json')).join('\n');
    return names.filter((name) => !kept.includes(`/${name}"`));
  }, 'wait');
}

async function untilNone(missing: () => Promise<readonly string[]>, what: string): Promise<void> {
  const giveUp = performance.now() + patience;
  for (;;) {
    const left = await missing();
    if (left.length === 0) return;
    if (performance.now() > giveUp) throw new Error(`No ${what} was kept of ${left.join(', ')}`);
    await pause(20);
  }
}

/** Each backup begins with the address of its file, and ends the line with its state. */
function addressOf(backup: string): string {
  return /^(\S+)/.exec(backup)?.[1] ?? '';
}

async function texts(folder: string, ending = ''): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])) {
    if (!entry.isFile() || !entry.name.endsWith(ending)) continue;
    found.push(await readFile(join(entry.parentPath, entry.name), 'utf8').catch(() => ''));
  }
  return found;
}
