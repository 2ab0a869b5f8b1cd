import type { Challenge } from './challenges';
import { DigestSession, digestChallenge, type DigestChallenge } from './digest';
import { isSendable, utf8Bytes } from '../headerText';
import type { Credentials } from '../http';

/** Signs requests in one way. */
export interface Signer {
  readonly digest?: DigestSession;
  authorization(method: string, uri: string): string;
}

/** Why credentials are not sent although the server asks for them. */
export type Withheld = 'inClear' | 'downgrade' | 'unsendable' | 'otherKind';

export interface Found {
  readonly signer: Signer;
  /** A Digest challenge that only replaces a nonce. */
  readonly stale: boolean;
}

/** What limits the choice of a signer. */
export interface Limits {
  /** Nobody on the way can read what is sent, or the person accepts that somebody may. */
  readonly mayBeRead: boolean;
  /** The server has accepted Digest: whoever asks for the bare password now may be somebody in between. */
  readonly knowsDigest: boolean;
}

/** The strongest signer for the challenges: Bearer where there is a token; else Digest by SHA-256, Digest by MD5, Basic. */
export function strongest(
  challenges: readonly Challenge[],
  credentials: Credentials,
  { mayBeRead, knowsDigest }: Limits,
): Found | Withheld {
  const { user, password, token } = credentials;
  const offers = (wanted: string) => challenges.some(({ scheme }) => scheme === wanted);
  if (token && offers('bearer')) {
    if (!mayBeRead) return 'inClear';
    const signer = bearer(token.reveal());
    return signer ? { signer, stale: false } : 'unsendable';
  }
  if (user === undefined || !password) return 'otherKind';
  const digests = challenges.flatMap((challenge) => {
    const digest = digestChallenge(challenge);
    return digest ? [{ digest, stale: challenge.params.get('stale')?.toLowerCase() === 'true' }] : [];
  });
  const best = digests.find(({ digest }) => digest.hash === 'sha256') ?? digests[0];
  if (best) {
    if (!isSendable(utf8Bytes(user))) return 'unsendable';
    return { signer: digestSigner(best.digest, user, password.reveal()), stale: best.stale };
  }
  if (!offers('basic')) return 'otherKind';
  if (knowsDigest) return 'downgrade';
  return mayBeRead ? { signer: basic(user, password.reveal()), stale: false } : 'inClear';
}

/** Whether a challenge can be answered here, with the right credentials. */
export function isUnderstood(challenge: Challenge): boolean {
  const { scheme } = challenge;
  return scheme === 'basic' || scheme === 'bearer' || digestChallenge(challenge) !== undefined;
}

/** RFC 6750. A token that was pasted with a line break at its end is meant without it. Undefined if no header can hold it. */
export function bearer(token: string): Signer | undefined {
  const header = `Bearer ${token.trim()}`;
  return isSendable(header) ? { authorization: () => header } : undefined;
}

/** RFC 7617, in UTF-8. */
function basic(user: string, password: string): Signer {
  const header = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  return { authorization: () => header };
}

function digestSigner(challenge: DigestChallenge, user: string, password: string): Signer {
  const digest = new DigestSession(challenge, user, password);
  return { digest, authorization: (method, uri) => digest.authorization(method, uri) };
}
