// Apache with mod_dav_fs, in the set-ups that people meet: plain, TLS, Digest, without a lock store, read-only for some.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { makeCertificate, type Authority, type Certificate, type CertificateKind } from './certificate';
import { type Place, type Recipe, launch, ownFolder, writeConfiguration } from './child';
import { type AccountName, type LockServer, accounts } from './server';

export interface ApacheOptions {
  /** A certificate that nobody has signed; one that has expired, or is made out to another host; or a given one. */
  readonly tls?: CertificateKind | Certificate;
  /** Clients need a certificate by this authority. */
  readonly clients?: Authority;
  /** `none`: nobody is asked who they are. */
  readonly auth?: 'basic' | 'digest' | 'none';
  /** false: without DavLockDB; the server claims class 2, and PUT, PROPFIND and LOCK are 500. */
  readonly lockStore?: boolean;
  /** May read, and is answered 401 to any write, although the password is right. */
  readonly readOnly?: AccountName;
  /** A folder served by several servers, each with its own lock store. */
  readonly dataDir?: string;
}

export const apachePackages = [
  { package: 'apache2', file: '/usr/sbin/apache2' },
  { package: 'openssl', file: '/usr/bin/openssl' },
];

const MODULES = '/usr/lib/apache2/modules';

export async function startApache(options: ApacheOptions = {}): Promise<LockServer> {
  const certificate = typeof options.tls === 'string' ? makeCertificate(options.tls) : options.tls;
  const client = options.clients?.issue('readiness');
  const said = execFileSync('/usr/sbin/apache2', ['-v'], { encoding: 'utf8' });
  const recipe: Recipe = {
    kind: 'apache',
    name: 'Apache',
    version: /Apache\/([\d.]+)/.exec(said)?.[1] ?? 'of unknown version',
    readyStatus: options.lockStore === false ? 500 : 207,
    ...(certificate === undefined ? {} : { certificate: certificate.certificate }),
    ...(client && { clientCertificate: { cert: client.certificate, key: client.key } }),
    ...(options.dataDir === undefined ? {} : { dataDir: options.dataDir }),
    prepare: (place) => {
      ownFolder(place, 'lock');
      ownFolder(place, 'run');
      writeConfiguration(place, 'users', options.auth === 'digest' ? digestUsers() : basicUsers());
      if (certificate !== undefined) {
        writeConfiguration(place, 'server.crt', certificate.certificate);
        writeConfiguration(place, 'server.key', certificate.key);
      }
      if (options.clients) writeConfiguration(place, 'clients.crt', options.clients.certificate);
      const file = writeConfiguration(place, 'httpd.conf', configuration(place, options));
      return { file: '/usr/sbin/apache2', args: ['-f', file, '-DFOREGROUND'] };
    },
    forgetLocks: (place) => {
      const store = path.join(place.folder, 'lock');
      for (const name of readdirSync(store)) rmSync(path.join(store, name));
    },
  };
  return launch(recipe);
}

/** The form that both Apache and nginx read; a slow hash would cost time in every request. */
export function basicUsers(): string {
  return Object.values(accounts)
    .map(({ user, password }) => `${user}:{SHA}${createHash('sha1').update(password).digest('base64')}\n`)
    .join('');
}

function digestUsers(): string {
  return Object.values(accounts)
    .map(({ user, password }) => {
      const secret = createHash('md5').update(`${user}:dav:${password}`).digest('hex');
      return `${user}:dav:${secret}\n`;
    })
    .join('');
}

function configuration(place: Place, options: ApacheOptions): string {
  const { folder, dataDir, port } = place;
  const auth = options.auth ?? 'basic';
  const modules = [
    'mpm_event',
    'authn_core',
    'authn_file',
    'authz_core',
    'authz_user',
    ...(auth === 'none' ? [] : [`auth_${auth}`]),
    'dav',
    'dav_fs',
  ];
  const secured = options.tls !== undefined;
  const tls = secured
    ? [
        'SSLEngine On',
        `SSLCertificateFile ${folder}/server.crt`,
        `SSLCertificateKeyFile ${folder}/server.key`,
        ...(options.clients ? ['SSLVerifyClient require', `SSLCACertificateFile ${folder}/clients.crt`] : []),
      ]
    : [];
  return [
    `ServerRoot ${folder}`,
    'ServerName localhost',
    `Listen 127.0.0.1:${port} ${secured ? 'https' : 'http'}`,
    `PidFile ${folder}/run/pid`,
    `ErrorLog ${folder}/error.log`,
    `DefaultRuntimeDir ${folder}/run`,
    'User www-data',
    'Group www-data',
    ...[...modules, ...(secured ? ['ssl'] : [])].map(
      (name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`,
    ),
    ...tls,
    ...(options.lockStore === false ? [] : [`DavLockDB ${folder}/lock/db`]),
    `DocumentRoot ${dataDir}`,
    `<Directory ${dataDir}>`,
    'Dav On',
    ...(auth === 'none'
      ? ['Require all granted']
      : [
          `AuthType ${auth === 'digest' ? 'Digest' : 'Basic'}`,
          'AuthName dav',
          `AuthUserFile ${folder}/users`,
          ...access(options.readOnly),
        ]),
    '</Directory>',
    '',
  ].join('\n');
}

function access(readOnly: AccountName | undefined): string[] {
  if (readOnly === undefined) return ['Require valid-user'];
  const writers = Object.keys(accounts).filter((name) => name !== readOnly);
  return [
    '<Limit GET HEAD OPTIONS PROPFIND>',
    'Require valid-user',
    '</Limit>',
    '<LimitExcept GET HEAD OPTIONS PROPFIND>',
    `Require user ${writers.join(' ')}`,
    '</LimitExcept>',
  ];
}
