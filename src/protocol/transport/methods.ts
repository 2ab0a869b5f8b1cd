const safe = new Set(['GET', 'HEAD', 'OPTIONS', 'PROPFIND', 'REPORT', 'SEARCH']);

/**
 * Whether a method only asks (RFC 9110 section 9.2.1, RFC 4918 section 9.1, RFC 3253 section 3.6): to ask twice does
 * no harm, and to have asked leaves nothing in doubt.
 */
export function isSafe(method: string): boolean {
  return safe.has(method);
}
