const safe = new Set(['GET', 'HEAD', 'OPTIONS', 'PROPFIND', 'REPORT', 'SEARCH']);

/**
 * Whether a method is safe (RFC 9110 section 9.2.1, RFC 4918 section 9.1, RFC 3253 section 3.6): it can be repeated, and
 * when it fails nothing on the server has changed.
 */
export function isSafe(method: string): boolean {
  return safe.has(method);
}
