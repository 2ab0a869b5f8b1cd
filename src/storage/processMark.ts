import { readFileSync } from 'node:fs';
import { hostname, uptime } from 'node:os';

/** A process, told from a later one that was given its number. */
export interface ProcessMark {
  readonly host: string;
  readonly pid: number;
  /** When it began, in the system's own count; absent where the system does not tell. */
  readonly started?: string;
}

export function markOf(pid: number): ProcessMark {
  const started = startOf(pid);
  return { host: hostname(), pid, ...(started !== undefined && { started }) };
}

/**
 * Whether the process still runs on this computer.
 *
 * @param seenAt when it was surely there, Unix milliseconds: none outlives a restart of the computer.
 */
export function isRunning({ pid, started }: ProcessMark, seenAt: number): boolean {
  // Our own number in another's mark was given to us after that one was gone.
  if (pid === process.pid) return false;
  const now = startOf(pid);
  if (started !== undefined && now !== undefined) return now === started;
  return seenAt > Date.now() - uptime() * 1_000 && exists(pid);
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process is a process too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** From Linux, proc(5): the 22nd field, counted from behind the name, which may hold anything. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
