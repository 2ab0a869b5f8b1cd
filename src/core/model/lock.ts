import type { ResourceId } from './resource';

/**
 * A moment on two clocks, in milliseconds: decisions use `mono`, which never jumps; `wall` (Unix time) is for
 * display.
 */
export interface Stamp {
  readonly mono: number;
  readonly wall: number;
}

/** Fingerprint of a lock token: identifies a lock without giving the right to use it. */
export type LockId = string & { readonly __lock: true };

export type LockScope = 'exclusive' | 'shared';

/** `self`: the resource alone; `tree`: a collection with everything below it (RFC 4918 section 9.10.3). */
export type LockDepth = 'self' | 'tree';

/** When a lock expires according to the server (RFC 4918 section 14.29). No guarantee (section 6.6). */
export type Expiry =
  { readonly kind: 'at'; readonly at: Stamp } | { readonly kind: 'never' } | { readonly kind: 'unknown' };

/** A way to contact a holder. Only these schemes are ever opened. */
export interface Contact {
  readonly kind: 'mail' | 'web' | 'tel' | 'chat';
  readonly uri: string;
}

/**
 * Who holds a lock, as far as known. `client`: the program that took the lock chose the text, which proves nothing
 * about the person; `server`: the server vouches for it.
 */
export interface Holder {
  /** Plain text, no control characters, at most 255 characters. */
  readonly name?: string;
  /** What the lock says in place of a name, such as a comment. */
  readonly note?: string;
  readonly contacts: readonly Contact[];
  readonly app?: string;
  /** The machine, if the holder's program names it. */
  readonly host?: string;
  readonly assertedBy: 'server' | 'client' | 'nobody';
  readonly self: 'thisWindow' | 'elsewhere' | 'other' | 'unknown';
  /**
   * Why the holder looks like this user: this installation has stored the lock, or only the account name in the owner
   * text is the same. Absent if the server vouches for the holder or nothing matches.
   */
  readonly matchedBy?: 'installation' | 'account';
  /** No holder is named, and the lock appeared when a LOCK of ours got no response. */
  readonly perhapsOurs?: true;
}

/** Where a lock is known from: a list of the server's, a refusal alone, or the grant of our own. */
export type LockSource = 'listing' | 'refusal' | 'lease';

/** One active lock (RFC 4918 section 14.1) as last seen. */
export interface Lock {
  readonly source: LockSource;
  /** Absent if the server hides tokens. */
  readonly id?: LockId;
  readonly scope: LockScope;
  readonly depth: LockDepth;
  /** The lock root; absent if the server does not report it (RFC 4918 section 14.12). */
  readonly root?: ResourceId;
  readonly holder: Holder;
  readonly expiry: Expiry;
  /** When the lock was taken, if the server reports it. */
  readonly since?: Stamp;
  /** The server reports a kind of lock that people take by hand. */
  readonly byHand?: true;
}

/**
 * Why the lock state is unknown. `notListed`: no lockdiscovery in the response, and never a lock from this server;
 * `unproven`: nothing is listed, which proves nothing (an empty list from a server that never listed a lock, or no
 * list from one that has).
 */
export type UnknownReason =
  | 'notAsked'
  | 'notListed'
  | 'unproven'
  | 'hidden'
  | 'noLocks'
  | 'notEnforced'
  | 'auth'
  | 'unreachable'
  | 'serverFault'
  | 'notFound';

/** What is known about a resource's locks. An error never means `unlocked`. */
export type LockState =
  | {
      readonly kind: 'unlocked';
      /** `listed`: this server is known to list locks and lists none here. `released`: our own UNLOCK. */
      readonly proof: 'listed' | 'released';
      readonly at: Stamp;
    }
  | {
      readonly kind: 'locked';
      readonly locks: readonly Lock[];
      readonly at: Stamp;
      /** Known from a refusal only: a listing at this time showed no lock. */
      readonly unlistedAt?: Stamp;
    }
  | { readonly kind: 'unknown'; readonly why: UnknownReason; readonly at?: Stamp };

/** The locks that one response lists for a resource. */
export interface LockListing {
  readonly locks: readonly Lock[];
  /** False if the property lockdiscovery was missing (404 in propstat, or omitted), which proves nothing. */
  readonly reported: boolean;
  /** False if the request was not about locks: what is known of them stays. */
  readonly asked?: false;
}
