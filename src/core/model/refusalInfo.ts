import type { Contact, Expiry, Holder, Lock, Stamp } from './lock';
import type { ResourceId } from './resource';

/** One refused member of a 207. */
export interface RefusedMember {
  readonly resource: ResourceId;
  readonly status: number;
}

/** The format of a refusal; `none` if it said nothing. */
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

/** Who holds a lock, according to a refusal. */
export interface ReportedHolder {
  readonly name?: string;
  readonly app?: string;
  readonly contacts: readonly Contact[];
  /** `client`: the program that took the lock may have chosen the text. */
  readonly assertedBy: 'server' | 'client';
}

/** A refusal as received: all of it is untrusted. */
export interface RefusalResponse {
  readonly resource: ResourceId;
  /** Keyed by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** At most 64 kB. */
  readonly body: string;
  /** The usual `Server` header of this server's responses. */
  readonly product?: string;
}

/** A refusal once it is read: for the caller, and as evidence. */
export interface ReadRefusal {
  readonly info: RefusalInfo;
  /** The beginning of the body as one plain line without secrets. */
  readonly excerpt?: string;
}

/** What a refusal says about the blocking lock. Every text is one plain line, capped and untrusted. */
export interface RefusalInfo {
  readonly shape: RefusalShape;
  /** `gateway`: written by a proxy or firewall; the server behind it may know nothing of it. */
  readonly from: 'server' | 'gateway' | 'unknown';
  readonly holder?: ReportedHolder;
  /** The holder stands in a field that is only used for locks. */
  readonly namesLock?: true;
  /** The server's clock when it refused, Unix milliseconds. */
  readonly date?: number;
  /** Unix milliseconds on the server's clock. */
  readonly until?: number | 'never';
  readonly since?: number;
  readonly reason?: string;
  /** Conditions, exceptions and error codes, outermost first. */
  readonly codes: readonly string[];
  /** The precondition element (RFC 4918 section 16), and the resources it names: of a lock, the lock roots. */
  readonly condition?: string;
  readonly roots?: readonly ResourceId[];
  /** The refused members of a 207. */
  readonly members?: readonly RefusedMember[];
}

/** Conditions and codes that mean somebody's lock, whatever the status. */
const lockCodes =
  /^(?:lock-token-submitted|no-conflicting-lock|589838|0x0009000e|access_denied_item_locked|lock_conflict|resourceLocked|ExceptionResourceLocked\w*)$/i;
const lockWords = /\block(?:ed|s)?\b|\bchecked[ -]?out\b|\bedit(?:ing|ed)\b|\bin use\b/i;
const accountWords = /\b(?:account|user)\b[^.]{0,30}\b(?:is|was|has been) locked\b/i;
/** Formats used only for locks. */
const lockShapes: readonly RefusalShape[] = ['gitLfs', 'terraform', 'nextcloud'];

/** Whether a refusal is about a lock, for a status with other meanings too, such as 403 and 409. */
export function reportsLock(refusal: RefusalInfo): boolean {
  const { from, codes, shape, holder, namesLock = false, reason = '' } = refusal;
  if (from === 'gateway') return false;
  if (codes.some((code) => lockCodes.test(code))) return true;
  // Bodies name people for many reasons.
  if (!holder || accountWords.test(reason)) return false;
  return namesLock || lockShapes.includes(shape) || lockWords.test(reason);
}

const unknownHolder: Holder = { contacts: [], assertedBy: 'nobody', self: 'unknown' };

/** The lock that a refusal describes; undefined if it describes none. */
export function lockFromRefusal(refusal: RefusalInfo, at: Stamp): Lock | undefined {
  const { holder, until, since } = refusal;
  // A Date header has a resolution of one second.
  const offsetMs = (refusal.date ?? at.wall) - at.wall;
  const skewMs = Math.abs(offsetMs) > 2_000 ? offsetMs : 0;
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
    source: 'refusal',
    scope: 'exclusive',
    depth: 'self',
    holder: holder ? { ...holder, self: 'other' } : unknownHolder,
    expiry,
    ...(since !== undefined && { since: stamp(since) }),
  };
}
