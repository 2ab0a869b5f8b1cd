// Says what is being done and for how long, so that nobody takes a slow step for a stuck one.
import { performance } from 'node:perf_hooks';

export async function step<T>(what: string, run: () => Promise<T>): Promise<T> {
  const begun = performance.now();
  const seconds = (): string => `${Math.round((performance.now() - begun) / 1000)} s`;
  const { stdout } = process;
  if (!stdout.isTTY) console.log(`${what} …`);
  const ticking = stdout.isTTY
    ? setInterval(() => stdout.write(`\r${what} … ${seconds()}`), 1000)
    : undefined;
  try {
    const result = await run();
    console.log(`${stdout.isTTY ? '\r' : ''}${what}: done in ${seconds()}`);
    return result;
  } finally {
    clearInterval(ticking);
  }
}
