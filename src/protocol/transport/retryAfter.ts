const longest = 15 * 60_000;

/**
 * Milliseconds to wait as a `Retry-After` asks (RFC 9110 section 10.2.3), 0 to 15 minutes: seconds, or a date, which
 * is compared with the answer's own `Date` because the two clocks need not agree. Undefined where there is none that
 * can be read.
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>): number | undefined {
  const value = headers['retry-after']?.trim();
  if (!value) return undefined;
  const wait = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : untilDate(value, headers['date']);
  return wait === undefined ? undefined : Math.min(Math.max(Math.round(wait), 0), longest);
}

function untilDate(value: string, date: string | undefined): number | undefined {
  // A lone number is no date, though `Date.parse` reads `-5` as one.
  if (!/[a-z]/i.test(value)) return undefined;
  const until = Date.parse(value);
  const since = date === undefined ? NaN : Date.parse(date);
  if (Number.isNaN(until)) return undefined;
  return until - (Number.isNaN(since) ? Date.now() : since);
}
