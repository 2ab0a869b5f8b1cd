import { createHash, randomBytes } from 'node:crypto';
import type { Challenge } from './challenges';

// These few lines are our own because the published libraries for Digest, as far as they were read, cut a password at
// its colon, split values at commas, know no hash but MD5, draw the client's nonce from Math.random, or leave quotes
// unescaped.

/** What a Digest challenge asks for (RFC 7616 section 3.3), as far as it can be answered here. */
export interface DigestChallenge {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | undefined;
  /** As the server spells it, to be echoed; undefined where it names none, which means MD5. */
  readonly algorithm: string | undefined;
  readonly hash: 'sha256' | 'md5';
  /** The variants `-sess`: the password's hash is bound to the first nonce. */
  readonly session: boolean;
  /** Whether `qop=auth` is offered; the older form without (RFC 2069) otherwise. */
  readonly qop: boolean;
}

const hashes: ReadonlyMap<string, DigestChallenge['hash']> = new Map([
  ['md5', 'md5'],
  ['sha-256', 'sha256'],
]);

/** Undefined for what is no Digest challenge, or one of an unknown hash, or one that wants the body hashed. */
export function digestChallenge({ scheme, params }: Challenge): DigestChallenge | undefined {
  const [realm, nonce, algorithm] = [params.get('realm'), params.get('nonce'), params.get('algorithm')];
  const family = (algorithm ?? 'MD5').toLowerCase();
  const hash = hashes.get(family.replace(/-sess$/, ''));
  const qops = params
    .get('qop')
    ?.toLowerCase()
    .split(/[\s,]+/);
  const opaque = params.get('opaque');
  if (scheme !== 'digest' || realm === undefined || !nonce || !hash || (qops && !qops.includes('auth')))
    return undefined;
  if (![realm, nonce, opaque ?? ''].every(isSendable)) return undefined;
  return {
    realm,
    nonce,
    opaque,
    algorithm,
    hash,
    session: family.endsWith('-sess'),
    qop: qops !== undefined,
  };
}

/** Answers a Digest challenge for request after request, so that only the first has to be challenged. */
export class DigestSession {
  private readonly secretHash: string;
  private readonly user: string;
  private nonce: string;
  private count = 0;

  /** `cnonce` is the client's own nonce, one for the session. The password is not kept, only a hash of it. */
  constructor(
    private readonly challenge: DigestChallenge,
    user: string,
    password: string,
    private readonly cnonce = randomBytes(16).toString('hex'),
  ) {
    this.nonce = challenge.nonce;
    this.user = bytesOf(user);
    const plain = this.hash(this.user, challenge.realm, bytesOf(password));
    this.secretHash = challenge.session ? this.hash(plain, this.nonce, cnonce) : plain;
  }

  /** The `Authorization` for one request (RFC 7616 section 3.4); `uri` is its path and query. Counts the nonce's use. */
  authorization(method: string, uri: string): string {
    const { realm, opaque, algorithm, qop, session } = this.challenge;
    const count = (++this.count).toString(16).padStart(8, '0');
    const request = this.hash(method, uri);
    const response = qop
      ? this.hash(this.secretHash, this.nonce, count, this.cnonce, 'auth', request)
      : this.hash(this.secretHash, this.nonce, request);
    const fields = [
      `username=${quote(this.user)}`,
      `realm=${quote(realm)}`,
      `nonce=${quote(this.nonce)}`,
      `uri=${quote(uri)}`,
      `response="${response}"`,
    ];
    if (opaque !== undefined) fields.push(`opaque=${quote(opaque)}`);
    if (algorithm !== undefined) fields.push(`algorithm=${algorithm}`);
    // Unquoted, as section 3.4 has it: some servers know no other form.
    if (qop) fields.push(`qop=auth`, `nc=${count}`);
    if (qop || session) fields.push(`cnonce="${this.cnonce}"`);
    return `Digest ${fields.join(', ')}`;
  }

  /** Takes the `nextnonce` of an `Authentication-Info` (RFC 7616 section 3.5). */
  renew(nonce: string): void {
    if (nonce === this.nonce || !isSendable(nonce)) return;
    this.nonce = nonce;
    this.count = 0;
  }

  private hash(...parts: readonly string[]): string {
    return createHash(this.challenge.hash).update(parts.join(':'), 'latin1').digest('hex');
  }
}

/**
 * Header values travel as bytes, one for each character. What a server sent stays as it came, in whatever encoding;
 * what is ours becomes the bytes of its UTF-8.
 */
function bytesOf(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/** Whether a header may hold the text (RFC 9110 section 5.5). */
function isSendable(text: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(text);
}

function quote(bytes: string): string {
  return `"${bytes.replace(/["\\]/g, '\\$&')}"`;
}
