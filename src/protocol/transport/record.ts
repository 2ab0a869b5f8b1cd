/** Conditions whose presence explains an answer; their values may be secrets. */
const conditions = ['if', 'if-match', 'if-none-match', 'lock-token', 'timeout', 'depth', 'overwrite'];

/** Who answered, by which route, and what it offers. Nothing here lets anybody sign in or write. */
const telling = [
  'age',
  'allow',
  'cf-ray',
  'content-length',
  'content-type',
  'date',
  'dav',
  'etag',
  'last-modified',
  'ms-author-via',
  'retry-after',
  'server',
  'via',
  'x-azure-ref',
  'x-cache',
  'x-fw-server',
  'x-iinfo',
  'x-ms-error-code',
  'x-msdavext_error',
  'x-powered-by',
  'x-served-by',
  'x-squid-error',
  'x-sucuri-id',
];
const mostOfHeader = 300;
const mostOfChallenge = 4096;

export function conditionsIn(headers: Readonly<Record<string, string>> = {}): string[] {
  const names = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  return conditions.filter((name) => names.has(name));
}

export function tellingHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of telling) {
    const value = headers[name];
    if (value !== undefined) kept[name] = value.slice(0, mostOfHeader);
  }
  // Only the schemes, because a challenge contains a nonce.
  const schemes = headers['www-authenticate']
    ?.slice(0, mostOfChallenge)
    .match(/(?:^|,\s*)([A-Za-z][\w-]*)(?=\s|$)/g);
  if (schemes) kept['www-authenticate'] = schemes.map((scheme) => scheme.replace(/^,\s*/, '')).join(', ');
  return kept;
}
