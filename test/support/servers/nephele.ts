// nephele, a WebDAV server from npm: needs neither root nor a system package.
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch } from './child';
import type { LockServer } from './server';

export interface NepheleOptions {
  /** Milliseconds; shorter wishes are not heard. The server's own default is ten seconds. */
  readonly minLockTimeout?: number;
  /** false: a class 1 server, that neither claims locks nor knows LOCK (405). */
  readonly locks?: boolean;
  /** Sent to whoever asks for a password: what the realm is called. */
  readonly realm?: string;
}

const here = path.dirname(fileURLToPath(import.meta.url));
const packageRoot = path.resolve(here, '../../../node_modules/nephele');
// It starts in half the time that it takes with tsx, and some tests start it many times.
const compile = path.resolve(here, '../compile.cjs');

export async function startNephele(options: NepheleOptions = {}): Promise<LockServer> {
  const about = JSON.parse(readFileSync(path.join(packageRoot, 'package.json'), 'utf8')) as {
    version: string;
  };
  return launch({
    kind: 'nephele',
    name: 'nephele',
    version: about.version,
    prepare: ({ dataDir, port }) => ({
      file: process.execPath,
      args: [
        '--require',
        compile,
        fileURLToPath(new URL('./nepheleMain.ts', import.meta.url)),
        JSON.stringify({ dataDir, port, ...options }),
      ],
    }),
    forgetLocks: ({ dataDir }) => {
      for (const name of readdirSync(dataDir, { recursive: true, encoding: 'utf8' })) {
        if (name.endsWith('.nephelemeta')) rmSync(path.join(dataDir, name));
      }
    },
  });
}
