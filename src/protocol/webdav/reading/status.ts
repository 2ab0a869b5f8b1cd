/** Parses `HTTP/1.1 404 Not Found` (RFC 4918 section 14.28), also without reason phrase or version. */
export function parseStatus(text: string): number | undefined {
  const digits = /^(?:HTTP\/[\d.]+\s+)?(\d{3})\b/i.exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
