import { methodsIn, parseChallenges, type Challenge } from './challenges';
import type { Credentials, HttpAnswer, SignIn, TransportOptions } from '../http';
import { isSafe } from '../methods';
import { ProtectionSpace } from './protectionSpace';
import { bearer, isUnderstood, strongest, type Found, type Signer } from './signers';

/** How requests to one realm are signed at present. */
interface Realm {
  signer: Signer | undefined;
  readonly space: ProtectionSpace;
  /** How many more refusals the credentials survive. */
  trust: number;
  /** The server has accepted these credentials for something. */
  isProven: boolean;
  knowsDigest: boolean;
  /** What is not sent again: after a refused read to nothing, after a refused write to no other write. */
  refused: { readonly credentials: Credentials; readonly byRead: boolean } | undefined;
}

/** What a request was signed with: handed back with its answer. */
export interface Signature {
  readonly header: string;
  readonly signer: Signer;
  readonly realm: Realm;
}

/** An answer 401 and how its request was signed. */
export interface Refusal {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signature: Signature | undefined;
  /** Whether the signature answered a challenge met within the same operation. */
  readonly answeredChallenge: boolean;
}

/** Send the request again, signed anew; or what the 401 means. */
export type Verdict = 'repeat' | SignIn;

/** A right password may be refused for one resource and accepted for another, but not again and again. */
const provenTrust = 3;

type Options = Pick<TransportOptions, 'credentials' | 'onDigestAccepted'> & {
  /** Nobody between here and the server can read what is sent. */
  readonly isPrivate: boolean;
};

/**
 * Signs the requests to one origin (RFC 9110 section 11). Credentials go only where their realm has asked. A password
 * waits for the first challenge, and then goes with every request below that path, so that nothing is sent twice. A
 * token goes unasked below the folder that it was entered for, unless others can read along.
 *
 * A password that was refused at once, or three times in a row after it worked, is not sent again, because some servers
 * lock an account after a few refusals. Only a refused read counts: a server may answer 401 to a write because the
 * account may not write.
 */
export class Authentication {
  private readonly realms = new Map<string, Realm>();
  /** For a token that was sent before any realm asked. */
  private unasked: Realm | undefined;
  private preparing: Promise<void> | undefined;
  private offered: { readonly credentials: Credentials | undefined } | undefined;

  constructor(private readonly options: Options) {}

  /**
   * Must come before the first request is signed, because a token is sent without a challenge. Undefined once that is
   * done.
   */
  prepare(): Promise<void> | undefined {
    if (this.isPrepared) return undefined;
    this.preparing ??= this.askOnce();
    return this.preparing;
  }

  get isPrepared(): boolean {
    return this.offered !== undefined;
  }

  /** Whether a request is likely to be challenged: then it pays to let one request be the first. */
  get expectsChallenge(): boolean {
    return this.realms.size === 0 && !this.unasked && this.offered?.credentials?.password !== undefined;
  }

  /** Whether a token goes with requests that no realm has asked it for. */
  get signsUnasked(): boolean {
    return this.realms.size === 0 && this.unasked !== undefined;
  }

  /** Undefined where the request goes unsigned. `uri` is the path and query. */
  sign(method: string, path: string, uri: string): Signature | undefined {
    let best: { readonly realm: Realm; readonly signer: Signer; readonly depth: number } | undefined;
    for (const realm of [...this.realms.values(), ...(this.unasked ? [this.unasked] : [])]) {
      const depth = realm.signer && realm.space.depthOf(path);
      if (!realm.signer || depth === undefined || (best && best.depth >= depth)) continue;
      best = { realm, signer: realm.signer, depth };
    }
    return best && { header: best.signer.authorization(method, uri), signer: best.signer, realm: best.realm };
  }

  /** Learns from an answer that was not 401. */
  accepted(answer: Pick<HttpAnswer, 'status' | 'headers'>, signature: Signature | undefined): void {
    if (!signature) return;
    const { realm, signer } = signature;
    // A refusal of another kind may come before the server has looked at the signature.
    if (answer.status < 300) {
      realm.trust = provenTrust;
      realm.isProven = true;
      realm.refused = undefined;
      if (signer.digest && !realm.knowsDigest) {
        realm.knowsDigest = true;
        this.options.onDigestAccepted?.(signer.digest.realm);
      }
    }
    const nonce = nextNonce(answer.headers['authentication-info']);
    if (nonce) signer.digest?.renew(nonce);
  }

  /** Learns from an answer 401. */
  async challenged(refusal: Refusal): Promise<Verdict> {
    const challenges = challengesOf(refusal.headers);
    const understood = challenges.filter(isUnderstood);
    if (challenges.length > 0 && understood.length === 0)
      return { kind: 'cannotSignIn', methods: methodsIn(challenges) };
    // Where one password is for several realms, the one that does not want it bare comes first.
    const strongestFirst = [
      ...understood.filter(({ scheme }) => scheme !== 'basic'),
      ...understood.filter(({ scheme }) => scheme === 'basic'),
    ];
    const asking = [...new Set(strongestFirst.map(realmOf))];
    for (const name of asking) {
      const credentials = await this.options.credentials(name);
      if (!credentials) continue;
      const offered = understood.filter((challenge) => realmOf(challenge) === name);
      return this.answered(offered, credentials, { ...refusal, name });
    }
    return { kind: 'signInNeeded', ...(asking[0] && { realm: asking[0] }) };
  }

  private answered(
    offered: readonly Challenge[],
    credentials: Credentials,
    refusal: Refusal & { readonly name: string },
  ): Verdict {
    const { name, path } = refusal;
    const realm = this.realmCalled(name, refusal.signature);
    const named = name === '' ? {} : { realm: name };
    if (isRefused(realm, credentials, refusal.method)) return { kind: 'signInNeeded', ...named };
    const found = strongest(offered, credentials, {
      mayBeRead: this.options.isPrivate || credentials.inClear === true,
      knowsDigest: realm.knowsDigest || credentials.digest === true,
    });
    if (found === 'downgrade') return { kind: 'cannotSignIn', why: found, ...named };
    if (found === 'inClear' || found === 'unsendable') return { kind: 'signInNeeded', why: found, ...named };
    if (found === 'otherKind' || isFinal(refusal, found)) {
      if (!refusal.signature) return { kind: 'signInNeeded', ...named };
      const isWrite = !isSafe(refusal.method);
      const isExpired = offered.some(({ params }) => params.get('error') === 'invalid_token');
      if (isWrite && realm.isProven && !isExpired) return { kind: 'forbidden', ...named };
      refuse(realm, credentials, !isWrite);
      return { kind: 'signInNeeded', ...named };
    }
    realm.signer = found.signer;
    realm.space.add(path);
    return 'repeat';
  }

  private realmCalled(name: string, signature: Signature | undefined): Realm {
    const known = this.realms.get(name);
    if (known) return known;
    const isUnasked = signature !== undefined && signature.realm === this.unasked;
    const realm = isUnasked ? signature.realm : newRealm();
    if (isUnasked) this.unasked = undefined;
    this.realms.set(name, realm);
    return realm;
  }

  private async askOnce(): Promise<void> {
    try {
      const credentials = await this.options.credentials(undefined);
      const signer = credentials?.token && this.options.isPrivate && bearer(credentials.token.reveal());
      if (signer) {
        this.unasked = { ...newRealm(), signer };
        this.unasked.space.add(credentials.below ?? '/');
      }
      this.offered = { credentials };
    } finally {
      this.preparing = undefined;
    }
  }
}

function newRealm(): Realm {
  return {
    signer: undefined,
    space: new ProtectionSpace(),
    trust: 1,
    isProven: false,
    knowsDigest: false,
    refused: undefined,
  };
}

function isRefused({ refused }: Realm, credentials: Credentials, method: string): boolean {
  if (!refused || !sameCredentials(refused.credentials, credentials)) return false;
  return refused.byRead || !isSafe(method);
}

function refuse(realm: Realm, credentials: Credentials, byRead: boolean): void {
  // Without a success before it, a refused write may be a wrong password or a missing right: a read will tell.
  if (byRead && --realm.trust > 0) return;
  realm.refused = { credentials, byRead };
  realm.isProven = false;
  realm.signer = undefined;
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
  // Git LFS servers use a header of their own so that browsers do not ask.
  return parseChallenges(headers['www-authenticate'] ?? headers['lfs-authenticate'] ?? '');
}

function realmOf({ params }: Challenge): string {
  return params.get('realm') ?? '';
}

function sameCredentials(a: Credentials, b: Credentials): boolean {
  return (
    a.user === b.user &&
    a.password?.reveal() === b.password?.reveal() &&
    a.token?.reveal() === b.token?.reveal()
  );
}
