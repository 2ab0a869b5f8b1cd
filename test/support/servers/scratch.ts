// Folders and processes that must not outlive the run: removed at exit, and swept by the next run after a hard crash.
import { existsSync, mkdirSync, mkdtempSync, chmodSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const PREFIX = 'lock-status-';
const PID_FILE = 'process-group';

const folders = new Set<string>();

process.once('exit', () => {
  for (const folder of [...folders]) discard(folder);
});

/** A folder that any server account may enter; its name tells whose it is. */
export function scratchFolder(what: string): string {
  sweep();
  const folder = mkdtempSync(path.join(os.tmpdir(), `${PREFIX}${process.pid}-${what}-`));
  chmodSync(folder, 0o755);
  folders.add(folder);
  return folder;
}

/** Notes the process group that works in the folder, so that it ends with the folder. */
export function recordGroup(folder: string, pid: number | undefined): void {
  if (pid === undefined) rmSync(path.join(folder, PID_FILE), { force: true });
  else writeFileSync(path.join(folder, PID_FILE), String(pid));
}

/** Ends what still runs in the folder and removes the folder. */
export function discard(folder: string): void {
  endRecordedGroup(folder);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  folders.delete(folder);
}

/** World-writable, because Apache gives up root for an account of its own. */
export function openFolder(folder: string): string {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o777);
  return folder;
}

export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

let swept = false;

/** Clears what a run left behind that was killed before it could clean up. */
function sweep(): void {
  if (swept) return;
  swept = true;
  for (const name of readdirSync(os.tmpdir())) {
    const owner = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (owner === undefined || isAlive(Number(owner))) continue;
    discard(path.join(os.tmpdir(), name));
  }
}

function endRecordedGroup(folder: string): void {
  const file = path.join(folder, PID_FILE);
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8'));
  // The number may have been given to a stranger since: only a process that names this folder is ours.
  if (Number.isInteger(pid) && pid > 1 && commandLine(pid).includes(folder)) signalGroup(pid, 'SIGKILL');
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch (error) {
    if (isMissing(error)) return '';
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !isMissing(error);
  }
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ESRCH' || code === 'ENOENT';
}
