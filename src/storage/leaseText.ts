import type { KeptLease } from '../core/leases/leaseStorage';
import type { Lease } from '../core/model/lease';
import type { Expiry, Stamp } from '../core/model/lock';
import { Secret } from '../core/model/secret';

/** A lease as text. Only the wall clock survives a restart, so its times are stored in that. */
interface StoredLease {
  readonly lease: Omit<Lease, 'token' | 'since' | 'expiry'>;
  readonly token: string;
  readonly since: number;
  readonly expiry: Exclude<Expiry, { kind: 'at' }> | { readonly kind: 'at'; readonly wall: number };
  readonly claims: KeptLease['claims'];
}

/** Only for the secret store: the text contains the lock tokens. */
export function writeLeases(leases: readonly KeptLease[]): string {
  return JSON.stringify(
    leases.map(({ lease: { token, since, expiry, ...lease }, claims }): StoredLease => {
      const ends = expiry.kind === 'at' ? { kind: expiry.kind, wall: expiry.at.wall } : expiry;
      return { lease, token: token.reveal(), since: since.wall, expiry: ends, claims };
    }),
  );
}

/** Returns none for unreadable text: those locks expire by themselves. */
export function readLeases(text: string | undefined, now: Stamp): KeptLease[] {
  if (text === undefined) return [];
  try {
    return (JSON.parse(text) as StoredLease[]).map(({ lease, token, since, expiry, claims }) => ({
      claims,
      lease: {
        ...lease,
        token: new Secret(token),
        since: stampOf(since, now),
        expiry: expiry.kind === 'at' ? { kind: 'at', at: stampOf(expiry.wall, now) } : expiry,
      },
    }));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return [];
    throw error;
  }
}

function stampOf(wall: number, now: Stamp): Stamp {
  return { wall, mono: now.mono + wall - now.wall };
}
