import { isFailure, type RemoteFailure } from '../model/failure';
import type { Clock } from '../model/ports';
import { isWithin, nameOf, parentOf, resourceId, serverOf, type ResourceId } from '../model/resource';
import type { Directory } from './directory';

export interface FolderOpeningDeps {
  readonly directory: Directory;
  readonly clock: Clock;
  /** The folders of the workspace. */
  readonly roots: () => readonly ResourceId[];
  /** Whether the editor looks for such a file in every folder that it opens. */
  readonly isLookedFor: (resource: ResourceId) => boolean;
}

/** The editor looks for its files for some seconds after it opens a folder, and again when extensions start. */
const openingMs = 15_000;
/** For the burst of requests of one moment; a server may be back soon. */
const failureMs = 3_000;
/** A listing of so many members costs as much as asking for a handful of files. */
const maxListedAgain = 200;
/** In a longer listing, names are not searched. */
const maxMembers = 20_000;

/** The server did not say whether the resource exists. */
export const notReached = ['signInNeeded', 'cannotSignIn', 'unreachable', 'timeout'] as const;

/**
 * Opening a folder costs one listing of it. The editor asks for the folder, then for dozens of files that may be in it
 * and mostly are not, then for its members: all of this is answered from that listing.
 */
export class FolderOpening {
  /** Folders that were listed for this purpose, or could not be. */
  private readonly begun = new Set<ResourceId>();
  /** Servers that could not be asked, and when. */
  private readonly failures = new Map<ResourceId, { failure: RemoteFailure; at: number }>();
  /** Listings that the explorer has not been given yet. */
  private readonly unread = new Set<ResourceId>();
  private readonly folded = new WeakMap<readonly ResourceId[], ReadonlySet<string>>();

  constructor(private readonly deps: FolderOpeningDeps) {}

  /**
   * Lists a folder of the workspace that was never listed. Rejects if that failed for a reason that any request has;
   * for another one, the folder itself may be asked for.
   */
  async list(root: ResourceId): Promise<void> {
    const { directory, roots } = this.deps;
    if (roots().includes(root) && directory.listedAt(root) === undefined) await this.recentMembers(root);
  }

  /**
   * Whether a recent listing shows that a file which the editor looks for is not there; false if in doubt. Rejects if
   * the server could not be asked for the listing just now: then dozens of files need not fail one by one.
   */
  async isMissing(resource: ResourceId): Promise<boolean> {
    if (!this.deps.isLookedFor(resource)) return false;
    const root = this.rootAbove(resource);
    if (root === undefined || root === resource) return false;
    for (const child of pathBelow(root, resource)) {
      const members = await this.recentMembers(parentOf(child) ?? root);
      if (!members || members.length > maxMembers) return false;
      if (!this.namesIn(members).has(folded(child))) return true;
      // Another spelling may be the same file to the server: only the server can tell.
      if (!members.includes(child)) return false;
    }
    return false;
  }

  /** The folder of the workspace, or the root of its server, where the editor looks for what is in a home directory. */
  private rootAbove(resource: ResourceId): ResourceId | undefined {
    const roots = this.deps.roots();
    const server = serverOf(resource);
    return (
      roots.find((one) => isWithin(resource, one)) ??
      (roots.some((one) => serverOf(one) === server) ? resourceId(server) : undefined)
    );
  }

  /** How old an answer about the resource may be, if opening a folder has just asked for it. */
  maxAgeMs(resource: ResourceId): number | undefined {
    const { roots, isLookedFor } = this.deps;
    return roots().includes(resource) || isLookedFor(resource) ? openingMs : undefined;
  }

  /** How old a listing may be that the explorer is given: the one made for opening counts once. */
  takeListing(folder: ResourceId): number | undefined {
    return this.unread.delete(folder) ? openingMs : undefined;
  }

  /** Undefined if the folder was not listed lately and cannot be. */
  private async recentMembers(folder: ResourceId): Promise<readonly ResourceId[] | undefined> {
    try {
      return await this.membersOf(folder);
    } catch (error) {
      if (!isFailure(error)) throw error;
      if (!isFailure(error, ...notReached)) return undefined;
      this.failures.set(folder, { failure: error, at: this.deps.clock.now().mono });
      throw error;
    }
  }

  private async membersOf(folder: ResourceId): Promise<readonly ResourceId[] | undefined> {
    const { directory, clock } = this.deps;
    const now = clock.now().mono;
    const listedAt = directory.listedAt(folder);
    const isRecent = listedAt !== undefined && now - listedAt <= openingMs;
    if (isRecent || directory.isListing(folder)) return directory.list(folder, openingMs);
    const failed = this.failures.get(folder);
    if (failed && listedAt === undefined && now - failed.at <= failureMs) throw failed.failure;
    // Dozens of files may be looked for again, such as after a long start. A large folder, or one that could not be
    // listed, is not listed for this: then the file itself is asked for.
    if (listedAt !== undefined)
      return (directory.sizeOf(folder) ?? Infinity) > maxListedAgain
        ? undefined
        : directory.list(folder, openingMs, { brief: true });
    if (this.begun.has(folder)) return undefined;
    this.begun.add(folder);
    this.unread.add(folder);
    return directory.list(folder, openingMs);
  }

  private namesIn(members: readonly ResourceId[]): ReadonlySet<string> {
    const known = this.folded.get(members) ?? new Set(members.map(folded));
    this.folded.set(members, known);
    return known;
  }
}

/** From the member of `root` down to the resource. */
function pathBelow(root: ResourceId, resource: ResourceId): ResourceId[] {
  const path: ResourceId[] = [];
  for (let id: ResourceId | undefined = resource; id && id !== root; id = parentOf(id)) path.unshift(id);
  return path;
}

/** Servers may take names for the same that differ in case or in Unicode form. */
function folded(id: ResourceId): string {
  return nameOf(id).normalize('NFKC').toLowerCase();
}
