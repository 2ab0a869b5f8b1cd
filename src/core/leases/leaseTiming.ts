import type { Lease } from '../model/lease';
import type { Clock } from '../model/ports';

/** Without an expiry there is nothing to keep alive, but the lock may still be broken: look now and then. */
const verifyMs = 10 * 60_000;
const earliestMs = 10_000;
/** Grants this short get refreshed as early as this, or they would end between two refreshes. */
const shortGrantMs = 20_000;
const shortestMs = 1_000;
/** A timer cannot count further; a grant of years is refreshed once a day. */
const latestMs = 24 * 3_600_000;
const retriesMs = [5_000, 10_000, 20_000, 20_000, 20_000, 60_000];
/** However long a busy server asks to be left alone: our lock would end meanwhile. */
export const longestRetryMs = 60_000;

/** Milliseconds from now to the next refresh: half of the granted time from the request's start, spread by ±10 %. */
export function dueAfter(lease: Lease, clock: Clock): number {
  const granted = lease.grantedMs;
  const spread = 0.9 + 0.2 * clock.random();
  // `Second-0` means "no end" to one server and "over already" to another: no timer can be set by it.
  if (granted === undefined || !(granted > 0)) return verifyMs * spread;
  const floor = granted <= shortGrantMs ? shortestMs : earliestMs;
  const wanted = Math.min(latestMs, Math.max(floor, granted / 2));
  const passed = clock.now().mono - lease.since.mono;
  return Math.max(shortestMs, wanted * spread - passed);
}

/** Milliseconds until a refresh that got no answer is tried again. */
export function retryAfter(failures: number): number {
  return retriesMs[Math.min(failures, retriesMs.length) - 1] ?? longestRetryMs;
}
