import type { Slots } from '../../base/slots';
import { isFailure, type RemoteFailure } from '../model/failure';
import type { ResourceId } from '../model/resource';
import type { Directory } from '../polling/directory';
import type { RemoteStat } from '../polling/remoteStat';

export interface FoundFile {
  readonly resource: ResourceId;
  readonly stat: RemoteStat | undefined;
}

export interface WalkOptions {
  readonly roots: readonly ResourceId[];
  /** Shared by everything that asks the server for the same purpose. */
  readonly slots: Slots;
  /** Listings younger than this are not asked for again. */
  readonly maxAgeMs: number;
  readonly signal: AbortSignal;
  /** Files that are not reported, and folders that are not entered. */
  readonly leavesOut: (resource: ResourceId, kind: RemoteStat['kind']) => boolean;
  /** The files of one folder, as soon as it is listed. */
  readonly onFiles: (files: readonly FoundFile[]) => void;
}

export interface WalkEnd {
  /** Folders that were listed. */
  readonly folders: number;
  readonly unlisted: readonly RemoteFailure[];
  /** Why not everything was walked. */
  readonly stopped?: 'canceled' | 'tooMany';
}

/** Links on a server can make a tree without end. */
const maxDepth = 64;
const maxFolders = 20_000;
const maxFiles = 200_000;

/** Lists folders breadth first by Depth 1, which every server allows, unlike Depth infinity. */
export async function walk(
  directory: Pick<Directory, 'list' | 'cached'>,
  options: WalkOptions,
): Promise<WalkEnd> {
  const { slots, signal, leavesOut } = options;
  const unlisted: RemoteFailure[] = [];
  let folders = 0;
  let entered = 0;
  let files = 0;
  let isOverLimit = false;

  const list = async (folder: ResourceId): Promise<readonly ResourceId[]> => {
    try {
      const members = await slots.run(() =>
        unlessAborted(signal, () => directory.list(folder, options.maxAgeMs, { brief: true })),
      );
      if (members) folders += 1;
      return members ?? [];
    } catch (error) {
      if (!isFailure(error)) throw error;
      unlisted.push(error);
      return [];
    }
  };

  const enter = async (folder: ResourceId, depth: number): Promise<void> => {
    entered += 1;
    if (depth > maxDepth || entered > maxFolders || files > maxFiles) {
      isOverLimit = true;
      return;
    }
    const members = await list(folder);
    if (signal.aborted) return;
    const below: ResourceId[] = [];
    const found: FoundFile[] = [];
    for (const resource of members) {
      const stat = directory.cached(resource);
      const kind = stat?.kind ?? 'file';
      if (leavesOut(resource, kind)) continue;
      if (kind === 'collection') below.push(resource);
      else found.push({ resource, stat });
    }
    files += found.length;
    if (found.length > 0) options.onFiles(found);
    await Promise.all(below.map((id) => enter(id, depth + 1)));
  };

  await Promise.all(options.roots.map((root) => enter(root, 0)));
  const stopped = signal.aborted ? 'canceled' : isOverLimit ? 'tooMany' : undefined;
  return { folders, unlisted, ...(stopped && { stopped }) };
}

/** Others may share the request, so it goes on; only this caller stops waiting for it. */
async function unlessAborted<T>(signal: AbortSignal, run: () => Promise<T>): Promise<T | undefined> {
  if (signal.aborted) return undefined;
  let stop = () => undefined as void;
  const aborted = new Promise<undefined>((resolve) => {
    stop = () => resolve(undefined);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([run(), aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
