import type { RemoteEntry } from '../model/ports';
import type { Version } from '../model/version';

/** A resource as VS Code sees it. `modified` changes only when the content does. */
export interface RemoteStat {
  readonly kind: 'file' | 'collection';
  readonly version: Version;
  /** Unix milliseconds. */
  readonly modified: number;
  readonly created: number;
  readonly size: number;
}

/** @param same the content is that of `before`. */
export function statOf(entry: RemoteEntry, before?: RemoteStat, same = false): RemoteStat {
  const modified = entry.version.modified ?? 0;
  return {
    kind: entry.kind,
    version: entry.version,
    size: entry.version.size ?? 0,
    created: entry.created ?? modified,
    // A changed time with unchanged content would cause a false save conflict in VS Code.
    modified: before && same ? before.modified : Math.max(modified, before ? before.modified + 1 : 0),
  };
}

/** After our own write, until the server is asked again. */
export function statOfWritten(
  version: Version,
  size: number,
  { before, now }: { readonly before: RemoteStat | undefined; readonly now: number },
): RemoteStat {
  return {
    kind: 'file',
    version,
    size,
    modified: version.modified ?? Math.max(now, (before?.modified ?? 0) + 1),
    created: before?.created ?? now,
  };
}
