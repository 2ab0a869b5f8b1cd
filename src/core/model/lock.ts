import type { ResourceId } from './resource';

/**
 * A moment on two clocks, in milliseconds: `mono` decides (it never jumps), `wall` is only for showing (Unix time).
 */
export interface Stamp {
  readonly mono: number;
  readonly wall: number;
}

/** Fingerprint of a lock token: tells locks apart without being able to use them. */
export type LockId = string & { readonly __lock: true };

export type LockScope = 'exclusive' | 'shared';

/** `self`: the resource alone; `tree`: a collection with everything below it (RFC 4918 section 9.10.3). */
export type LockDepth = 'self' | 'tree';

/** When a server says that a lock ends (RFC 4918 section 14.29). Nobody is bound by it (section 6.6). */
export type Expiry =
  { readonly kind: 'at'; readonly at: Stamp } | { readonly kind: 'never' } | { readonly kind: 'unknown' };

/** A way to reach a holder. Only these schemes are ever opened. */
export interface Contact {
  readonly kind: 'mail' | 'web' | 'tel' | 'chat';
  readonly uri: string;
}

/**
 * Whose lock it is, as far as told. `client`: the text was chosen by the program that took the lock and proves nothing
 * about the person; `server`: the server itself vouches for it.
 */
export interface Holder {
  /** Plain text, no control characters, at most 255 characters. */
  readonly name?: string;
  readonly contacts: readonly Contact[];
  readonly app?: string;
  /** The machine, where the holder's program says it. */
  readonly host?: string;
  readonly assertedBy: 'server' | 'client' | 'nobody';
  readonly self: 'thisWindow' | 'elsewhere' | 'other' | 'unknown';
  /**
   * What makes it look like the same person's: the mark of this installation, which nobody else has, or only the name
   * of the account in the lock's text. Absent where the server vouches, or nothing does.
   */
  readonly likeness?: 'installation' | 'account';
  /** Nobody is named, and the lock appeared when one that we asked for was not answered. */
  readonly perhapsOurs?: true;
}

/** One active lock (RFC 4918 section 14.1) as it was seen. */
export interface Lock {
  /** Absent where the server hides tokens. */
  readonly id?: LockId;
  readonly scope: LockScope;
  readonly depth: LockDepth;
  /** Where the lock sits; absent where the server does not say (RFC 4918 section 14.12). */
  readonly root?: ResourceId;
  readonly holder: Holder;
  readonly expiry: Expiry;
  /** When the lock was taken, by the server's word, else absent. */
  readonly since?: Stamp;
  /** A lock of a kind that people take by hand, by the server's word. */
  readonly byHand?: true;
}

/** Why nothing can be said about a lock. */
export type UnknownWhy =
  'notAsked' | 'notListed' | 'hidden' | 'noLocks' | 'auth' | 'unreachable' | 'serverFault' | 'notFound';

/** What is known of a resource's locks. An error is never `unlocked`. */
export type LockState =
  | {
      readonly kind: 'unlocked';
      /** `listed`: this server has been seen to list locks and lists none here. `released`: our own UNLOCK. */
      readonly proof: 'listed' | 'released';
      readonly at: Stamp;
    }
  | { readonly kind: 'locked'; readonly locks: readonly Lock[]; readonly at: Stamp }
  | { readonly kind: 'unknown'; readonly why: UnknownWhy; readonly at?: Stamp };

/** One answer to "which locks are on this resource?" */
export interface LockListing {
  readonly locks: readonly Lock[];
  /** False where the property lockdiscovery was missing (404 in propstat, or dropped): that proves nothing. */
  readonly reported: boolean;
}
