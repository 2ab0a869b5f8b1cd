import type { RemoteEntry } from '../../core/model/ports';
import type { ResourceId } from '../../core/model/resource';
import { type Etag, parseEtag, type Version } from '../../core/model/version';
import { listingOf } from './activeLock';
import type { Dates, LockContext } from './lockContext';
import type { RawResponse } from './raw';
import { detached } from '../xml/detached';

/** Builds the entry of one listed resource. Unreadable values count as not reported. */
export function entryOf(
  resource: ResourceId,
  { props, hrefs }: Pick<RawResponse, 'props' | 'hrefs'>,
  context: LockContext,
): RemoteEntry {
  const isCollection = props.collection ?? hrefs[0]?.endsWith('/') ?? false;
  const kind = isCollection ? 'collection' : 'file';
  // The length of a collection is that of an index page or of a directory on disk.
  const version = versionOf(
    props.etag,
    parsedDate(props.modified, context.modified),
    isCollection ? undefined : props.length,
  );
  const listing = listingOf(resource, props, context);
  const created = parsedDate(props.created, context.created);
  // Complete literals: adding fields later reserves spare memory, and a folder may have 100,000 entries.
  return created === undefined
    ? { resource, kind, version, listing }
    : { resource, kind, version, listing, created };
}

function parsedDate(date: string | undefined, dates: Dates): number | undefined {
  return date === undefined ? undefined : dates.of(date, date);
}

/** The version of the received or written content, from the response headers. */
export function versionOfHeaders(headers: Readonly<Record<string, string>>, size?: number): Version {
  return versionOf(
    headers['etag'],
    dateOf(headers['last-modified']),
    size === undefined ? undefined : String(size),
  );
}

function versionOf(
  tag: string | undefined,
  modified: number | undefined,
  length: string | undefined,
): Version {
  const etag = etagOf(tag);
  const size = length !== undefined && /^\d{1,15}$/.test(length) ? Number(length) : undefined;
  if (etag && modified !== undefined && size !== undefined) return { etag, modified, size };
  return {
    ...(etag === undefined ? {} : { etag }),
    ...(modified === undefined ? {} : { modified }),
    ...(size === undefined ? {} : { size }),
  };
}

/** A valid strong entity tag (RFC 9110 section 8.8.3). */
const strong = /^"[!#-~\x80-\xff]+"$/;
const sendable = /^[!#-~\x80-\xff]*$/;

/** A tag that is invalid in a header still distinguishes versions: it becomes a weak tag, which is never sent. */
function etagOf(text: string | undefined): Etag | undefined {
  if (text === undefined || text.length > 1024) return undefined;
  if (strong.test(text)) return { opaque: detached(text.slice(1, -1)), weak: false };
  const etag = parseEtag(text);
  return etag && { opaque: detached(etag.opaque), weak: etag.weak || !sendable.test(etag.opaque) };
}

export function dateOf(text: string | undefined): number | undefined {
  const time = text === undefined ? NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}
