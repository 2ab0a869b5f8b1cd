import { createHash, randomBytes } from 'node:crypto';
import type { Challenge } from './challenges';
import { isSendable, utf8Bytes } from '../headerText';

// Our own code, because the published Digest libraries that were read cut a password at its colon, split values at
// commas, know no hash but MD5, draw the client's nonce from Math.random, or leave quotes unescaped.

/** A Digest challenge that can be answered here (RFC 7616 section 3.3). */
export interface DigestChallenge {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | undefined;
  /** As the server spells it, because it is echoed; undefined means MD5. */
  readonly algorithm: string | undefined;
  readonly hash: 'sha256' | 'md5';
  /** `-sess`: the password's hash is bound to the first nonce. */
  readonly session: boolean;
  /** Whether `qop=auth` is offered; otherwise the older form of RFC 2069 is used. */
  readonly qop: boolean;
}

const hashes: ReadonlyMap<string, DigestChallenge['hash']> = new Map([
  ['md5', 'md5'],
  ['sha-256', 'sha256'],
]);

/** Undefined for other schemes, for an unknown hash, and for `auth-int`, which hashes the body. */
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

/** Answers one Digest challenge for many requests, so that only the first is challenged. */
export class DigestSession {
  private readonly secretHash: string;
  private readonly user: string;
  private nonce: string;
  private count = 0;

  /** `cnonce` is the client's nonce for the whole session. Only a hash of the password is kept. */
  constructor(
    private readonly challenge: DigestChallenge,
    user: string,
    password: string,
    private readonly cnonce = randomBytes(16).toString('hex'),
  ) {
    this.nonce = challenge.nonce;
    this.user = utf8Bytes(user);
    const plain = this.hash(this.user, challenge.realm, utf8Bytes(password));
    this.secretHash = challenge.session ? this.hash(plain, this.nonce, cnonce) : plain;
  }

  get realm(): string {
    return this.challenge.realm;
  }

  /** The `Authorization` for one request (RFC 7616 section 3.4); `uri` is its path and query. Counts one use of the nonce. */
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
    // Unquoted, as section 3.4 writes them: some servers understand no other form.
    if (qop) fields.push(`qop=auth`, `nc=${count}`);
    if (qop || session) fields.push(`cnonce="${this.cnonce}"`);
    return `Digest ${fields.join(', ')}`;
  }

  /** Continues with the `nextnonce` of an `Authentication-Info` (RFC 7616 section 3.5). */
  renew(nonce: string): void {
    if (nonce === this.nonce || !isSendable(nonce)) return;
    this.nonce = nonce;
    this.count = 0;
  }

  private hash(...parts: readonly string[]): string {
    return createHash(this.challenge.hash).update(parts.join(':'), 'latin1').digest('hex');
  }
}

function quote(bytes: string): string {
  return `"${bytes.replace(/["\\]/g, '\\$&')}"`;
}
