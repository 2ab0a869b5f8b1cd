// The programs that we are compared with. They are installed for the comparison alone, in a folder that goes with it.
import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ensureDebianPackages } from '../support/debian';
import type { Account } from '../support/servers/server';
import { propfindBody } from '../../src/protocol/webdav/requestBodies';
import type { Metrics } from './measure';

const run = promisify(execFile);
const patience = { timeout: 300_000, maxBuffer: 1024 ** 3 };

export interface Peers {
  /** The main file of npm's `webdav`. */
  readonly webdav: string;
  readonly versions: readonly string[];
}

export async function installPeers(folder: string): Promise<Peers> {
  const debian = ensureDebianPackages([
    { package: 'curl', file: '/usr/bin/curl' },
    { package: 'rclone', file: '/usr/bin/rclone' },
  ]);
  if (!debian.ok) throw new Error(debian.why);
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  await run('npm', ['install', '--no-audit', '--no-fund', 'webdav@5.11.0'], { ...patience, cwd: folder });
  const webdav = join(folder, 'node_modules/webdav/dist/node/index.js');
  if (!existsSync(webdav)) throw new Error(`npm's webdav has no ${webdav}`);
  const first = async (command: string, ...args: string[]) =>
    (await run(command, args)).stdout.split('\n')[0]?.split(' ').slice(0, 2).join(' ') ?? command;
  const versions = [await first('curl', '--version'), await first('rclone', 'version'), 'webdav 5.11.0'];
  return { webdav, versions };
}

const body = propfindBody({ supportedLock: false, nextcloud: false });

/** The wire: our own question, and the answer thrown away. */
export async function curlList(url: string, account: Account): Promise<Metrics> {
  const more = ['-X', 'PROPFIND', '-H', 'Depth: 1', '-H', 'Content-Type: application/xml'];
  return curl(url, account, [...more, '--data-binary', body]);
}

/** So many in a row, by one process and over one connection: the mean of what it says that each took. */
export function curlPuts(url: string, account: Account, file: string, count: number): Promise<Metrics> {
  const more = Array.from({ length: count - 1 }, () => ['-T', file, url]).flat();
  return curl(url, account, [...more, '-T', file]);
}

async function curl(url: string, account: Account, more: readonly string[]): Promise<Metrics> {
  const { user, password } = account;
  const told = '%{time_total} %{size_download} %{http_code}\n';
  const args = ['-s', '-w', told, '-u', `${user}:${password}`, ...more, url];
  // Each address of a call has its own output, and a PUT is answered with some page.
  const outputs = args.filter((arg) => arg === url).flatMap(() => ['-o', '/dev/null']);
  const lines = (await run('curl', [...outputs, ...args], patience)).stdout.trimEnd().split('\n');
  let ms = 0;
  let bytes = 0;
  for (const line of lines) {
    const [seconds = NaN, size = NaN, status = 0] = line.split(' ').map(Number);
    if (status < 200 || status >= 300) throw new Error(`curl was answered ${status}`);
    ms += (seconds * 1_000) / lines.length;
    bytes += size;
  }
  return { ms, bytes };
}

let obscured: string | undefined;

export async function rcloneList(url: string, { user, password }: Account): Promise<Metrics> {
  obscured ??= (await run('rclone', ['obscure', password])).stdout.trim();
  const remote = ['--webdav-url', url, '--webdav-user', user, '--webdav-pass', obscured];
  const start = performance.now();
  const { stdout } = await run('rclone', ['lsf', '--config', '', ...remote, ':webdav:'], patience);
  return { ms: performance.now() - start, entries: stdout.trimEnd().split('\n').length };
}
