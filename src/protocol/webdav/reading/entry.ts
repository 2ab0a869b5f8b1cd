import type { RemoteEntry } from '../../../core/model/ports';
import type { ResourceId } from '../../../core/model/resource';
import { type Etag, parseEtag, type Version } from '../../../core/model/version';
import { listingOf } from './activeLock';
import type { Dates, LockContext } from './lockContext';
import type { RawResponse } from './raw';
import { detached } from '../../xml/detached';

/** Builds the entry of one listed resource. Unreadable values count as not reported. */
export function entryOf(
  resource: ResourceId,
  { props, hrefs }: Pick<RawResponse, 'props' | 'hrefs'>,
  context: LockContext,
): RemoteEntry {
  const isCollection = props.collection ?? hrefs[0]?.endsWith('/') ?? false;
  const kind = isCollection ? 'collection' : 'file';
  // The length of a collection is that of an index page or of a directory on disk.
  const modified = parsedDate(props.modified, context.modified);
  const version = weakIfRecent(
    versionOf(headerText(props.etag), modified, isCollection ? undefined : props.length),
    context.date,
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

const nonAscii = /[^\0-\x7f]/;

/** Tags are bytes: XML shows them as UTF-8 text, headers one character for each byte, and If-Match must send them. */
function headerText(text: string | undefined): string | undefined {
  return text !== undefined && nonAscii.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text;
}

/** The version of the received or written content, from the response headers. */
export function versionOfHeaders(headers: Readonly<Record<string, string>>, size?: number): Version {
  const modified = dateOf(headers['last-modified']);
  const version = versionOf(headers['etag'], modified, size === undefined ? undefined : String(size));
  return weakIfRecent(version, dateOf(headers['date']));
}

/** A second change in the second of the first may leave the tag as it is (RFC 9110 section 8.8.2.2). */
const recentMs = 2_000;

/** @param date the Date of the response. */
function weakIfRecent(version: Version, date: number | undefined): Version {
  const { etag, modified } = version;
  if (!etag || etag.weak || modified === undefined || date === undefined) return version;
  return date - modified < recentMs ? { ...version, etag: { ...etag, weak: true, young: true } } : version;
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
