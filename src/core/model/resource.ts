/**
 * The canonical name of a resource, remote or on disk: its absolute URL with uniformly percent-encoded path segments and no
 * trailing slash. Hrefs that differ only in encoding, case of hex digits or host, or trailing slash have the same
 * id.
 */
export type ResourceId = string & { readonly __resource: true };

/** A server: scheme, host and port, formatted as `URL.origin`; `file://` and the host for files on disk. */
export type ServerId = string & { readonly __server: true };

/** The id of an absolute http(s) URL or of a file: URI. Throws a TypeError for anything else. */
export function resourceId(url: string): ResourceId {
  const [, web, webPath = ''] = /^(https?:\/\/[^/?#]+)(.*)$/is.exec(url) ?? [];
  if (web !== undefined) return (new URL(web).origin + canonicalPath(webPath)) as ResourceId;
  // A file has no origin; its host is empty, or the server of a network share.
  const [, host, path = ''] = /^file:\/\/([^/?#]*)(\/.*)$/is.exec(url) ?? [];
  if (host === undefined) throw new TypeError(`Not an absolute http, https or file address: ${url}`);
  return `file://${host.toLowerCase()}${canonicalPath(path)}` as ResourceId;
}

/**
 * The folder that an http or https address names, without its query. Undefined for other text, and for an address
 * with a user name or password, which would end up in settings and titles.
 */
export function parseWebAddress(url: string): ResourceId | undefined {
  if (!/^https?:\/\/[^/?#]/i.test(url) || !URL.canParse(url)) return undefined;
  const { username, password } = new URL(url);
  return username === '' && password === '' ? resourceId(url.split(/[?#]/, 1)[0] ?? url) : undefined;
}

/** Longer than any path that a server could be asked for: headers end at this size. */
const longestHref = 20 * 1024;

/**
 * The resource that an href in a response names (RFC 4918 section 8.3): a path or an absolute URL, possibly with
 * raw `#` and `?`. The host is ignored, because servers behind a proxy write their internal name. Undefined if it
 * is no path or not UTF-8: old servers write Latin-1, and such a name cannot be requested.
 */
export function resolveHref(about: ResourceId, href: string): ResourceId | undefined {
  if (href.length > longestHref) return undefined;
  const path = /^[a-z][a-z0-9+.-]*:\/\/[^/]*(.*)$/is.exec(href.trim())?.[1] ?? href.trim();
  if (path !== '' && !path.startsWith('/')) return undefined;
  try {
    return (serverOf(about) + canonicalPath(path, decodeUtf8)) as ResourceId;
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

export function serverOf(id: ResourceId): ServerId {
  return id.slice(0, pathStart(id)) as ServerId;
}

/** The encoded path, `''` for the root. */
export function pathOf(id: ResourceId): string {
  return id.slice(pathStart(id));
}

/** The parent collection; undefined for a server's root. */
export function parentOf(id: ResourceId): ResourceId | undefined {
  const slash = id.lastIndexOf('/');
  return slash < pathStart(id) ? undefined : (id.slice(0, slash) as ResourceId);
}

/** The last path segment, decoded; the host for a server's root. */
export function nameOf(id: ResourceId): string {
  const path = pathOf(id);
  return path === '' ? new URL(id).host : decode(path.slice(path.lastIndexOf('/') + 1));
}

/** Decoded path segments, root first. */
export function segmentsOf(id: ResourceId): string[] {
  return pathOf(id).split('/').slice(1).map(decode);
}

export function childOf(id: ResourceId, name: string): ResourceId {
  return `${id}/${encodeURIComponent(name.toWellFormed())}` as ResourceId;
}

/** Whether `id` is `root` or below it. */
export function isWithin(id: ResourceId, root: ResourceId): boolean {
  return id === root || id.startsWith(`${root}/`);
}

/** Whether `id` is one of `roots` or below one; fast for many ids and many roots. */
export function isWithinAny(id: ResourceId, roots: ReadonlySet<ResourceId>): boolean {
  for (let at: ResourceId | undefined = id; at; at = parentOf(at)) if (roots.has(at)) return true;
  return false;
}

/** The URL to request: collections end in a slash, because some servers redirect otherwise. */
export function urlOf(id: ResourceId, kind: 'file' | 'collection' = 'file'): string {
  return kind === 'collection' || pathOf(id) === '' ? `${id}/` : id;
}

function pathStart(id: ResourceId): number {
  const slash = id.indexOf('/', id.indexOf('://') + 3);
  return slash < 0 ? id.length : slash;
}

function canonicalPath(path: string, decoded = decode): string {
  const kept: string[] = [];
  // Half a surrogate pair, left by cutting a text between UTF-16 units, cannot be encoded.
  for (const segment of path.toWellFormed().split('/').map(decoded)) {
    if (segment === '' || segment === '.') continue;
    // Applies to an encoded `..` too: no name may lead above its own folder.
    if (segment === '..') kept.pop();
    else kept.push(encodeURIComponent(segment));
  }
  return kept.map((segment) => `/${segment}`).join('');
}

/** Percent-decodes; a percent sign that begins no escape is literal. Throws a URIError if not UTF-8. */
function decodeUtf8(segment: string): string {
  return segment.includes('%') ? decodeURIComponent(segment.replace(barePercent, '%25')) : segment;
}

const barePercent = /%(?![0-9a-f]{2})/gi;

/** Percent-decodes; keeps a segment that is not valid UTF-8 unchanged. */
function decode(segment: string): string {
  try {
    return decodeUtf8(segment);
  } catch (error) {
    if (error instanceof URIError) return segment;
    throw error;
  }
}
