import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { signalGroup } from '../servers/scratch';

/** Runs a command to its end and gives what it printed; throws with that when the command fails. */
export async function runOrThrow(
  command: string,
  args: readonly string[],
  options: SpawnOptions = {},
): Promise<string> {
  const { code, output } = await gathered(command, args, options);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${output}`);
  return output;
}

/** Runs a command that shares our terminal and gives its exit code. */
export function runInherited(
  command: string,
  args: readonly string[],
  options: SpawnOptions,
): Promise<number> {
  return exitOf(spawn(command, args, { ...options, stdio: 'inherit' }));
}

/** Runs a command beside others and gives its exit code; what it printed comes under its heading, when it has ended. */
export async function runBeside(
  heading: string,
  command: string,
  args: readonly string[],
  options: SpawnOptions,
): Promise<number> {
  const { code, output } = await gathered(command, args, options);
  console.log(`${heading}\n${output}`);
  return code;
}

async function gathered(command: string, args: readonly string[], options: SpawnOptions) {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
  const code = await exitOf(child);
  return { code, output: Buffer.concat(chunks).toString() };
}

async function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

/** Ends a process that leads a group together with its children, and waits until it is gone. */
export async function endGroup(child: ChildProcess): Promise<void> {
  const { pid } = child;
  if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  // A temporary editor has nothing to save, and a slow shutdown would only hold up the next test.
  signalGroup(pid, 'SIGKILL');
  await gone;
}
