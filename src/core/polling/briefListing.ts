import type { RemoteEntry } from '../model/ports';
import { compareVersions } from '../model/version';
import type { RemoteStat } from './remoteStat';

// A brief listing has only entity tags and locks. Where each tag is the known one, it proves that no content changed.

/** Whether a brief listing could show a change. A collection's members are listed anyway. */
export function isTagged(shown: RemoteStat | undefined): boolean {
  return shown?.kind === 'collection' || shown?.version.etag !== undefined;
}

/**
 * The entry with the version that is known, if the entity tag confirms it. A collection's own version changes with its
 * members, which are listed anyway.
 */
export function confirmed(entry: RemoteEntry, shown: RemoteStat | undefined): RemoteEntry | undefined {
  const { kind, version } = shown ?? {};
  if (!version || kind !== entry.kind) return undefined;
  const isSame =
    compareVersions(version, entry.version) === 'same' && version.etag?.weak === entry.version.etag?.weak;
  return isSame || kind === 'collection' ? { ...entry, version } : undefined;
}
