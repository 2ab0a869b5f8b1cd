import type { Contact, Expiry, Holder, Lock, Stamp } from './lock';
import type { ResourceId } from './resource';

/** One member of a 207 that was refused. */
export interface RefusedMember {
  readonly resource: ResourceId;
  readonly status: number;
}

/** In which form a refusal was written; `none` where it said nothing. */
export type RefusalShape =
  | 'dav'
  | 'sabre'
  | 'nextcloud'
  | 'office'
  | 'problem'
  | 'odata'
  | 'gitLfs'
  | 'terraform'
  | 'adt'
  | 'azure'
  | 'json'
  | 'html'
  | 'text'
  | 'none';

/** Who holds a lock, as far as a refusal says it. */
export interface ReportedHolder {
  readonly name?: string;
  readonly app?: string;
  readonly contacts: readonly Contact[];
  /** `client`: words that the lock's own program may have chosen. */
  readonly assertedBy: 'server' | 'client';
}

/** What a refusal says about the lock in the way. Every text is one plain line, capped; what it says is foreign. */
export interface RefusalInfo {
  readonly shape: RefusalShape;
  /** `gateway`: a proxy or firewall wrote it, and the server behind may know nothing of it. */
  readonly from: 'server' | 'gateway' | 'unknown';
  readonly holder?: ReportedHolder;
  /** The server's clock when it refused, Unix milliseconds. */
  readonly date?: number;
  /** Unix milliseconds on the server's clock. */
  readonly until?: number | 'never';
  readonly since?: number;
  readonly reason?: string;
  /** Conditions, exceptions and error codes, the outermost first. */
  readonly codes: readonly string[];
  /** Of a 207: the members that were refused. */
  readonly members?: readonly RefusedMember[];
}

/** Conditions and codes that mean a lock of somebody, whatever the status beside them. */
const lockCodes =
  /^(?:lock-token-submitted|no-conflicting-lock|589838|0x0009000e|access_denied_item_locked|lock_conflict|resourceLocked|ExceptionResourceLocked\w*)$/i;
const lockWords = /\block(?:ed|s)?\b|\bchecked[ -]?out\b|\bedit(?:ing|ed)\b|\bin use\b/i;
const accountWords = /\b(?:account|user)\b[^.]{0,30}\b(?:is|was|has been) locked\b/i;
/** Forms that are written about a lock only. */
const lockShapes: readonly RefusalShape[] = ['gitLfs', 'terraform', 'nextcloud'];

/** Whether a refusal speaks of a lock: for a status that may as well mean something else, such as 403 and 409. */
export function reportsLock({ from, codes, shape, holder, reason = '' }: RefusalInfo): boolean {
  if (from === 'gateway') return false;
  if (codes.some((code) => lockCodes.test(code))) return true;
  // Bodies name people for many reasons.
  if (!holder || accountWords.test(reason)) return false;
  return lockShapes.includes(shape) || lockWords.test(reason);
}

const nobody: Holder = { contacts: [], assertedBy: 'nobody', self: 'unknown' };

/** The lock that a refusal speaks of; undefined where it says nothing about one. */
export function lockFromRefusal(refusal: RefusalInfo, at: Stamp): Lock | undefined {
  const { holder, until, since } = refusal;
  // A Date header has whole seconds.
  const off = (refusal.date ?? at.wall) - at.wall;
  const skewMs = Math.abs(off) > 2_000 ? off : 0;
  if (refusal.from === 'gateway' || (!holder && until === undefined && since === undefined)) return undefined;
  const stamp = (server: number): Stamp => {
    const wall = server - skewMs;
    return { wall, mono: at.mono + (wall - at.wall) };
  };
  const expiry: Expiry =
    until === undefined
      ? { kind: 'unknown' }
      : until === 'never'
        ? { kind: 'never' }
        : { kind: 'at', at: stamp(until) };
  return {
    scope: 'exclusive',
    depth: 'self',
    holder: holder ? { ...holder, self: 'other' } : nobody,
    expiry,
    ...(since !== undefined && { since: stamp(since) }),
  };
}
