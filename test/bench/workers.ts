// Child processes that run one client each, from a bundle built as the extension is.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import { projectRoot } from '../support/hosts/paths';
import type { Job } from './client';
import type { Metrics } from './measure';

/** `named`: functions keep their names, for who looks at them. */
export async function bundleClient(folder: string, names?: 'named'): Promise<string> {
  const { options } = (await import(join(projectRoot, 'esbuild.js'))) as { options: BuildOptions };
  const outfile = join(folder, `client${names ?? ''}.cjs`);
  const minify = names === undefined;
  const entryPoints = [join(projectRoot, 'test/bench/client.ts')];
  await build({ ...options, entryPoints, outfile, minify, sourcemap: false, logLevel: 'silent' });
  return outfile;
}

export class Worker {
  private readonly child: ChildProcess;

  constructor(bundle: string, webdav: string) {
    this.child = fork(bundle, { execArgv: ['--expose-gc'], env: { ...process.env, BENCH_WEBDAV: webdav } });
  }

  async do(job: Job): Promise<Metrics> {
    const over = new AbortController();
    const { signal } = over;
    const gone = once(this.child, 'exit', { signal }).then(() => {
      throw new Error(`The client ended during ${job.do}`);
    });
    const answered = once(this.child, 'message', { signal });
    this.child.send(job);
    try {
      const [metrics] = (await Promise.race([answered, gone])) as [Metrics];
      return metrics;
    } finally {
      // What is still listened for ends with an error that says nothing new.
      gone.catch(() => undefined);
      answered.catch(() => undefined);
      over.abort();
    }
  }

  async end(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.disconnect();
    await gone;
  }
}
