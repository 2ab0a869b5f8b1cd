// lighttpd with mod_webdav: its locks never expire, and it tells nobody who holds them.
import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { launch, writeConfiguration } from './child';
import { type LockServer, accounts } from './server';

export interface LighttpdOptions {
  /** false: without its database; it still lists locks as supported, and LOCK is 500. */
  readonly lockStore?: boolean;
}

export const lighttpdPackages = [
  { package: 'lighttpd', file: '/usr/sbin/lighttpd' },
  { package: 'lighttpd-mod-webdav', file: '/usr/lib/lighttpd/mod_webdav.so' },
];

export async function startLighttpd(options: LighttpdOptions = {}): Promise<LockServer> {
  const said = execFileSync('/usr/sbin/lighttpd', ['-v'], { encoding: 'utf8' });
  return launch({
    kind: 'lighttpd',
    name: 'lighttpd',
    version: /lighttpd\/([\d.]+)/.exec(said)?.[1] ?? 'of unknown version',
    prepare: (place) => {
      const { folder, dataDir, port } = place;
      const users = Object.values(accounts).map(({ user, password }) => `${user}:${password}\n`);
      writeConfiguration(place, 'users', users.join(''));
      const settings = [
        'server.modules = ("mod_auth","mod_authn_file","mod_webdav")',
        `server.port = ${port}`,
        'server.bind = "127.0.0.1"',
        `server.document-root = "${dataDir}"`,
        `server.errorlog = "${folder}/error.log"`,
        'mimetype.assign = (".txt" => "text/plain", "" => "application/octet-stream")',
        'webdav.activate = "enable"',
        ...(options.lockStore === false ? [] : [`webdav.sqlite-db-name = "${folder}/dav.db"`]),
        'auth.backend = "plain"',
        `auth.backend.plain.userfile = "${folder}/users"`,
        'auth.require = ("/" => ("method"=>"basic","realm"=>"dav","require"=>"valid-user"))',
        '',
      ];
      const file = writeConfiguration(place, 'lighttpd.conf', settings.join('\n'));
      return { file: '/usr/sbin/lighttpd', args: ['-D', '-f', file] };
    },
    forgetLocks: ({ folder }) => {
      for (const name of readdirSync(folder).filter((one) => one.startsWith('dav.db'))) {
        rmSync(path.join(folder, name));
      }
    },
  });
}
