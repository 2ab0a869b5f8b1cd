// The server's folder as a folder on the disk, as `rclone mount` gives it to any program.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmdirSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ensureDebianPackages } from '../../support/debian';
import type { Account } from '../../support/servers/server';

export interface Mount {
  readonly folder: string;
  end(): void;
}

const programs = { rclone: '/usr/bin/rclone', unmount: '/usr/bin/fusermount3' } as const;

/** Gives the reason where this machine cannot mount. */
export async function mountByRclone(url: string, { user, password }: Account): Promise<Mount | string> {
  const needed = ensureDebianPackages([
    { package: 'rclone', file: programs.rclone },
    { package: 'fuse3', file: programs.unmount },
  ]);
  if (!needed.ok) return needed.why;
  if (!existsSync('/dev/fuse')) return 'no /dev/fuse';
  const folder = mkdtempSync(join(tmpdir(), 'bench-mount-'));
  const pass = execFileSync(programs.rclone, ['obscure', password], { encoding: 'utf8' }).trim();
  const remote = ['--webdav-url', url, '--webdav-user', user, '--webdav-pass', pass, ':webdav:'];
  const how = ['--config', '', '--vfs-cache-mode', 'writes'];
  const child = spawn(programs.rclone, ['mount', ...how, ...remote, folder], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (data: Buffer) => (said += data.toString()));
  let isOver = false;
  const end = (): void => {
    if (isOver) return;
    isOver = true;
    process.off('exit', end);
    try {
      execFileSync(programs.unmount, ['-u', '-z', folder], { stdio: 'ignore' });
    } catch {
      // It was not mounted.
    }
    child.kill();
    rmdirSync(folder);
  };
  process.on('exit', end);
  for (const until = performance.now() + 10_000; performance.now() < until && child.exitCode === null;) {
    // Not synchronously: its requests come through a relay in this process.
    if ((await readdir(folder)).length > 0) return { folder, end };
    await pause(50);
  }
  end();
  return `rclone did not mount: ${said.trim().split('\n').pop() ?? ''}`;
}
