/** What identifies one version of a file's content. */
export interface Version {
  readonly etag?: Etag;
  /** Last-Modified, Unix milliseconds. */
  readonly modified?: number;
  readonly size?: number;
}

/** An entity tag (RFC 9110 section 8.8.3): its opaque part without quotes, and whether it is weak. */
export interface Etag {
  readonly opaque: string;
  readonly weak: boolean;
  /** Counts as weak only because the content was written just now; the server itself calls it strong. */
  readonly young?: true;
}

/** How many bytes a read of the version should have at least. */
export function listedSizeOf(version: Version | undefined): { readonly listedSize?: number } {
  return version?.size === undefined ? {} : { listedSize: version.size };
}

/** Parses an entity tag as servers write it: strong, weak, or without quotes. */
export function parseEtag(text: string | undefined): Etag | undefined {
  const match = /^\s*(W\/)?("?)(.*)\2\s*$/s.exec(text ?? '');
  const opaque = match?.[3];
  return opaque ? { opaque, weak: match[1] !== undefined } : undefined;
}

/**
 * Weak comparison (RFC 9110 section 8.8.3.2): `unknown` if either side has too little data. Entity tags decide;
 * without them, modification time and size together do.
 */
export function compareVersions(before: Version, now: Version): 'same' | 'changed' | 'unknown' {
  if (before.etag && now.etag) return before.etag.opaque === now.etag.opaque ? 'same' : 'changed';
  if (before.size !== undefined && now.size !== undefined && before.size !== now.size) return 'changed';
  if (before.modified === undefined || now.modified === undefined) return 'unknown';
  return before.modified === now.modified ? 'same' : 'changed';
}

/** The value for If-Match (strong comparison only, RFC 9110 section 13.1.1); undefined without a strong tag. */
export function ifMatch(version: Version | undefined): string | undefined {
  return version?.etag && !version.etag.weak ? `"${version.etag.opaque}"` : undefined;
}

/**
 * What a write is sent with as If-Match. A tag that is too young proves nothing where it fits; where it does not,
 * somebody has written, and the server may be the only one to see it in time.
 */
export function ifMatchToSend(version: Version | undefined): string | undefined {
  return version?.etag?.young ? `"${version.etag.opaque}"` : ifMatch(version);
}
