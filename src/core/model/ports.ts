import type { Disposable } from '../../base/disposable';
import type { Lease } from './lease';
import type { LockDepth, LockId, LockListing, Stamp } from './lock';
import type { ResourceId } from './resource';
import type { Version } from './version';

/** Time, as the core is told it. */
export interface Clock {
  now(): Stamp;
  /** Calls back once, after so many milliseconds, unless disposed before. */
  after(ms: number, run: () => void): Disposable;
  /** A number in [0, 1): spreads what would otherwise happen in step. */
  random(): number;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** For `write`: told how many bytes the connection has taken; begins anew when the write is repeated. */
  readonly onSent?: (bytes: number) => void;
  /** For `stat`: ask further (HEAD) where the listing has no entity tag but the server has. */
  readonly exact?: boolean;
}

export interface ReadOptions extends CallOptions {
  /** Most bytes of content worth having. */
  readonly maxBytes?: number;
  /** The size that the server lists for the file: much more than that is not read. */
  readonly listedSize?: number;
}

/** One resource as a server lists it. */
export interface RemoteEntry {
  readonly resource: ResourceId;
  readonly kind: 'file' | 'collection';
  readonly version: Version;
  /** Creation time, Unix milliseconds. */
  readonly created?: number;
  readonly listing: LockListing;
}

export interface RemoteListing {
  /** The collection itself, where it is listed. */
  readonly self?: RemoteEntry;
  readonly members: readonly RemoteEntry[];
  /** Members that are there and that the server could not read. */
  readonly unread?: readonly ResourceId[];
}

export interface RemoteContent {
  readonly bytes: Uint8Array;
  readonly version: Version;
}

/** What makes a write safe: our locks submitted, and the version that it replaces. */
export interface WriteGuard {
  readonly leases: readonly Lease[];
  /** Sent as If-Match where it is strong. */
  readonly replaces?: Version;
  /** Sent as `If-None-Match: *`. */
  readonly mustBeNew?: boolean;
}

export interface ListOptions extends CallOptions {
  /** Of the versions only the entity tags: enough where they are the known ones, in half the bytes. */
  readonly brief?: boolean;
}

/** Files on a server. Every method rejects with a RemoteFailure and nothing else. */
export interface RemoteFiles {
  /** Depth 0: the resource with its locks. */
  stat(resource: ResourceId, options?: CallOptions): Promise<RemoteEntry>;
  /** Depth 1: the collection's members with their locks. */
  list(resource: ResourceId, options?: ListOptions): Promise<RemoteListing>;
  /** More than `maxBytes`, where given, is a failure `badAnswer` with the code `TOO_LARGE`. */
  read(resource: ResourceId, options?: ReadOptions): Promise<RemoteContent>;
  /** The version is as far as the answer tells it; empty where the server says nothing. */
  write(resource: ResourceId, bytes: Uint8Array, guard: WriteGuard, options?: CallOptions): Promise<Version>;
  makeCollection(resource: ResourceId, guard: WriteGuard, options?: CallOptions): Promise<void>;
  remove(entry: EntryRef, guard: WriteGuard, options?: CallOptions): Promise<void>;
  move(from: EntryRef, to: Target, guard: WriteGuard, options?: CallOptions): Promise<void>;
  copy(from: EntryRef, to: Target, guard: WriteGuard, options?: CallOptions): Promise<void>;
}

export interface EntryRef {
  readonly resource: ResourceId;
  readonly kind: 'file' | 'collection';
}

export interface Target {
  readonly resource: ResourceId;
  readonly overwrite: boolean;
}

export interface LockRequest {
  /** Seconds asked for; the server may grant less or more. */
  readonly seconds: number;
  /** Plain text for DAV:owner. */
  readonly owner: string;
}

/** Locks on a server. Every method rejects with a RemoteFailure and nothing else. */
export interface RemoteLocks {
  lock(resource: ResourceId, lockRequest: LockRequest, options?: CallOptions): Promise<Lease>;
  /** The lease with its new expiry, or a failure `leaseLost` where the server says that it is gone. */
  refresh(lease: Lease, seconds: number, options?: CallOptions): Promise<Lease>;
  /** Resolves also where the lock was gone already. */
  unlock(lease: Lease, options?: CallOptions): Promise<{ readonly wasHeld: boolean }>;
  /**
   * Ends somebody else's lock, on a person's word only. `wasHeld` is false where it was gone already. A failure
   * `forbidden`: the server binds locks to their users; `unsupported`: it gives nobody the means.
   */
  breakLock(lock: LockToBreak, options?: CallOptions): Promise<{ readonly wasHeld: boolean }>;
}

/** The lock that a person was shown and decided to end. */
export interface LockToBreak {
  /** The resource on which it was seen. */
  readonly resource: ResourceId;
  readonly id?: LockId;
  readonly root?: ResourceId;
  readonly depth: LockDepth;
}

/** What a server was found to be (OPTIONS). */
export interface Capabilities {
  readonly webdav: boolean;
  /** Class 2: says that it can lock, or that it cannot; absent where it says neither. */
  readonly locks?: boolean;
  /** Product name from the `Server` header: plain text, foreign. */
  readonly product?: string;
}

/** How far a server's answers can be relied on; what is not known counts as no. */
export interface Traits {
  /** Refuses a write whose strong If-Match does not hold. */
  readonly honoursIfMatch: boolean;
  /** Refuses a write that submits a lock which does not stand any more. */
  readonly refusesDeadLocks?: boolean;
  /** Always shows a lock's full time, and does end it when that is over: one that stands longer is being refreshed. */
  readonly endsUnseen?: boolean;
}

/** What the server says that this account may do with a resource; where it does not say, nothing is here. */
export interface Rights {
  /** By the privilege set (RFC 3744 section 5.4), the server's own property, or Allow. */
  readonly write?: boolean;
  /** Whether a lock can be taken at all: supportedlock, and LOCK in Allow. */
  readonly lock?: boolean;
  /** Whether OPTIONS claims class 2. */
  readonly claimsLocks?: boolean;
}

export interface RemoteServer extends RemoteFiles, RemoteLocks {
  /** Looks for rights, and changes nothing. */
  rights(resource: ResourceId, options?: CallOptions): Promise<Rights>;
  traits(resource: ResourceId): Traits;
  probe(resource: ResourceId, options?: CallOptions): Promise<Capabilities>;
}

/** A proxy as the person has set it. */
export interface ProxySetting {
  /** Meant to be `http://proxy:port` or `https://proxy:port`, perhaps with a name and password; not checked yet. */
  readonly url: string;
  /** What to send as `Proxy-Authorization`, before a name and password in the address. */
  readonly authorization?: string;
  /** Whether the proxy's own certificate has to be trusted; default yes. */
  readonly rejectUnauthorized?: boolean;
}

/** Finds the server that a resource lives on; always answers, with an anonymous connection where none is stored. */
export type ServerOf = (resource: ResourceId) => RemoteServer;
