import { Emitter } from '../../base/emitter';
import { SingleFlight } from '../../base/singleFlight';
import type { ListedEntry } from '../model/evidence';
import type { LockListing, Stamp, UnknownWhy } from '../model/lock';
import { isFailure, RemoteFailure } from '../model/failure';
import { firstMentions, inTurns } from './listingBatches';
import type { LockStore } from '../locks/lockStore';
import type { CallOptions, Clock, ListOptions, RemoteEntry, RemoteListing, ServerOf } from '../model/ports';
import { isWithin, isWithinAny, parentOf, serverOf, type ResourceId, type ServerId } from '../model/resource';
import { compareVersions, type Version } from '../model/version';

/** What the editor is told of a resource. The time changes only when the content does. */
export interface Shown {
  readonly kind: 'file' | 'collection';
  readonly version: Version;
  /** Unix milliseconds. */
  readonly modified: number;
  readonly created: number;
  readonly size: number;
}

export type ContentChange = {
  readonly resource: ResourceId;
  readonly kind: 'created' | 'changed' | 'deleted';
};

const notReported: LockListing = { locks: [], reported: false };

interface CachedListing {
  readonly shown: Shown;
  /** Monotonic milliseconds of the answer. */
  readonly at: number;
}

interface Folder {
  readonly members: readonly ResourceId[];
  readonly at: number;
  /** Whether somebody is at work there: then the next answer will be news as well. */
  readonly isLively: boolean;
}

/** A folder that is being asked about, from the question until all of the answer is taken in. */
interface Asking {
  readonly folder: ResourceId;
  readonly at: Stamp;
  /** Its members as they were known before. */
  readonly before: readonly ResourceId[];
  /** What was made, moved or deleted here meanwhile: the answer is from before, and is not to be remembered as whole. */
  readonly forgotten: Set<ResourceId>;
}

/**
 * All listing goes through here: bursts share one request and a short memory, locks that come along go into the store,
 * and content that changed on the server is noticed.
 */
export class Directory {
  private readonly entries = new Map<ResourceId, CachedListing>();
  private readonly folders = new Map<ResourceId, Folder>();
  private readonly stats = new SingleFlight<ResourceId, Shown>();
  private readonly lists = new SingleFlight<ResourceId, readonly ResourceId[]>();
  private readonly asking = new Set<Asking>();
  /** Servers whose listings have no tags, although a write may tell one. */
  private readonly untagged = new Set<ServerId>();
  private readonly changes = new Emitter<readonly ContentChange[]>();

  /** Content that is not what the editor was shown before, by somebody else's doing. */
  readonly onDidChange = this.changes.event;

  constructor(
    private readonly serverOf: ServerOf,
    private readonly store: LockStore,
    private readonly clock: Clock,
  ) {}

  /** Depth 0, unless something younger than `maxAgeMs` is remembered. Rejects with a RemoteFailure. */
  stat(resource: ResourceId, maxAgeMs: number, options: CallOptions = {}): Promise<Shown> {
    const known = this.entries.get(resource);
    const isYoung = known && this.clock.now().mono - known.at <= maxAgeMs;
    if (isYoung && !options.exact) return Promise.resolve(known.shown);
    const run = () => this.ask(resource, options);
    // Who has to be exact asks now: an answer to a question from before its own write would mislead it. And a caller
    // with its own signal must not end the flight of others.
    return options.exact || options.signal ? run() : this.stats.run(resource, run);
  }

  /**
   * Depth 1. Rejects with a RemoteFailure.
   *
   * @param brief what matters is whether anything is new: where the tags of all members are known and the last answer
   *   was no news, only those and the locks are asked for, and the rest where that is not enough.
   */
  list(resource: ResourceId, maxAgeMs: number, { brief = false } = {}): Promise<readonly ResourceId[]> {
    const known = this.folders.get(resource);
    if (known && this.clock.now().mono - known.at <= maxAgeMs) return Promise.resolve(known.members);
    const run = () =>
      brief && known && this.isTagged(resource, known) ? this.askBriefly(resource) : this.askFolder(resource);
    return this.lists.run(resource, run);
  }

  /** What the last answer said, however old. */
  recall(resource: ResourceId): Shown | undefined {
    return this.entries.get(resource)?.shown;
  }

  /** Number of members at the last listing; undefined where never listed. */
  sizeOf(folder: ResourceId): number | undefined {
    return this.folders.get(folder)?.members.length;
  }

  /** Our own write landed: this is what the server has now. */
  wrote(resource: ResourceId, version: Version, size: number): Shown {
    const now = this.clock.now();
    const before = this.entries.get(resource)?.shown;
    const shown: Shown = {
      kind: 'file',
      version,
      size,
      modified: version.modified ?? Math.max(now.wall, (before?.modified ?? 0) + 1),
      created: before?.created ?? now.wall,
    };
    this.entries.set(resource, { shown, at: now.mono });
    if (!before) this.forgetFolder(resource);
    return shown;
  }

  /** Something was made, moved or deleted here by us: ask again next time. */
  forget(root: ResourceId): void {
    this.forgetAll(new Set([root]));
  }

  dispose(): void {
    this.changes.dispose();
  }

  private forgetAll(roots: ReadonlySet<ResourceId>): void {
    for (const id of this.entries.keys()) if (isWithinAny(id, roots)) this.entries.delete(id);
    for (const id of this.folders.keys()) if (isWithinAny(id, roots)) this.folders.delete(id);
    for (const root of roots) this.forgetFolder(root);
  }

  /** The folder of a member that came or went. */
  private forgetFolder(member: ResourceId): void {
    const parent = parentOf(member);
    if (parent) this.folders.delete(parent);
    for (const { folder, forgotten } of this.asking)
      if (isWithin(member, folder) || isWithin(folder, member)) forgotten.add(member);
  }

  private async ask(resource: ResourceId, options: CallOptions): Promise<Shown> {
    // Dated from the question: a lock that we took while the answer was on its way is newer than the answer.
    const at = this.clock.now();
    try {
      const entry = await this.serverOf(resource).stat(resource, options);
      this.store.apply({ kind: 'listed', entries: [entry], at });
      const { shown, change } = this.remember(entry, at.mono);
      if (change) this.changes.fire([change]);
      return shown;
    } catch (error) {
      this.noteFailure(resource, error);
      throw error;
    }
  }

  /** Whether a brief answer can tell that nothing is new. */
  private isTagged(folder: ResourceId, { members, isLively }: Folder): boolean {
    if (isLively || this.untagged.has(serverOf(folder))) return false;
    return members.every((id) => {
      const { kind, version } = this.entries.get(id)?.shown ?? {};
      return kind === 'collection' || version?.etag !== undefined;
    });
  }

  private async askBriefly(folder: ResourceId): Promise<readonly ResourceId[]> {
    const brief = await this.asked(folder, { brief: true }, async (listing, asking) => {
      const { self, members, ...rest } = listing;
      const entries = firstMentions(members);
      if (entries.some(({ kind, version }) => kind === 'file' && !version.etag))
        this.untagged.add(serverOf(folder));
      const itself = self && this.confirmed(self);
      const confirmed = entries.flatMap((entry) => this.confirmed(entry) ?? []);
      if (confirmed.length < entries.length || (self && !itself)) return undefined;
      const known = { ...rest, ...(itself && { self: itself }), members: confirmed };
      const ids = await this.take(known, asking, { isBrief: true });
      // Of what was forgotten meanwhile it does not tell enough.
      return asking.forgotten.size > 0 ? undefined : ids;
    });
    return brief ?? this.askFolder(folder, true);
  }

  /**
   * The entry with the version that is known of it, where its tag says that this still holds. What a collection tells
   * of itself changes with its members, which are listed.
   */
  private confirmed(entry: RemoteEntry): RemoteEntry | undefined {
    const { kind, version } = this.entries.get(entry.resource)?.shown ?? {};
    if (!version || kind !== entry.kind) return undefined;
    const isSame =
      compareVersions(version, entry.version) === 'same' && version.etag?.weak === entry.version.etag?.weak;
    return isSame || kind === 'collection' ? { ...entry, version } : undefined;
  }

  /** @param isLively something is known to be new. */
  private askFolder(folder: ResourceId, isLively = false): Promise<readonly ResourceId[]> {
    return this.asked(folder, {}, (listing, asking) => this.take(listing, asking, { isLively }));
  }

  private async asked<T>(
    folder: ResourceId,
    options: ListOptions,
    take: (listing: RemoteListing, asking: Asking) => T,
  ): Promise<Awaited<T>> {
    const before = this.folders.get(folder)?.members ?? [];
    const asking = { folder, at: this.clock.now(), before, forgotten: new Set<ResourceId>() };
    this.asking.add(asking);
    try {
      return await take(await this.serverOf(folder).list(folder, options), asking);
    } catch (error) {
      this.noteFailure(folder, error);
      throw error;
    } finally {
      this.asking.delete(asking);
    }
  }

  private async take(
    { self, members, unread = [] }: RemoteListing,
    asking: Asking,
    { isLively = false, isBrief = false } = {},
  ): Promise<readonly ResourceId[]> {
    const { folder, at, before, forgotten } = asking;
    const present = new Map(firstMentions(members).map((entry) => [entry.resource, entry]));
    // What the server could not read is there as before, and nothing is known of its locks.
    const standing = new Set(unread.filter((id) => this.entries.has(id) && !present.has(id)));
    const entries: ListedEntry[] = [...(self ? [self] : []), ...present.values()];
    for (const resource of standing) entries.push({ resource, listing: notReported });
    const changes: ContentChange[] = [];
    await inTurns(this.clock, entries, (some) => {
      this.store.apply({ kind: 'listed', entries: some, at });
      for (const { resource } of some) {
        // What was forgotten meanwhile cannot be put together again from its tag.
        if (isBrief && !this.entries.has(resource)) continue;
        const entry = resource === folder ? self : present.get(resource);
        const change = entry && this.remember(entry, at.mono).change;
        if (change) changes.push(change);
      }
    });
    // What goes from here on goes by this answer.
    this.asking.delete(asking);
    const ids = [...present.keys(), ...standing];
    const isThere = new Set(ids);
    // What we made again since the question is not missing from an answer that is older.
    const isNewer = (id: ResourceId) => (this.entries.get(id)?.at ?? 0) > at.mono;
    const missing = before.filter((id) => !isThere.has(id) && !isNewer(id) && !forgotten.has(id));
    this.vanish(missing);
    for (const resource of missing) changes.push({ resource, kind: 'deleted' });
    const found = { members: ids, at: at.mono, isLively: isLively || changes.length > 0 };
    if (forgotten.size === 0) this.folders.set(folder, found);
    if (changes.length > 0) this.changes.fire(changes);
    return ids;
  }

  private vanish(resources: readonly ResourceId[]): void {
    if (resources.length === 0) return;
    this.forgetAll(new Set(resources));
    this.store.apply({ kind: 'gone', resources });
  }

  private remember(entry: RemoteEntry, at: number): { shown: Shown; change?: ContentChange } {
    const known = this.entries.get(entry.resource);
    // An answer to an older question: our own write, or a later look, knows better.
    if (known && known.at > at) return { shown: known.shown };
    const before = known?.shown;
    if (before && before.version === entry.version) {
      this.entries.set(entry.resource, { shown: before, at });
      return { shown: before };
    }
    const same = before !== undefined && compareVersions(before.version, entry.version) !== 'changed';
    const modified = entry.version.modified ?? 0;
    const shown: Shown = {
      kind: entry.kind,
      version: entry.version,
      size: entry.version.size ?? 0,
      created: entry.created ?? modified,
      // A time that moves under unchanged content would be a false conflict in the editor.
      modified: same ? before.modified : Math.max(modified, before ? before.modified + 1 : 0),
    };
    this.entries.set(entry.resource, { shown, at });
    const changed = before !== undefined && !same && entry.kind === 'file';
    return changed ? { shown, change: { resource: entry.resource, kind: 'changed' } } : { shown };
  }

  /** A question about the resource failed, or would have. */
  noteFailure(resource: ResourceId, error: unknown): void {
    if (!(error instanceof RemoteFailure) || error.kind === 'cancelled') return;
    if (error.kind === 'notFound') {
      const known = this.entries.has(resource);
      this.vanish([resource]);
      if (known) this.changes.fire([{ resource, kind: 'deleted' }]);
    }
    this.store.apply({ kind: 'unanswered', resource, why: whyUnknown(error), at: this.clock.now() });
  }
}

/** Why a failed question leaves a lock's state unknown. */
export function whyUnknown(failure: RemoteFailure): UnknownWhy {
  if (isFailure(failure, 'signInNeeded', 'cannotSignIn')) return 'auth';
  if (isFailure(failure, 'forbidden')) return 'hidden';
  if (isFailure(failure, 'notFound')) return 'notFound';
  if (isFailure(failure, 'unsupported')) return 'noLocks';
  if (isFailure(failure, 'unreachable', 'timeout', 'tls', 'interrupted')) return 'unreachable';
  return 'serverFault';
}
