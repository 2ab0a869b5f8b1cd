import { parseChallenges, type Challenge } from './challenges';
import { DigestSession, digestChallenge, type DigestChallenge } from './digest';
import type { Credentials, HttpAnswer } from './http';

/** How requests are signed at present. */
interface Signer {
  readonly digest?: DigestSession;
  authorization(method: string, uri: string): string;
}

/** What a request was signed with: handed back with its answer. */
export interface Signature {
  readonly header: string;
  readonly signer: Signer;
}

/** An answer 401 and how its request was signed. */
export interface Refusal {
  readonly headers: Readonly<Record<string, string>>;
  readonly signature: Signature | undefined;
  /** Whether the signature answered a challenge met within the same operation. */
  readonly answeredChallenge: boolean;
}

/** A right password may be refused for one thing and taken for another, but not again and again. */
const provenTrust = 3;

/**
 * Signs the requests to one origin (RFC 9110 section 11). A bearer token goes with the first request; a password waits
 * until the server has said how it wants it, and then goes with every request, so that nothing is sent twice.
 *
 * A password that was refused at once, or three times in a row, is not sent again: some servers lock an account after a
 * few.
 */
export class Authentication {
  private signer: Signer | undefined;
  /** How often more the credentials may be refused. */
  private trust = 1;
  private refused: Credentials | undefined;
  private preparing: Promise<void> | undefined;
  /** Whether an answer by Digest has been accepted. */
  private knowsDigest = false;
  private offered: { readonly credentials: Credentials | undefined } | undefined;

  /** `isSecure`: nobody between here and the server reads along. */
  constructor(
    private readonly credentials: () => Promise<Credentials | undefined>,
    private readonly isSecure: boolean,
  ) {}

  /**
   * Has to come before the first request is signed: a token needs no challenge to say how it is sent. Undefined once
   * that is over.
   */
  prepare(): Promise<void> | undefined {
    if (this.offered) return undefined;
    this.preparing ??= this.askOnce();
    return this.preparing;
  }

  /** Whether a request is likely to be challenged: then it is worth a wait to let one be the first. */
  get expectsChallenge(): boolean {
    return !this.signer && this.offered?.credentials?.password !== undefined;
  }

  /** Undefined where the request goes unsigned. `uri` is the path and query. */
  sign(method: string, uri: string): Signature | undefined {
    const { signer } = this;
    return signer && { header: signer.authorization(method, uri), signer };
  }

  /** Learns from an answer that was not 401. */
  accepted(answer: Pick<HttpAnswer, 'status' | 'headers'>, signature: Signature | undefined): void {
    if (!signature) return;
    // A refusal of another kind may have come before anybody looked at the signature.
    if (answer.status < 300) {
      this.trust = provenTrust;
      if (signature.signer.digest) this.knowsDigest = true;
    }
    const nonce = nextNonce(answer.headers['authentication-info']);
    if (nonce) signature.signer.digest?.renew(nonce);
  }

  /** Learns from an answer 401; whether to repeat the request, signed anew. */
  async challenged(refusal: Refusal): Promise<boolean> {
    const credentials = await this.credentials();
    if (!credentials || (this.refused && sameCredentials(this.refused, credentials))) return false;
    // A server that knows Digest has no need of the bare password: who asks for it now may stand in between.
    const mayBeBasic = this.isSecure || !this.knowsDigest;
    const found = strongest(challengesOf(refusal.headers), credentials, mayBeBasic);
    if (!found || isFinal(refusal, found)) {
      if (refusal.signature) this.refuse(credentials);
      return false;
    }
    this.signer = found.signer;
    return true;
  }

  private refuse(credentials: Credentials): void {
    if (--this.trust > 0) return;
    this.refused = credentials;
    this.signer = undefined;
  }

  private async askOnce(): Promise<void> {
    try {
      const credentials = await this.credentials();
      if (credentials?.token) this.signer ??= bearer(credentials.token.reveal());
      this.offered = { credentials };
    } finally {
      this.preparing = undefined;
    }
  }
}

interface Found {
  readonly signer: Signer;
  readonly stale: boolean;
}

/** Bearer where there is a token; else Digest by SHA-256, Digest by MD5, Basic. */
function strongest(
  challenges: readonly Challenge[],
  credentials: Credentials,
  mayBeBasic: boolean,
): Found | undefined {
  const { user, password, token } = credentials;
  if (token && challenges.some(({ scheme }) => scheme === 'bearer')) {
    return { signer: bearer(token.reveal()), stale: false };
  }
  if (user === undefined || !password) return undefined;
  const digests = challenges.flatMap((challenge) => {
    const digest = digestChallenge(challenge);
    return digest ? [{ digest, stale: challenge.params.get('stale')?.toLowerCase() === 'true' }] : [];
  });
  const best = digests.find(({ digest }) => digest.hash === 'sha256') ?? digests[0];
  if (best) return { signer: digestSigner(best.digest, user, password.reveal()), stale: best.stale };
  if (!mayBeBasic || !challenges.some(({ scheme }) => scheme === 'basic')) return undefined;
  return { signer: basic(user, password.reveal()), stale: false };
}

/** Whether what was refused is all there is to send. */
function isFinal({ signature, answeredChallenge }: Refusal, { signer, stale }: Found): boolean {
  if (!signature) return false;
  if (signer.digest) return signature.signer.digest !== undefined && answeredChallenge && !stale;
  return signer.authorization('', '') === signature.header;
}

/** RFC 7616 section 3.5: parameters as in a challenge, without a scheme. */
function nextNonce(authenticationInfo = ''): string | undefined {
  return parseChallenges(`digest ${authenticationInfo}`)[0]?.params.get('nextnonce');
}

function challengesOf(headers: Readonly<Record<string, string>>): Challenge[] {
  // Git LFS servers use a header of their own to keep browsers from asking.
  return parseChallenges(headers['www-authenticate'] ?? headers['lfs-authenticate'] ?? '');
}

function sameCredentials(a: Credentials, b: Credentials): boolean {
  return (
    a.user === b.user &&
    a.password?.reveal() === b.password?.reveal() &&
    a.token?.reveal() === b.token?.reveal()
  );
}

function digestSigner(challenge: DigestChallenge, user: string, password: string): Signer {
  const digest = new DigestSession(challenge, user, password);
  return { digest, authorization: (method, uri) => digest.authorization(method, uri) };
}

/** RFC 7617, in UTF-8. */
function basic(user: string, password: string): Signer {
  const header = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  return { authorization: () => header };
}

/** RFC 6750. A token that was pasted with a line break is meant without it. */
function bearer(token: string): Signer {
  const header = `Bearer ${token.trim()}`;
  return { authorization: () => header };
}
