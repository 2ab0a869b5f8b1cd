import { RemoteFailure } from '../model/failure';
import type { FilesOf, RemoteContent } from '../model/ports';
import type { ResourceId } from '../model/resource';
import { compareVersions, listedSizeOf, type Version } from '../model/version';
import type { Directory } from '../polling/directory';

export interface CurrentContentDeps {
  readonly filesOf: FilesOf;
  readonly directory: Pick<Directory, 'stat'>;
}

/**
 * Reads the content that the server has now. Rejects with a RemoteFailure, also where the content stays another one
 * than a look has just seen: some caches answer with an older one, whatever they are asked.
 */
export async function readCurrent(
  { filesOf, directory }: CurrentContentDeps,
  resource: ResourceId,
): Promise<RemoteContent> {
  // Somebody may have written between the look and the read, but hardly twice.
  for (let attempts = 0; attempts < 2; attempts += 1) {
    const { version } = await directory.stat(resource, 0, { exact: true });
    const content = await filesOf(resource).read(resource, listedSizeOf(version));
    if (isOf(content.version, version)) return content;
  }
  throw new RemoteFailure('badAnswer', { method: 'GET', resource, code: 'OUTDATED' });
}

/** Some servers list another tag than they send, or another one each time: there, time and size tell. */
function isOf(read: Version, seen: Version): boolean {
  if (compareVersions(seen, read) !== 'changed') return true;
  return read.modified !== undefined && read.modified === seen.modified && read.size === seen.size;
}
