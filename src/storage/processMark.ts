import { readFileSync } from 'node:fs';
import { hostname, uptime } from 'node:os';

/** Identifies a process, even if a later one gets the same process ID. */
export interface ProcessMark {
  readonly host: string;
  readonly pid: number;
  /** Start time in the system's own units; absent where the system does not report it. */
  readonly started?: string;
}

export function markOf(pid: number): ProcessMark {
  const started = startTimeOf(pid);
  return { host: hostname(), pid, ...(started !== undefined && { started }) };
}

/**
 * Whether the process still runs on this computer.
 *
 * @param seenAt when it certainly ran, Unix milliseconds: no process survives a restart of the computer.
 */
export function isRunning({ pid, started }: ProcessMark, seenAt: number): boolean {
  // If another mark has our process ID, its process ended before we got the ID.
  if (pid === process.pid) return false;
  const now = startTimeOf(pid);
  if (started !== undefined && now !== undefined) return now === started;
  return seenAt > Date.now() - uptime() * 1_000 && exists(pid);
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: the process exists but belongs to another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Linux, proc(5): the 22nd field, counted from behind the name, which may contain anything. */
function startTimeOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
