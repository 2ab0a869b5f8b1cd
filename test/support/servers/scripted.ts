// A WebDAV server in one process that is brought into any state at once: each file is locked and refuses as a test says.
import { type PlainRequest, type PlainServer, type Reply, startPlainServer } from './plain';

export interface ScriptedLock {
  /** As it stands in DAV:owner, escaped here. */
  readonly owner?: string;
  /** `Second-300`, `Infinite`; a number is the moment at which it ends (Unix milliseconds), and counts down. */
  timeout: string | number;
  readonly token: string;
}

export interface ScriptedFile {
  text: string;
  lock?: ScriptedLock;
  /** How a PUT without the lock's token is answered; 423 where there is a lock, 204 where there is none. */
  refuses?: { readonly status: number; readonly body?: string };
}

export interface ScriptedServer extends PlainServer {
  /** By their names; they may be changed at any time. */
  readonly files: Record<string, ScriptedFile>;
}

const product = 'Scripted/1.0';

export async function startScriptedServer(files: Record<string, ScriptedFile>): Promise<ScriptedServer> {
  const server = await startPlainServer((request, reply) => answer(files, request, reply));
  return { ...server, files };
}

function answer(files: Record<string, ScriptedFile>, request: PlainRequest, reply: Reply): void {
  const { method, path } = request;
  const name = decodeURIComponent(path.slice(1));
  const file = files[name];
  const end = (status: number, body = '', more: Record<string, string> = {}) =>
    reply.send(status, { ...usual(), ...more }, body);
  if (method === 'OPTIONS') return end(200, '', { DAV: '1, 2', Allow: allowed });
  if (method === 'PROPFIND' && (name === '' || file)) {
    const members =
      name !== '' ? [name] : request.headers['depth'] === '1' ? ['', ...Object.keys(files)] : [''];
    const body = `<D:multistatus xmlns:D="DAV:">${members.map((one) => response(one, files[one])).join('')}</D:multistatus>`;
    return end(207, body, { 'Content-Type': 'application/xml' });
  }
  if (!file) return end(404);
  const sent = `${String(request.headers['if'] ?? '')} ${String(request.headers['lock-token'] ?? '')}`;
  const holds = file.lock !== undefined && sent.includes(file.lock.token);
  switch (method) {
    case 'GET':
    case 'HEAD':
      return end(200, method === 'GET' ? file.text : '', { ETag: tagOf(file) });
    case 'PUT':
      if (file.refuses) return end(file.refuses.status, file.refuses.body, { 'Content-Type': 'text/html' });
      if (file.lock && !holds) return end(423);
      file.text = request.body.toString();
      return end(204, '', { ETag: tagOf(file) });
    case 'LOCK': {
      if (file.lock && !holds) return end(423);
      const owner = /<D:owner>([^<]*)/.exec(request.body.toString())?.[1];
      file.lock ??= {
        token: `urn:uuid:${name}`,
        timeout: 'Second-600',
        ...(owner && { owner: unescaped(owner) }),
      };
      const body = `<D:prop xmlns:D="DAV:"><D:lockdiscovery>${activeLock(name, file.lock)}</D:lockdiscovery></D:prop>`;
      return end(200, body, { 'Content-Type': 'application/xml', 'Lock-Token': `<${file.lock.token}>` });
    }
    case 'UNLOCK':
      if (!holds) return end(409);
      delete file.lock;
      return end(204);
    default:
      return end(405, '', { Allow: allowed });
  }
}

const allowed = 'OPTIONS, GET, HEAD, PUT, PROPFIND, LOCK, UNLOCK';

function usual(): Record<string, string> {
  return { Server: product, Date: new Date().toUTCString() };
}

function tagOf({ text }: ScriptedFile): string {
  return `"${text.length}-${Buffer.from(text).toString('base64url').slice(0, 20)}"`;
}

function response(name: string, file: ScriptedFile | undefined): string {
  const props = file
    ? `<D:resourcetype/><D:getetag>${tagOf(file)}</D:getetag><D:getcontentlength>${Buffer.byteLength(file.text)}</D:getcontentlength>` +
      `<D:lockdiscovery>${file.lock ? activeLock(name, file.lock) : ''}</D:lockdiscovery>`
    : '<D:resourcetype><D:collection/></D:resourcetype><D:lockdiscovery/>';
  return (
    `<D:response><D:href>/${encodeURIComponent(name)}</D:href><D:propstat><D:prop>${props}</D:prop>` +
    '<D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>'
  );
}

function activeLock(name: string, { owner, timeout, token }: ScriptedLock): string {
  const left =
    typeof timeout === 'string'
      ? timeout
      : `Second-${Math.max(0, Math.round((timeout - Date.now()) / 1000))}`;
  return (
    '<D:activelock><D:locktype><D:write/></D:locktype><D:lockscope><D:exclusive/></D:lockscope><D:depth>0</D:depth>' +
    (owner === undefined ? '' : `<D:owner>${escaped(owner)}</D:owner>`) +
    `<D:timeout>${left}</D:timeout><D:locktoken><D:href>${token}</D:href></D:locktoken>` +
    `<D:lockroot><D:href>/${encodeURIComponent(name)}</D:href></D:lockroot></D:activelock>`
  );
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
