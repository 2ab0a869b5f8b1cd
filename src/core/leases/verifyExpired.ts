import type { Lease } from '../model/lease';
import type { Leases } from './leases';

/** A lease whose time went by (the machine slept, the network was away) may be somebody else's lock by now. Never rejects. */
export async function verifyExpired(leases: Leases, held: readonly Lease[]): Promise<void> {
  for (const lease of held) if (!leases.assured(lease.resource).includes(lease)) await leases.verify(lease);
}
