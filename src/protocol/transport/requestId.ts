const names = [
  'x-request-id',
  'request-id',
  'x-correlation-id',
  'x-ms-request-id',
  'sprequestguid',
  'x-github-request-id',
  'x-amz-request-id',
  'x-amzn-requestid',
  'cf-ray',
];
const longest = 80;

/** The server's own id of the exchange, which its administrator can look up: printable ASCII, at most 80 characters. */
export function requestIdOf(headers: Readonly<Record<string, string>>): string | undefined {
  for (const name of names) {
    const id = headers[name]?.replace(/[^\x20-\x7e]/g, '').trim();
    if (id) return id.slice(0, longest);
  }
  return undefined;
}
