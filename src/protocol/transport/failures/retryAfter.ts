const longest = 15 * 60_000;

/**
 * The wait that a `Retry-After` asks for (RFC 9110 section 10.2.3) in milliseconds, 0 to 15 minutes: seconds, or a date,
 * which is compared with the answer's own `Date` because the server's clock may differ from ours. Undefined where there
 * is none or it cannot be read.
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>): number | undefined {
  const value = headers['retry-after']?.trim();
  if (!value) return undefined;
  const wait = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : untilDate(value, headers['date']);
  return wait === undefined ? undefined : Math.min(Math.max(Math.round(wait), 0), longest);
}

function untilDate(value: string, date: string | undefined): number | undefined {
  // `Date.parse` reads `-5` as a date.
  if (!/[a-z]/i.test(value)) return undefined;
  const until = Date.parse(value);
  const since = date === undefined ? NaN : Date.parse(date);
  if (Number.isNaN(until)) return undefined;
  return until - (Number.isNaN(since) ? Date.now() : since);
}
