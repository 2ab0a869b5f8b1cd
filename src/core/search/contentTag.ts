import type { Version } from '../model/version';

/** Within one tick of a server's clock two contents may have the same tag. */
const tickMs = 2_000;

/** What distinguishes the contents of one file; undefined if the server says too little. */
export function contentTagOf({ etag, modified, size }: Version): string | undefined {
  if (etag && !etag.weak) return `"${etag.opaque}"`;
  if (modified === undefined || size === undefined) return undefined;
  return `${etag ? `W/"${etag.opaque}" ` : ''}${modified} ${size}`;
}

/** Whether a content that was just read may be kept under the tag of its version. `now` in Unix milliseconds. */
export function isSettled({ modified }: Version, now: number): boolean {
  return modified === undefined || Math.abs(now - modified) > tickMs;
}
