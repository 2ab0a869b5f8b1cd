import type { Lease } from '../model/lease';
import type { Stamp } from '../model/lock';
import type { Clock } from '../model/ports';

/** A lock without an expiry needs no refresh, but may be broken: verify it now and then. */
const verifyMs = 10 * 60_000;
const earliestMs = 10_000;
/** Grants up to this length may be refreshed after `shortestMs`, or they would expire between two refreshes. */
const shortGrantMs = 20_000;
const shortestMs = 1_000;
/** Timers cannot count further; a grant of years is refreshed once a day. */
const latestMs = 24 * 3_600_000;
const retriesMs = [5_000, 10_000, 20_000, 20_000, 20_000, 60_000];
/** Upper limit even if a busy server asks for longer: our lock would expire meanwhile. */
export const longestRetryMs = 60_000;

/**
 * Whether the lock has expired by either clock: the monotonic one may stop while the machine sleeps, and the wall clock
 * may be set back.
 */
export function isExpired({ expiry }: Lease, { mono, wall }: Stamp): boolean {
  return expiry.kind === 'at' && (mono >= expiry.at.mono || wall >= expiry.at.wall);
}

/** Milliseconds until the next refresh: half of the granted timeout from the request's start, spread by ±10 %. */
export function refreshDelay(lease: Lease, clock: Clock): number {
  const granted = lease.grantedMs;
  const spread = 0.9 + 0.2 * clock.random();
  // `Second-0` means "no end" to one server and "already over" to another: it cannot set a timer.
  if (granted === undefined || !(granted > 0)) return verifyMs * spread;
  const floor = granted <= shortGrantMs ? shortestMs : earliestMs;
  const wanted = Math.min(latestMs, Math.max(floor, granted / 2));
  const passed = clock.now().mono - lease.since.mono;
  return Math.max(shortestMs, wanted * spread - passed);
}

/** Time for one more refresh before the lock expires. */
const lastChanceMs = 10_000;

/** Milliseconds until a refresh would come too late, whatever a server asks to wait. */
export function untilLate({ expiry }: Lease, { mono }: Stamp): number {
  return expiry.kind === 'at' ? expiry.at.mono - mono - lastChanceMs : Infinity;
}

/** Milliseconds until a failed refresh is retried. */
export function retryDelay(failures: number): number {
  return retriesMs[Math.min(failures, retriesMs.length) - 1] ?? longestRetryMs;
}
