import type { Lease } from '../model/lease';
import type { Leases } from './leases';

/** A lease that expired during sleep or a network outage may be somebody else's lock by now. Never rejects. */
export async function verifyExpired(leases: Leases, held: readonly Lease[]): Promise<void> {
  for (const lease of held) if (!leases.unexpired(lease.resource).includes(lease)) await leases.verify(lease);
}
