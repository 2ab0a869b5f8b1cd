/** Parts of key, element and header names that mark a secret. On some servers a lock token lets anybody write. */
const words =
  'token|passw|passphrase|passcode|pwd|secret|credential|authoriz|cookie|session|sessid|api[-_]?key|access[-_]?key|private[-_]?key|lock[-_]?handle|lease[-_]?id|signature|jwt|ticket';
const secretWord = new RegExp(words, 'i');
/** Names that are secret only as a whole. Terraform's `ID` and the like let anybody release the lock. */
const secretNames = new Set(['auth', 'sig', 'sid', 'pass', 'pw', 'nonce', 'cnonce', 'if', 'id', 'lockid']);

/** Whether a key, an element or a header with this name holds a secret. */
export function isSecretName(name: string): boolean {
  const short = name.slice(0, 80);
  return secretWord.test(short) || secretNames.has(short.toLowerCase().replace(/[^a-z0-9]/g, ''));
}

/** The start of a word, also after the `\n` of a text quoted within a text. */
const begin = String.raw`(?<!\w(?<!\\[nrt]))`;
const pattern = (parts: TemplateStringsArray, ...inner: readonly string[]) =>
  new RegExp(begin + String.raw(parts, ...inner), 'gim');

const lockTokens = pattern`(?:(?:opaquelocktoken|urn):|files_lock/)[^\s<>"'&)]+`;
/** A token after the word: `lock token 1795336479 does not match`. */
const tokenNamed = pattern`(token\b["'\s]+(?:is\s+)?[<("'[]*)([^\s<>"',;)]*\d[^\s<>"',;)]*)`;
const lockTokenInAngles = pattern`(lock[-_ ]?token\s*\(?)<[^>\n]*>?`;
const userInfo = pattern`([a-z][a-z0-9+.-]{0,20}://)[^\s/?#"'<>]+@`;
const queryValue = /([?&#](?:amp;)?[\w.~%[\]-]{1,60}=)[^\s&#"'<>]+/g;
/** The address of a public share is all that its visitors need. */
const share = /(\/public\.php\/dav\/files\/|\/public-files\/)[^\s/?#"'<>]+|(\/s\/)[a-z0-9]{8,}/gi;

/** The rest of the line after these is secret; in a table, a tab separates name and value. */
const header = pattern`((?:proxy-)?authorization|(?:set-)?cookie2?|lock-?token|if)(?:["'\\\]\s]*[:=]|\s*\t)(?!\s*\[hidden\])[^\n]*`;
const cookieAlone = pattern`((?:set-)?cookie2?\s)\s*[\w.-]+=[^\n]*`;
const conditionAlone = pattern`(if\s)\s*(?:<[^>\n]*>\s*)?\(\s*(?:not\s+)?[<[][^\n]*`;

const scheme = pattern`(basic|bearer|digest|negotiate|ntlm|kerberos|hawk|oauth|aws4-[\w-]{1,40}|scram-[\w-]{1,40}|shared(?:key(?:lite)?|accesssignature))\s+([\w-]{1,40}\s*=[^\n]*|[\w.~+/:-]+=*)`;

const divider = String.raw`["'\\\s]*[:=](?!\s*[[({<]*\\?["']?\[?hidden\])\s*[[({<]*`;
/** Up to the closing quote; a quotation within a quotation, up to the end of the line. */
const quoted = String.raw`\\["'][^\n]*|(["'])(?:\\.|[^\n\\])*?(?:\3|\\?$)`;
/** Only a password may contain spaces. */
const password = new RegExp(
  `([\\w-]{0,40}(?:passw|passphrase|passcode|pwd)[\\w-]{0,20}|\\bpass|\\bpw)(${divider})(?:${quoted}|[^\\n,;&]+)`,
  'gim',
);
const named = new RegExp(
  `([\\w-]{0,40}(?:${words})[\\w-]{0,20}|\\b(?:auth|sig|sid|nonce|response(?=["']?=)))(${divider})(?:${quoted}|[^\\s"'&<>,;]+)`,
  'gim',
);

const hide = (_: string, name: string, between: string) => `${name}${between}[hidden]`;

/**
 * Removes lock tokens, credentials, cookies, the secret parts of addresses, and the values of secret names. Call
 * it before joining lines, because some secrets are hidden to the end of their line. Redacting twice is safe.
 */
export function redacted(text: string): string {
  return text
    .replace(lockTokens, '[lock token]')
    .replace(userInfo, '$1[hidden]@')
    .replace(queryValue, '$1[hidden]')
    .replace(share, (_, long?: string, short?: string) => `${long ?? short ?? ''}[share]`)
    .replace(header, '$1: [hidden]')
    .replace(cookieAlone, '$1[hidden]')
    .replace(conditionAlone, '$1[hidden]')
    .replace(lockTokenInAngles, '$1[hidden]')
    .replace(scheme, (all, name: string, value: string) => (isCredential(value) ? `${name} [hidden]` : all))
    .replace(password, hide)
    .replace(named, hide)
    .replace(tokenNamed, '$1[hidden]');
}

/** `Basic authentication` is no credential; encoded values contain digits, capitals or signs. */
function isCredential(word: string): boolean {
  return word.length >= 16 || /[\d=+/_:]|.[A-Z]/.test(word);
}
