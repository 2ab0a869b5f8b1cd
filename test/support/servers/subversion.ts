// Apache with mod_dav_svn, whose repository takes plain writes: locks are bound to users, and folders have none.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { basicUsers } from './apache';
import { launch, ownFolder, type Place, writeConfiguration } from './child';
import { discard, scratchFolder } from './scratch';
import type { LockServer } from './server';

export const subversionPackages = [
  { package: 'apache2', file: '/usr/sbin/apache2' },
  { package: 'libapache2-mod-svn', file: '/usr/lib/apache2/modules/mod_dav_svn.so' },
  { package: 'subversion', file: '/usr/bin/svnmucc' },
];

const MODULES = '/usr/lib/apache2/modules';

export function startSubversion(): Promise<LockServer> {
  const version = execFileSync('/usr/bin/svnadmin', ['--version', '--quiet'], { encoding: 'utf8' }).trim();
  return launch({
    kind: 'subversion',
    name: 'Subversion',
    version,
    prepare: (place) => {
      ownFolder(place, 'run');
      if (!existsSync(path.join(place.dataDir, 'format')))
        asServer('/usr/bin/svnadmin', ['create', place.dataDir]);
      writeConfiguration(place, 'users', basicUsers());
      const file = writeConfiguration(place, 'httpd.conf', configuration(place));
      return { file: '/usr/sbin/apache2', args: ['-f', file, '-DFOREGROUND'] };
    },
    forgetLocks: ({ dataDir }) => {
      const store = path.join(dataDir, 'db/locks');
      for (const name of readdirSync(store)) rmSync(path.join(store, name), { recursive: true });
    },
    commit,
  });
}

/** All files in one revision. */
function commit(repository: string, files: Readonly<Record<string, string | Uint8Array | undefined>>): void {
  const folder = scratchFolder('svn');
  try {
    const changes = Object.entries(files).flatMap(([name, content], index) => {
      const url = name.split('/').map(encodeURIComponent).join('/');
      if (content === undefined) return ['rm', url];
      const file = path.join(folder, `${index}`);
      writeFileSync(file, content);
      return ['put', file, url];
    });
    asServer('/usr/bin/svnmucc', [
      '-m',
      'by a test',
      '-u',
      'admin',
      '-U',
      `file://${repository}`,
      ...changes,
    ]);
  } finally {
    discard(folder);
  }
}

/** The repository must belong to the account that Apache gives root up for. */
function asServer(file: string, args: readonly string[]): void {
  const account = process.getuid?.() === 0 && { uid: idOf('-u'), gid: idOf('-g') };
  execFileSync(file, args, { ...account, stdio: 'pipe', env: { ...process.env, HOME: '/nonexistent' } });
}

function idOf(which: '-u' | '-g'): number {
  return Number(execFileSync('/usr/bin/id', [which, 'www-data'], { encoding: 'utf8' }));
}

function configuration({ folder, dataDir, port }: Place): string {
  const modules = ['mpm_event', 'authn_core', 'authn_file', 'authz_core', 'authz_user', 'auth_basic'];
  return [
    `ServerRoot ${folder}`,
    'ServerName localhost',
    `Listen 127.0.0.1:${port}`,
    `PidFile ${folder}/run/pid`,
    `ErrorLog ${folder}/error.log`,
    `DefaultRuntimeDir ${folder}/run`,
    'User www-data',
    'Group www-data',
    ...[...modules, 'dav', 'dav_svn'].map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`),
    '<Location />',
    'DAV svn',
    `SVNPath ${dataDir}`,
    'SVNAutoversioning on',
    'AuthType Basic',
    'AuthName dav',
    `AuthUserFile ${folder}/users`,
    'Require valid-user',
    '</Location>',
    '',
  ].join('\n');
}
