/**
 * The one name of a remote resource: its absolute URL with every path segment percent-encoded the same way and no
 * trailing slash. Two hrefs that differ in encoding, case of hex digits, host or trailing slash are one id.
 */
export type ResourceId = string & { readonly __resource: true };

/** Where a resource lives: scheme, host and port, as `URL.origin` writes it. */
export type ServerId = string & { readonly __server: true };

/** The id of an absolute http(s) URL. Throws a TypeError for anything else. */
export function resourceId(url: string): ResourceId {
  const match = /^(https?:\/\/[^/?#]+)(.*)$/is.exec(url);
  if (!match) throw new TypeError(`Not an absolute http or https address: ${url}`);
  const [, origin = '', path = ''] = match;
  return (new URL(origin).origin + canonicalPath(path)) as ResourceId;
}

/**
 * The folder that an http or https address means, without its query. Undefined for what is no such address, and where
 * a name or password stands in it: those would end up in settings and titles.
 */
export function readWebAddress(url: string): ResourceId | undefined {
  if (!/^https?:\/\/[^/?#]/i.test(url) || !URL.canParse(url)) return undefined;
  const { username, password } = new URL(url);
  return username === '' && password === '' ? resourceId(url.split(/[?#]/, 1)[0] ?? url) : undefined;
}

/** Longer than any path that a server could be asked for: headers end at this size. */
const longestHref = 16 * 1024;

/**
 * The resource that an href in a server's answer means (RFC 4918 section 8.3): a path or an absolute URL, with `#` and
 * `?` possibly raw in it. A foreign host is read by its path alone, because servers behind a proxy write their inner
 * name. Returns undefined for what is no path at all, and for a name that is not UTF-8: old servers write Latin-1, and
 * by such a name nothing could be asked for.
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

/** The collection that holds the resource; undefined for a server's root. */
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

/** Whether `id` is `root` itself or lies below it. */
export function isWithin(id: ResourceId, root: ResourceId): boolean {
  return id === root || id.startsWith(`${root}/`);
}

/** Whether `id` is one of `roots` or lies below one: for many of both, in one pass. */
export function isWithinAny(id: ResourceId, roots: ReadonlySet<ResourceId>): boolean {
  for (let at: ResourceId | undefined = id; at; at = parentOf(at)) if (roots.has(at)) return true;
  return false;
}

/** The address to ask: collections end in a slash, or some servers answer with a redirect. */
export function urlOf(id: ResourceId, kind: 'file' | 'collection' = 'file'): string {
  return kind === 'collection' || pathOf(id) === '' ? `${id}/` : id;
}

function pathStart(id: ResourceId): number {
  const slash = id.indexOf('/', id.indexOf('://') + 3);
  return slash < 0 ? id.length : slash;
}

function canonicalPath(path: string, decoded = decode): string {
  const kept: string[] = [];
  // Half a surrogate pair, as a text cut by units ends with, is no character and cannot be encoded.
  for (const segment of path.toWellFormed().split('/').map(decoded)) {
    if (segment === '' || segment === '.') continue;
    // Also where it came encoded: no name may lead above where it stands.
    if (segment === '..') kept.pop();
    else kept.push(encodeURIComponent(segment));
  }
  return kept.map((segment) => `/${segment}`).join('');
}

/** Percent-decodes; a percent sign that begins no escape stands for itself. Throws a URIError for what is not UTF-8. */
function decodeUtf8(segment: string): string {
  return segment.includes('%') ? decodeURIComponent(segment.replace(barePercent, '%25')) : segment;
}

const barePercent = /%(?![0-9a-f]{2})/gi;

/** Percent-decodes; what is not valid UTF-8 stays as it is. */
function decode(segment: string): string {
  try {
    return decodeUtf8(segment);
  } catch (error) {
    if (error instanceof URIError) return segment;
    throw error;
  }
}
