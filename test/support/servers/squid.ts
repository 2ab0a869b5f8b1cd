// Squid as a proxy that wants to be signed in to.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { listenOnFreePort } from './plain';
import { accounts } from './server';
import { discard, openFolder, recordGroup, scratchFolder, signalGroup } from './scratch';

export const squidPackages = [{ package: 'squid', file: '/usr/sbin/squid' }];

export interface Proxy {
  readonly port: number;
  /** What it was asked for, a line each: method, address, status, account. */
  log(): readonly string[];
  stop(): Promise<void>;
}

const readyWithin = 20_000;

export async function startSquid(): Promise<Proxy> {
  const folder = scratchFolder('squid');
  openFolder(folder);
  writeFileSync(path.join(folder, 'users'), users());
  chmodSync(path.join(folder, 'users'), 0o644);
  const port = await freePort();
  writeFileSync(path.join(folder, 'squid.conf'), configuration(folder, port));
  const child = spawn('/usr/sbin/squid', ['-N', '-f', path.join(folder, 'squid.conf')], {
    detached: true,
    stdio: 'ignore',
    cwd: folder,
  });
  const failed = once(child, 'error').then(([error]) => Promise.reject(error as Error));
  failed.catch(() => undefined);
  recordGroup(folder, child.pid);
  const stop = async (): Promise<void> => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      signalGroup(child.pid, 'SIGKILL');
      await ended;
    }
    if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
    discard(folder);
  };
  const read = (name: string) => {
    const file = path.join(folder, name);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  };
  try {
    const deadline = performance.now() + readyWithin;
    while (!(await Promise.race([accepts(port), failed]))) {
      if (performance.now() > deadline || child.exitCode !== null)
        throw new Error(`Squid did not start: ${read('cache.log')}`);
      await pause(20);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { port, log: () => read('access.log').split('\n').filter(Boolean), stop };
}

function users(): string {
  return Object.values(accounts)
    .map(({ user, password }) => {
      const hash = execFileSync('/usr/bin/openssl', ['passwd', '-apr1', password], { encoding: 'utf8' });
      return `${user}:${hash.trim()}\n`;
    })
    .join('');
}

function configuration(folder: string, port: number): string {
  return [
    `http_port 127.0.0.1:${port}`,
    `auth_param basic program /usr/lib/squid/basic_ncsa_auth ${folder}/users`,
    'auth_param basic realm proxy',
    'acl known proxy_auth REQUIRED',
    'http_access allow known',
    'http_access deny all',
    'cache deny all',
    'shutdown_lifetime 0 seconds',
    'visible_hostname localhost',
    `pid_filename ${folder}/squid.pid`,
    'logformat brief %rm %ru %>Hs %un',
    `access_log stdio:${folder}/access.log logformat=brief`,
    'buffered_logs off',
    `cache_log ${folder}/cache.log`,
    `coredump_dir ${folder}`,
    '',
  ].join('\n');
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

async function freePort(): Promise<number> {
  const probe = net.createServer();
  const port = await listenOnFreePort(probe);
  probe.close();
  await once(probe, 'close');
  return port;
}
