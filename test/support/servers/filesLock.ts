// A peer with the locks of Nextcloud's files_lock: user locks and token locks with holders that the server names,
// entity tags that change with the lock, and the sign-in by browser.
// Answers as in github.com/nextcloud/files_lock, README.md and lib/DAV/LockPlugin.php (httpLock, httpUnlock,
// customProperties, getLockProperties), and in github.com/nextcloud/documentation,
// developer_manual/client_apis/LoginFlow/index.rst ("Login flow v2").
import { randomUUID } from 'node:crypto';
import { type PlainRequest, type PlainServer, type Reply, startPlainServer } from './plain';

export interface FilesLock {
  readonly account: string;
  /** 0: by hand; 1: an app, which `account` names; 2: with a token that writes must show. */
  readonly type: 0 | 1 | 2;
  readonly token: string;
  /** Unix seconds. */
  readonly time: number;
  /** Seconds; 0 for none. */
  readonly timeout: number;
}

interface LockedFile {
  text: string;
  readonly owner: string;
  tag: number;
  lock?: FilesLock;
}

export interface FilesLockServer extends PlainServer {
  /** The folder with the files. */
  readonly files: string;
  /** What somebody in the browser does. */
  lock(name: string, account: string, type?: 0 | 1): void;
  unlock(name: string): void;
  lockOn(name: string): FilesLock | undefined;
  textOf(name: string): string;
  write(name: string, text: string): void;
  /** The person has granted access in the browser. */
  grant(): void;
}

/** The passwords are the names with `-pw`, or the app password that the sign-in by browser gives to alice. */
const people: Readonly<Record<string, string>> = { alice: 'Alice Doe', bob: 'Bob Roe' };
const apps: Readonly<Record<string, string>> = { richdocuments: 'Office' };
export const appPassword = 'yKTVA-zgxjf-ivy52-WqD8k';
const base = '/cloud/remote.php/dav/files/alice/';
const flowToken = 'mQUYQdffOSAMJYtm8pVpkOsVqXt5';

/** @param owners the files with the accounts whose home they are in. */
export async function startFilesLock(owners: Readonly<Record<string, string>>): Promise<FilesLockServer> {
  const files = new Map(
    Object.entries(owners).map(([name, owner]): [string, LockedFile] => [
      name,
      { text: 'old', owner, tag: 1 },
    ]),
  );
  const flow = { isGranted: false };
  const server = await startPlainServer((request, reply) =>
    `${request.path}/`.startsWith(base)
      ? answer(files, request, reply)
      : signIn(server.url, flow, request, reply),
  );
  const fileAt = (name: string): LockedFile => {
    const file = files.get(name);
    if (!file) throw new Error(`No ${name}`);
    return file;
  };
  return {
    ...server,
    files: server.url + base.slice(1),
    lock: (name, account, type = 0) => change(fileAt(name), lockOf(account, type)),
    unlock: (name) => change(fileAt(name), undefined),
    lockOn: (name) => fileAt(name).lock,
    textOf: (name) => fileAt(name).text,
    write: (name, text) => Object.assign(fileAt(name), { text, tag: fileAt(name).tag + 1 }),
    grant: () => void (flow.isGranted = true),
  };
}

function signIn(
  url: string,
  flow: { isGranted: boolean },
  { method, path, body }: PlainRequest,
  reply: Reply,
) {
  const json = (status: number, value: unknown) =>
    reply.send(status, { 'Content-Type': 'application/json; charset=utf-8' }, JSON.stringify(value));
  if (method === 'POST' && path === '/cloud/index.php/login/v2')
    return json(200, {
      poll: { token: flowToken, endpoint: `${url}cloud/login/v2/poll` },
      login: `${url}cloud/login/v2/flow/guyjGtcKPTKCi4epIRIupIexgJ8wNInM`,
    });
  if (method !== 'POST' || path !== '/cloud/login/v2/poll') return reply.send(404);
  if (!flow.isGranted || new URLSearchParams(body.toString()).get('token') !== flowToken)
    return json(404, []);
  flow.isGranted = false;
  return json(200, { server: `${url}cloud`, loginName: 'alice', appPassword });
}

function answer(files: Map<string, LockedFile>, request: PlainRequest, reply: Reply): void {
  const account = accountOf(request);
  const end = (status: number, body = '', more: Record<string, string> = {}) =>
    reply.send(status, { DAV: features, Date: new Date().toUTCString(), ...more }, body);
  if (account === undefined)
    return end(401, notSignedIn, { 'WWW-Authenticate': 'Basic realm="Nextcloud"', ...xml });
  const { method, headers } = request;
  const name = decodeURIComponent(request.path.slice(base.length));
  if (method === 'OPTIONS') return end(200, '', { Allow: 'OPTIONS, GET, HEAD, PUT, PROPFIND, LOCK, UNLOCK' });
  if (method === 'PROPFIND') {
    const asksLocks = request.body.includes('http://nextcloud.org/ns');
    const names = name === '' ? (headers.depth === '0' ? [''] : ['', ...files.keys()]) : [name];
    const found = names.map((one) => response(one, files.get(one), asksLocks)).join('');
    return name !== '' && !files.has(name) ? end(404) : end(207, multistatus(found), xml);
  }
  const file = files.get(name);
  if (!file) return end(404);
  const isUserLock = headers['x-user-lock'] === '1';
  const shown = `${String(headers.if ?? '')}${String(headers['lock-token'] ?? '')}`;
  const { lock } = file;
  const mayWrite =
    !lock ||
    (lock.account === account && (lock.type === 0 || (lock.type === 2 && shown.includes(lock.token))));
  switch (method) {
    case 'GET':
      return end(200, file.text, { ETag: tagOf(file) });
    case 'PUT':
      if (headers['if-match'] !== undefined && headers['if-match'] !== tagOf(file)) return end(412);
      if (!mayWrite) return end(423, sabreLocked, xml);
      Object.assign(file, { text: request.body.toString(), tag: file.tag + 1 });
      return end(204, '', { ETag: tagOf(file) });
    case 'LOCK': {
      if (lock && shown.includes(lock.token) && mayWrite) return end(200, prop(discovery(file)), xml);
      if (lock) return end(423, sabreLocked, xml);
      change(file, { ...lockOf(account, 2), timeout: 600 });
      return end(200, prop(discovery(file)), {
        ...xml,
        'Lock-Token': `<opaquelocktoken:${file.lock?.token}>`,
      });
    }
    case 'UNLOCK':
      if (!isUserLock) {
        if (!lock || !shown.includes(lock.token)) return end(409);
        if (lock.account !== account) return end(403);
        change(file, undefined);
        return end(204);
      }
      if (!lock) return end(412, prop('<nc:lock/>'), xml);
      if (lock.account !== account && file.owner !== account) return end(423, prop(lockProps(lock)), xml);
      if (headers['x-user-lock-type'] !== String(lock.type)) return end(423, prop(lockProps(lock)), xml);
      change(file, undefined);
      return end(200, prop('<nc:lock/>'), xml);
    default:
      return end(405);
  }
}

const features = '1, 3, extended-mkcol, access-control, nc-paginate, nextcloud-checksum-update';
const xml = { 'Content-Type': 'application/xml; charset=utf-8' };
const declared = 'xmlns:d="DAV:" xmlns:s="http://sabredav.org/ns" xmlns:nc="http://nextcloud.org/ns"';
const notSignedIn = `<d:error ${declared}><s:exception>Sabre\\DAV\\Exception\\NotAuthenticated</s:exception><s:message>No public access to this resource.</s:message></d:error>`;
const sabreLocked = `<d:error ${declared}><s:exception>Sabre\\DAV\\Exception\\Locked</s:exception><d:lock-token-submitted/></d:error>`;

function accountOf({ headers }: PlainRequest): string | undefined {
  const [user = '', password] = Buffer.from((headers.authorization ?? '').replace(/^Basic /, ''), 'base64')
    .toString()
    .split(':');
  const isRight = password === `${user}-pw` || (user === 'alice' && password === appPassword);
  return people[user] !== undefined && isRight ? user : undefined;
}

function lockOf(account: string, type: 0 | 1 | 2): FilesLock {
  return { account, type, token: randomUUID(), time: Math.floor(Date.now() / 1000), timeout: 0 };
}

/** A lock changes the entity tag, as `propagateEtag` in lib/Service/LockService.php does. */
function change(file: LockedFile, lock: FilesLock | undefined): void {
  file.tag += 1;
  if (lock) file.lock = lock;
  else delete file.lock;
}

function tagOf({ tag }: LockedFile): string {
  return `"tag-${tag}"`;
}

function multistatus(responses: string): string {
  return `<?xml version="1.0"?><d:multistatus ${declared}>${responses}</d:multistatus>`;
}

function prop(content: string): string {
  return `<?xml version="1.0"?><d:prop ${declared}>${content}</d:prop>`;
}

function response(name: string, file: LockedFile | undefined, asksLocks: boolean): string {
  const props = file
    ? `<d:resourcetype/><d:getetag>${tagOf(file)}</d:getetag><d:getcontentlength>${file.text.length}</d:getcontentlength>` +
      discovery(file) +
      (asksLocks ? (file.lock ? lockProps(file.lock) : '<nc:lock/>') : '')
    : '<d:resourcetype><d:collection/></d:resourcetype><d:lockdiscovery/>';
  return (
    `<d:response><d:href>${base}${encodeURIComponent(name)}</d:href><d:propstat><d:prop>${props}</d:prop>` +
    '<d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>'
  );
}

function discovery({ lock }: LockedFile): string {
  if (!lock) return '<d:lockdiscovery/>';
  return (
    '<d:lockdiscovery><d:activelock><d:lockscope><d:exclusive/></d:lockscope><d:locktype><d:write/></d:locktype>' +
    `<d:depth>0</d:depth><d:owner>${nameOf(lock)}</d:owner><d:timeout>${lock.timeout ? `Second-${lock.timeout}` : 'Infinite'}</d:timeout>` +
    `<d:locktoken><d:href>opaquelocktoken:${lock.token}</d:href></d:locktoken></d:activelock></d:lockdiscovery>`
  );
}

function lockProps(lock: FilesLock): string {
  const isApp = lock.type === 1;
  return (
    `<nc:lock>1</nc:lock><nc:lock-owner-type>${lock.type}</nc:lock-owner-type>` +
    (isApp ? '<nc:lock-owner/>' : `<nc:lock-owner>${lock.account}</nc:lock-owner>`) +
    `<nc:lock-owner-displayname>${nameOf(lock)}</nc:lock-owner-displayname>` +
    `<nc:lock-owner-editor>${isApp ? lock.account : ''}</nc:lock-owner-editor>` +
    `<nc:lock-time>${lock.time}</nc:lock-time><nc:lock-timeout>${lock.timeout}</nc:lock-timeout>` +
    `<nc:lock-token>${lock.token}</nc:lock-token>`
  );
}

function nameOf({ account, type }: FilesLock): string {
  return (type === 1 ? apps : people)[account] ?? account;
}
