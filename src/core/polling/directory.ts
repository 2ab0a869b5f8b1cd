import { Owner } from '../../base/disposable';
import { Emitter } from '../../base/emitter';
import { SingleFlight } from '../../base/singleFlight';
import type { ListedEntry } from '../model/evidence';
import type { LockListing, UnknownReason } from '../model/lock';
import { RemoteFailure } from '../model/failure';
import { confirmed, isTagged } from './briefListing';
import { unknownReasonOf } from './unknownReason';
import { byResource, inBatches, inSteps, pauseAfter, withoutDuplicates } from './listingBatches';
import type { LockStore } from '../locks/lockStore';
import type { CallOptions, Clock, ListOptions, RemoteEntry, RemoteListing, FilesOf } from '../model/ports';
import { isWithinAny, parentOf, serverOf, type ResourceId, type ServerId } from '../model/resource';
import { ResourceMap } from '../model/resourceMap';
import { compareVersions, type Version } from '../model/version';
import { PendingRequests, type PendingListing, type PendingStat } from './pendingRequests';
import { statOf, statOfWritten, type RemoteStat } from './remoteStat';

export type ContentChange = {
  readonly resource: ResourceId;
  readonly kind: 'created' | 'changed' | 'deleted';
};

const notReported: LockListing = { locks: [], reported: false };

interface CachedListing {
  readonly shown: RemoteStat;
  /** When the response was requested, in monotonic milliseconds. */
  readonly at: number;
}

interface Folder {
  readonly members: readonly ResourceId[];
  readonly at: number;
  /** Whether the last listing had changes; then the next one probably has, too. */
  readonly isActive: boolean;
}

export interface StatOptions extends CallOptions {
  readonly fresh?: boolean;
}

/**
 * All listings go through this class: it caches briefly, shares concurrent requests, stores the listed locks and
 * detects content that changed on the server.
 */
export class Directory extends Owner {
  private readonly entries = new ResourceMap<CachedListing>();
  private readonly folders = new ResourceMap<Folder>();
  private readonly stats = new SingleFlight<ResourceId, RemoteStat>();
  private readonly lists = new SingleFlight<ResourceId, readonly ResourceId[]>();
  private readonly pending = new PendingRequests();
  /** Servers whose listings have no entity tags, even if their write responses do. */
  private readonly untagged = new Set<ServerId>();
  private readonly changes = this.owned.add(new Emitter<readonly ContentChange[]>());

  /** Content that somebody else changed since VS Code last saw it. */
  readonly onDidChange = this.changes.event;

  constructor(
    private readonly filesOf: FilesOf,
    private readonly store: LockStore,
    private readonly clock: Clock,
  ) {
    super();
  }

  /**
   * Depth 0, unless the cache is younger than `maxAgeMs`. Rejects with a RemoteFailure.
   *
   * @param options `fresh`: never joins a request under way, whose response may predate what matters now.
   */
  stat(resource: ResourceId, maxAgeMs: number, options: StatOptions = {}): Promise<RemoteStat> {
    const known = this.entries.get(resource);
    const isFresh = known && this.clock.now().mono - known.at <= maxAgeMs;
    if (isFresh && !options.exact) return Promise.resolve(known.shown);
    const run = () => this.fetchStat(resource, options);
    // Exact callers bypass the single flight: a shared response may predate their own write. A caller's own signal
    // must not abort requests of others.
    return options.exact || options.fresh || options.signal ? run() : this.stats.run(resource, run);
  }

  /**
   * Depth 1. Rejects with a RemoteFailure.
   *
   * @param brief request only entity tags and locks if all members' tags are known and the last listing had no
   *   changes; falls back to a full listing.
   * @param fresh never joins a request under way, whose response may predate what matters now.
   */
  list(
    resource: ResourceId,
    maxAgeMs: number,
    { brief = false, fresh = false } = {},
  ): Promise<readonly ResourceId[]> {
    const known = this.folders.get(resource);
    if (known && this.clock.now().mono - known.at <= maxAgeMs) return Promise.resolve(known.members);
    const run = () =>
      brief && known && this.canBeBrief(resource, known)
        ? this.fetchBriefly(resource)
        : this.fetchFolder(resource);
    return fresh ? run() : this.lists.run(resource, run);
  }

  /** The last response, however old. */
  cached(resource: ResourceId): RemoteStat | undefined {
    return this.entries.get(resource)?.shown;
  }

  /** Number of members at the last listing; undefined if never listed. */
  sizeOf(folder: ResourceId): number | undefined {
    return this.folders.get(folder)?.members.length;
  }

  /** Whether a listing is under way, which another call would join. */
  isListing(folder: ResourceId): boolean {
    return this.lists.isRunning(folder);
  }

  /** When the last listing was requested, in monotonic milliseconds; undefined if it no longer counts. */
  listedAt(folder: ResourceId): number | undefined {
    return this.folders.get(folder)?.at;
  }

  /** A request about the resource is sent elsewhere; ends with {@link noLongerAsking}. */
  asking(resource: ResourceId): PendingStat {
    const pending = { resource, at: this.clock.now(), isForgotten: false };
    this.pending.stats.add(pending);
    return pending;
  }

  /** Records the response, as if it was requested here. */
  answered(pending: PendingStat, entry: RemoteEntry): RemoteStat {
    if (pending.isForgotten) return statOf(entry);
    const { at } = pending;
    this.store.apply({ kind: 'listed', entries: [entry], at });
    const { shown, change } = this.remember(entry, at.mono);
    if (change) this.changes.fire([change]);
    return shown;
  }

  noLongerAsking(pending: PendingStat): void {
    this.pending.stats.delete(pending);
  }

  /** Our own write succeeded: records what the server has now. */
  wrote(resource: ResourceId, version: Version, size: number): RemoteStat {
    const now = this.clock.now();
    const before = this.entries.get(resource)?.shown;
    const shown = statOfWritten(version, size, { before, now: now.wall });
    this.entries.set(resource, { shown, at: now.mono });
    if (!before) {
      this.dropFolderOf(resource);
      this.pending.forgetMember(resource);
    }
    return shown;
  }

  /** We created, moved or deleted something here: the next call asks the server. */
  forget(root: ResourceId): void {
    this.forgetAll(new Set([root]));
  }

  private forgetAll(roots: ReadonlySet<ResourceId>): void {
    this.pending.forget(roots);
    for (const root of roots) {
      this.entries.deleteWithin(root);
      this.folders.deleteWithin(root);
      this.dropFolderOf(root);
    }
  }

  /** Drops the cached folder of a member that was added or removed. */
  private dropFolderOf(member: ResourceId): void {
    const parent = parentOf(member);
    if (parent) this.folders.delete(parent);
  }

  private async fetchStat(resource: ResourceId, options: CallOptions): Promise<RemoteStat> {
    const pending = this.asking(resource);
    try {
      return this.answered(pending, await this.filesOf(resource).stat(resource, options));
    } catch (error) {
      if (!pending.isForgotten) this.noteFailure(resource, error);
      throw error;
    } finally {
      this.noLongerAsking(pending);
    }
  }

  /** Whether a brief listing can prove that nothing changed. */
  private canBeBrief(folder: ResourceId, { members, isActive }: Folder): boolean {
    if (isActive || this.untagged.has(serverOf(folder))) return false;
    return members.every((id) => isTagged(this.cached(id)));
  }

  private async fetchBriefly(folder: ResourceId): Promise<readonly ResourceId[]> {
    const brief = await this.fetchListing(folder, { brief: true }, async (listing, pending) => {
      const { self, members, ...rest } = listing;
      const confirm = (entry: RemoteEntry) => confirmed(entry, this.cached(entry.resource));
      const confirmedSelf = self && confirm(self);
      const known = await inSteps(this.clock, members, (entry) => {
        if (entry.kind === 'file' && !entry.version.etag) this.untagged.add(serverOf(folder));
        return confirm(entry);
      });
      if (known.length < members.length || (self && !confirmedSelf)) return undefined;
      const whole = { ...rest, ...(confirmedSelf && { self: confirmedSelf }), members: known };
      const ids = await this.applyListing(whole, pending, { isBrief: true });
      // A brief response is not enough to restore entries forgotten meanwhile.
      return pending.forgotten.size > 0 ? undefined : ids;
    });
    return brief ?? this.fetchFolder(folder, true);
  }

  /** @param isActive something is known to have changed. */
  private fetchFolder(folder: ResourceId, isActive = false): Promise<readonly ResourceId[]> {
    return this.fetchListing(folder, {}, (listing, pending) =>
      this.applyListing(listing, pending, { isActive }),
    );
  }

  private async fetchListing<T>(
    folder: ResourceId,
    options: ListOptions,
    applyListing: (listing: RemoteListing, pending: PendingListing) => T,
  ): Promise<Awaited<T>> {
    const before = this.folders.get(folder)?.members ?? [];
    const at = this.clock.now();
    const pending = { folder, at, before, forgotten: new Set<ResourceId>(), missing: new Set<ResourceId>() };
    this.pending.listings.add(pending);
    try {
      const listing = await this.filesOf(folder).list(folder, options);
      const members = await withoutDuplicates(this.clock, listing.members);
      return await applyListing({ ...listing, members }, pending);
    } catch (error) {
      this.noteFailure(folder, error);
      throw error;
    } finally {
      this.pending.listings.delete(pending);
    }
  }

  private async applyListing(
    { self, members, unread = [] }: RemoteListing,
    pending: PendingListing,
    { isActive = false, isBrief = false } = {},
  ): Promise<readonly ResourceId[]> {
    const { folder, at, before, forgotten, missing: notFound } = pending;
    const pause = () => pauseAfter(this.clock, members);
    const present = await byResource(this.clock, members);
    // Gone since, or there since: the next call asks.
    for (const resource of notFound) if (present.has(resource)) forgotten.add(resource);
    // Members that the server could not read still exist, but their locks are unknown.
    const unreadable = new Set(unread.filter((id) => this.entries.has(id) && !present.has(id)));
    await pause();
    const entries: ListedEntry[] = [...(self ? [self] : []), ...members];
    for (const resource of unreadable) entries.push({ resource, listing: notReported });
    const ids = [...present.keys(), ...unreadable];
    await pause();
    const changes: ContentChange[] = [];
    await inBatches(this.clock, entries, (batch) => {
      // The response predates what we created, moved or deleted meanwhile, and must not bring it back.
      const some =
        forgotten.size > 0 ? batch.filter(({ resource }) => !isWithinAny(resource, forgotten)) : batch;
      this.store.apply({ kind: 'listed', entries: some, at });
      for (const { resource } of some) {
        // A brief response cannot restore an entry forgotten meanwhile.
        if (isBrief && !this.entries.has(resource)) continue;
        const entry = resource === folder ? self : present.get(resource);
        const change = entry && this.remember(entry, at.mono).change;
        if (change) changes.push(change);
      }
    });
    const isListed = (id: ResourceId) => present.has(id) || unreadable.has(id);
    const unlisted = await inSteps(this.clock, before, (id) => (isListed(id) ? undefined : id));
    await pause();
    // The response is processed: later changes no longer affect it.
    this.pending.listings.delete(pending);
    // A member that we created after the request is not missing from the older response.
    const isNewer = (id: ResourceId) => (this.entries.get(id)?.at ?? 0) > at.mono;
    const missing = unlisted.filter((id) => !isNewer(id) && !forgotten.has(id));
    this.markDeleted(missing);
    for (const resource of missing) changes.push({ resource, kind: 'deleted' });
    const updated = { members: ids, at: at.mono, isActive: isActive || changes.length > 0 };
    if (forgotten.size === 0) this.folders.set(folder, updated);
    if (changes.length > 0) this.changes.fire(changes);
    return ids;
  }

  private markDeleted(resources: readonly ResourceId[]): void {
    if (resources.length === 0) return;
    this.forgetAll(new Set(resources));
    this.store.apply({ kind: 'gone', resources });
  }

  /** Nothing was known there: what is known of its folder stays true. */
  private markMissing(resource: ResourceId): void {
    this.pending.noteMissing(resource);
    this.entries.deleteWithin(resource);
    this.folders.deleteWithin(resource);
    this.store.apply({ kind: 'gone', resources: [resource] });
  }

  private remember(entry: RemoteEntry, at: number): { shown: RemoteStat; change?: ContentChange } {
    const known = this.entries.get(entry.resource);
    // Ignore a response to an older request: our own write or a later response is newer.
    if (known && known.at > at) return { shown: known.shown };
    const before = known?.shown;
    if (before && before.version === entry.version) {
      this.entries.set(entry.resource, { shown: before, at });
      return { shown: before };
    }
    const same = before !== undefined && compareVersions(before.version, entry.version) !== 'changed';
    const shown = statOf(entry, before, same);
    this.entries.set(entry.resource, { shown, at });
    const changed = before !== undefined && !same && entry.kind === 'file';
    return changed ? { shown, change: { resource: entry.resource, kind: 'changed' } } : { shown };
  }

  /** Records that a request about the resource failed, or would have failed. */
  noteFailure(resource: ResourceId, error: unknown): void {
    if (!(error instanceof RemoteFailure) || error.kind === 'canceled') return;
    if (error.kind === 'notFound') {
      if (!this.entries.has(resource)) return this.markMissing(resource);
      this.markDeleted([resource]);
      this.changes.fire([{ resource, kind: 'deleted' }]);
      // A deleted name is not kept among the known ones.
      return;
    }
    this.noteUnknown(resource, unknownReasonOf(error));
  }

  /** The server was asked about the resource or its folder: nothing is known of a resource only if it is not there. */
  noteIfMissing(resource: ResourceId): void {
    if (!this.entries.has(resource)) this.noteUnknown(resource, 'notFound');
  }

  private noteUnknown(resource: ResourceId, why: UnknownReason): void {
    this.store.apply({ kind: 'unanswered', resource, why, at: this.clock.now() });
  }
}
