import { readdirSync, readFileSync } from 'node:fs';
import type { EditorHost } from './server';

/** Ends the extension hosts of an editor as a crash would: at once, and with no time for anything. */
export function crashExtensionHosts(host: EditorHost): number {
  const hosts = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && isExtensionHostOf(Number(name), host))
    .map(Number);
  for (const pid of hosts) process.kill(pid, 'SIGKILL');
  return hosts.length;
}

function isExtensionHostOf(pid: number, host: EditorHost): boolean {
  const command = read(pid, 'cmdline').split('\0');
  return command.includes('--type=extensionHost') && parentOf(pid) === host.pid;
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
