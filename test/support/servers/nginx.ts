// nginx with its dav-ext module: a lock time of its own, locks in memory only, and no word about the holder.
import { spawnSync } from 'node:child_process';
import { basicUsers } from './apache';
import { launch, ownFolder, writeConfiguration } from './child';
import type { LockServer } from './server';

export interface NginxOptions {
  /** How long every lock lasts, whatever is asked: "60s" unless told. */
  readonly lockTimeout?: string;
  /** false: without a lock zone; Allow lists LOCK, and LOCK is 405. */
  readonly lockStore?: boolean;
}

export const nginxPackages = [
  { package: 'nginx', file: '/usr/sbin/nginx' },
  { package: 'libnginx-mod-http-dav-ext', file: '/usr/lib/nginx/modules/ngx_http_dav_ext_module.so' },
];

export async function startNginx(options: NginxOptions = {}): Promise<LockServer> {
  const said = spawnSync('/usr/sbin/nginx', ['-v'], { encoding: 'utf8' }).stderr;
  const locks = options.lockStore !== false;
  return launch({
    kind: 'nginx',
    name: 'nginx',
    version: /nginx\/([\d.]+)/.exec(said)?.[1] ?? 'of unknown version',
    prepare: (place) => {
      const { folder, dataDir, port } = place;
      ownFolder(place, 'tmp');
      writeConfiguration(place, 'users', basicUsers());
      const settings = [
        'load_module /usr/lib/nginx/modules/ngx_http_dav_ext_module.so;',
        ...(process.getuid?.() === 0 ? ['user root;'] : []),
        'daemon off; master_process off; worker_processes 1;',
        `pid ${folder}/pid; error_log ${folder}/error.log info;`,
        'events {}',
        'http {',
        'access_log off; client_max_body_size 64m;',
        `client_body_temp_path ${folder}/tmp; proxy_temp_path ${folder}/tmp/p; fastcgi_temp_path ${folder}/tmp/f;`,
        `uwsgi_temp_path ${folder}/tmp/u; scgi_temp_path ${folder}/tmp/s;`,
        ...(locks ? [`dav_ext_lock_zone zone=l:1m timeout=${options.lockTimeout ?? '60s'};`] : []),
        'server {',
        `listen 127.0.0.1:${port};`,
        `root ${dataDir};`,
        `auth_basic dav; auth_basic_user_file ${folder}/users;`,
        'location / {',
        'dav_methods PUT DELETE MKCOL COPY MOVE;',
        'dav_ext_methods PROPFIND OPTIONS LOCK UNLOCK;',
        ...(locks ? ['dav_ext_lock zone=l;'] : []),
        'dav_access user:rw group:r all:r;',
        '} } }',
        '',
      ];
      const file = writeConfiguration(place, 'nginx.conf', settings.join('\n'));
      return { file: '/usr/sbin/nginx', args: ['-c', file, '-p', folder, '-e', `${folder}/error.log`] };
    },
    // They live in the memory of the process, and that has ended.
    forgetLocks: () => undefined,
  });
}
