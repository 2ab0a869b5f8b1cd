import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** Ends the extension hosts of an editor as a crash would: at once, and with no time for anything. */
export function crashExtensionHosts(host: { readonly pid: number | undefined }): number {
  return crash(host.pid).length;
}

/** The same, until they are gone: an extension host outlives its window for hours, should that come back. */
export async function endExtensionHosts(editor: number | undefined): Promise<void> {
  for (const pid of crash(editor)) {
    while (isExtensionHostOf(pid, editor)) await pause(5);
  }
}

function crash(editor: number | undefined): readonly number[] {
  const hosts = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && isExtensionHostOf(Number(name), editor))
    .map(Number);
  for (const pid of hosts) process.kill(pid, 'SIGKILL');
  return hosts;
}

function isExtensionHostOf(pid: number, editor: number | undefined): boolean {
  const command = read(pid, 'cmdline').split('\0');
  return command.includes('--type=extensionHost') && parentOf(pid) === editor;
}

function parentOf(pid: number): number {
  // The name in parentheses may hold anything; what follows the last one are plain fields.
  const fields = read(pid, 'stat').split(') ').at(-1)?.split(' ');
  return Number(fields?.[1]);
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch (error) {
    // It has ended meanwhile.
    if (error instanceof Error && 'code' in error) return '';
    throw error;
  }
}
