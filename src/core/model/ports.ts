import type { Disposable } from '../../base/disposable';
import type { Lease } from './lease';
import type { Lock, LockDepth, LockListing, Stamp } from './lock';
import type { ResourceId } from './resource';
import type { Version } from './version';

/** The core's source of time and randomness. */
export interface Clock {
  now(): Stamp;
  /** Calls back once after this many milliseconds, unless disposed first. */
  after(ms: number, run: () => void): Disposable;
  /** A number in [0, 1), used to spread events that would otherwise coincide. */
  random(): number;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** For `write`: reports the bytes sent so far; restarts from zero when the write is repeated. */
  readonly onSent?: (bytes: number) => void;
  /**
   * For `write`: a look may be sent right behind it. Called before the write settles, if one was sent; the look never
   * rejects, and is undefined if it failed. The server may have answered it before it did the write.
   */
  readonly onLook?: (look: Promise<RemoteEntry | undefined>) => void;
  /** For `stat`: send a HEAD too if the listing has no entity tag but the server does. */
  readonly exact?: boolean;
}

export interface ReadOptions extends CallOptions {
  /** Reading more bytes than this fails. */
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
  /** The collection itself, if listed. */
  readonly self?: RemoteEntry;
  readonly members: readonly RemoteEntry[];
  /** Existing members that the server could not read. */
  readonly unread?: readonly ResourceId[];
}

export interface RemoteContent {
  readonly bytes: Uint8Array;
  readonly version: Version;
}

/** What makes a write safe: our lock tokens, and the version it replaces. */
export interface WriteGuard {
  readonly leases: readonly Lease[];
  /** Sent as If-Match if it is strong. */
  readonly replaces?: Version;
  /** Sent as `If-None-Match: *`. */
  readonly mustBeNew?: boolean;
}

export interface ListOptions extends CallOptions {
  /** Request only entity tags, not full versions: half the bytes, and enough if the tags are unchanged. */
  readonly brief?: boolean;
}

/** Files on a server. Every method rejects only with a RemoteFailure. */
export interface RemoteFiles {
  /** What the server supports; changes nothing. */
  probe(resource: ResourceId, options?: CallOptions): Promise<Capabilities>;
  traits(resource: ResourceId): FileTraits;
  /** Depth 0: the resource with its locks. */
  stat(resource: ResourceId, options?: CallOptions): Promise<RemoteEntry>;
  /** Depth 1: the collection's members with their locks. */
  list(resource: ResourceId, options?: ListOptions): Promise<RemoteListing>;
  /** Content above `maxBytes` is a failure `badAnswer` with the code `TOO_LARGE`. */
  read(resource: ResourceId, options?: ReadOptions): Promise<RemoteContent>;
  /** Resolves to the version in the response; empty if the server reports none. */
  write(resource: ResourceId, bytes: Uint8Array, guard: WriteGuard, options?: CallOptions): Promise<Version>;
  makeCollection(resource: ResourceId, guard: WriteGuard): Promise<void>;
  remove(entry: EntryRef, guard: WriteGuard): Promise<void>;
  move(from: EntryRef, to: Target, guard: WriteGuard): Promise<void>;
  copy(from: EntryRef, to: Target, guard: WriteGuard): Promise<void>;
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
  /** The requested timeout; the server may grant less or more. */
  readonly seconds: number;
  /** Plain text for DAV:owner. */
  readonly owner: string;
  /** Random, in the owner text of this request and of no other. */
  readonly mark?: string;
  /** `tree`: the resource is a collection, and everything below it is locked too. Default `self`. */
  readonly depth?: LockDepth;
  /** Whether a missing resource may be locked, which creates an empty file on most servers. */
  readonly mayCreate?: boolean;
}

export interface LockOptions extends CallOptions {
  /** A look is worth a request even where the lock is granted: it may be sent together with the LOCK. */
  readonly looksBehind?: boolean;
  /** The LOCK itself is the look: a refusal is not looked into. */
  readonly isLook?: boolean;
  /**
   * Called before `lock` settles with what a look has shown: after a granted LOCK the resource under our lock, after a
   * refused one what refuses it.
   */
  readonly onSeen?: (entry: RemoteEntry) => void;
}

/** Which protocol a lock is known by. */
export type LockProviderId = 'webdav' | 'http' | 'git-lfs' | 'subversion';

/** Knows and takes the locks of resources. Every method rejects only with a RemoteFailure. */
export interface LockProvider {
  readonly id: LockProviderId;
  /** Asks which locks are on one resource. */
  look(resource: ResourceId, options?: CallOptions): Promise<LockListing>;
  lock(resource: ResourceId, lockRequest: LockRequest, options?: LockOptions): Promise<Lease>;
  /** The lease with its new expiry; fails with `leaseLost` if the server says that the lock is lost. */
  refresh(lease: Lease, seconds: number): Promise<Lease>;
  /** Resolves also if the lock was already gone; `wasHeld` is true only if nothing shows that, or another lock. */
  release(lease: Lease): Promise<{ readonly wasHeld: boolean }>;
  /**
   * Breaks somebody else's lock, only if the user asked for it. `wasHeld` is false if the lock no longer existed.
   * Fails with `forbidden` if the server binds locks to users, `unsupported` if it lets nobody break locks.
   */
  breakLock(lock: LockToBreak): Promise<{ readonly wasHeld: boolean }>;
  /** Queries rights without changing anything. */
  rights(resource: ResourceId): Promise<Rights>;
  traits(resource: ResourceId): LockTraits;
}

/** The lock that the user saw and decided to break. */
export interface LockToBreak extends Pick<Lock, 'id' | 'root' | 'depth'> {
  /** The resource on which it was seen. */
  readonly resource: ResourceId;
}

/** What a server supports (OPTIONS). */
export interface Capabilities {
  readonly webdav: boolean;
  /** Whether the server claims class 2 or denies it; absent if it says neither. */
  readonly locks?: boolean;
  /** What is at the address, if that is known. */
  readonly kind?: 'file' | 'collection';
  /** Product name from the `Server` header: untrusted plain text. */
  readonly product?: string;
}

/** How far a server's answers to writes can be trusted; unknown counts as no. */
export interface FileTraits {
  /** Refuses a write whose strong If-Match fails. */
  readonly honorsIfMatch: boolean;
  /** Has answered a request twice: the answer to a write may have been that to another one. */
  readonly answersTwice?: boolean;
}

/** How far a server's answers about locks can be trusted; unknown counts as no. */
export interface LockTraits {
  /** Refuses to lock a missing resource, if that is asked for: a refused LOCK leaves nothing behind. */
  readonly locksOnlyExisting?: boolean;
  /** Refuses a write that submits a lock token that is no longer valid. */
  readonly refusesLostLocks?: boolean;
  /** Always reports a lock's full timeout but does expire it: a lock that lasts longer is being refreshed. */
  readonly enforcesFullTimeout?: boolean;
}

/** What the server says this account may do with a resource; absent members are unknown. */
export interface Rights {
  /** From the privilege set (RFC 3744 section 5.4), the server's own property, or Allow. */
  readonly write?: boolean;
  /** Whether a lock can be taken at all: supportedlock, and LOCK in Allow. */
  readonly lock?: boolean;
  /** Whether OPTIONS claims class 2. */
  readonly claimsLocks?: boolean;
  /** What makes a version for others to see, on a server that makes versions by itself. */
  readonly publishes?: 'save' | 'release';
}

/** A proxy as the user configured it. */
export interface ProxySetting {
  /** Should be `http://proxy:port` or `https://proxy:port`, possibly with credentials; not validated yet. */
  readonly url: string;
  /** The `Proxy-Authorization` header; takes precedence over credentials in the address. */
  readonly authorization?: string;
  /** Whether the proxy's own certificate must be trusted; default yes. */
  readonly rejectUnauthorized?: boolean;
}

/** Finds the server of a resource; always returns one, with an anonymous connection if none is stored. */
export type FilesOf = (resource: ResourceId) => RemoteFiles;
