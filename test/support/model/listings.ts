// How the model writes down files and locks.
import { nameOf, pathOf, type ResourceId } from '../../../src/core/model/resource';
import type { ModelLock, ModelServer } from '../core/modelServer';
import type { WireHabits } from './habits';
import type { Asker } from './request';

type Model = ModelServer<WireHabits>;

/** The entity tag in quotes, as it stands in a listing. */
export function tagOf(server: Model, resource: ResourceId): string | undefined {
  const file = server.files.get(resource);
  const etag = file && server.versionOf(file).etag;
  if (!etag) return undefined;
  const { foreignTags, tagsTellLocks } = server.habits;
  const opaque =
    (foreignTags ? 'ü' : '') +
    etag.opaque +
    (tagsTellLocks ? (server.lockOn(resource)?.token.replace(/\W/g, '') ?? '') : '');
  return `${etag.weak ? 'W/' : ''}"${opaque}"`;
}

/** A header carries bytes: what a listing shows as UTF-8 arrives as so many letters. */
export function inHeader(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

export function dateOf(wall: number): string {
  return new Date(wall).toUTCString();
}

export function entry(server: Model, resource: ResourceId, asker: Asker): string {
  const { habits } = server;
  const file = server.files.get(resource);
  const lock = server.lockOn(resource);
  const tag = tagOf(server, resource);
  const found = file
    ? `<D:resourcetype/><D:getcontentlength>${file.bytes.length}</D:getcontentlength>` +
      `<D:getlastmodified>${dateOf(file.modified)}</D:getlastmodified>` +
      (tag === undefined ? '' : `<D:getetag>${escaped(tag)}</D:getetag>`)
    : '<D:resourcetype><D:collection/></D:resourcetype>';
  const locks = lock ? activeLock(server, { resource, lock, reader: asker }) : '';
  const listed = habits.lists ? `<D:lockdiscovery>${locks}</D:lockdiscovery>` : '';
  const missing = habits.lists ? '' : propstat('<D:lockdiscovery/>', '404 Not Found');
  const href = `${pathOf(resource)}${file ? '' : '/'}`;
  return `<D:response><D:href>${href}</D:href>${propstat(found + listed, '200 OK')}${missing}</D:response>`;
}

export function multistatus(entries: readonly string[]): string {
  return `<?xml version="1.0" encoding="utf-8"?>\n<D:multistatus xmlns:D="DAV:">${entries.join('')}</D:multistatus>`;
}

interface Shown {
  readonly resource: ResourceId;
  readonly lock: ModelLock;
  readonly reader: Asker;
  /** Who takes a lock is told its token. */
  readonly granted?: boolean;
}

export function activeLock(server: Model, { resource, lock, reader, granted = false }: Shown): string {
  const { habits } = server;
  const showsToken =
    granted || habits.tokens === 'all' || (habits.tokens === 'own' && lock.who === reader.who);
  const time = timeoutOf(server, lock);
  const roots = { path: pathOf(resource), relative: nameOf(resource), absent: undefined };
  const root = roots[habits.lockroot];
  return (
    '<D:activelock><D:locktype><D:write/></D:locktype><D:lockscope><D:exclusive/></D:lockscope>' +
    `<D:depth>${habits.reportedDepth}</D:depth>${ownerOf(habits, lock)}` +
    (time === undefined ? '' : `<D:timeout>${time}</D:timeout>`) +
    (showsToken ? `<D:locktoken><D:href>${lock.token}</D:href></D:locktoken>` : '') +
    (root === undefined ? '' : `<D:lockroot><D:href>${root}</D:href></D:lockroot>`) +
    '</D:activelock>'
  );
}

function timeoutOf({ clock, habits }: Model, { ends }: ModelLock): string | undefined {
  if (habits.timeouts === 'none') return undefined;
  if (ends === undefined) return 'Infinite';
  const seconds = Math.max(0, (ends - clock.now().mono) / 1_000);
  const told = {
    seconds: Math.ceil(seconds),
    fractions: seconds.toFixed(3),
    milliseconds: Math.ceil(seconds * 1_000),
    constant: habits.grants(600) ?? 600,
    'far beyond': 4_100_000,
  };
  return `Second-${told[habits.timeouts]}`;
}

function ownerOf({ owners }: WireHabits, { owner }: ModelLock): string {
  const texts = { kept: escaped(owner), escaped: escaped(escaped(owner)), empty: '', dropped: undefined };
  const text = texts[owners];
  return text === undefined ? '' : `<D:owner>${text}</D:owner>`;
}

function propstat(props: string, status: string): string {
  return `<D:propstat><D:prop>${props}</D:prop><D:status>HTTP/1.1 ${status}</D:status></D:propstat>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
