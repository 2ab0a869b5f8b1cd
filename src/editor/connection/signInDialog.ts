import { isFailure, type RemoteFailure } from '../../core/model/failure';
import type { Secret } from '../../core/model/secret';
import type { InputSession } from '../messages/inputSession';
import { failureSentence } from '../words/failureWords';
import { realmIn } from '../words/signInWords';
import { askCredentials, askPassphrase, refusedText, type SignInQuestion } from './credentialQuestions';
import type { Credentials } from './secrets';

/** What the dialog does between its questions. */
export interface SignInSteps {
  /** Why the server does not let us in now; undefined where it does. */
  refusal(): Promise<RemoteFailure | undefined>;
  /** Keeps these credentials if the server accepts them; else says why not. */
  signIn(credentials: Credentials, realm: string | undefined): Promise<RemoteFailure | undefined>;
  /** Whether credentials may be sent where others can read them: asks the person once. */
  allowInClear(failure: RemoteFailure): Promise<boolean>;
  usePassphrase(passphrase: Secret): Promise<void>;
}

/** How a sign-in went; a failure is one that no credentials would change. */
export type SignInEnd = 'accepted' | 'turnedAway' | RemoteFailure;

export type SignInStart = {
  /** What the person has entered elsewhere: tried before anything is asked. */
  readonly entered?: Credentials | undefined;
} & ({ readonly refused: RemoteFailure } | { readonly realm: string | undefined });

/**
 * Asks in one input until the server accepts what is entered. `refused` is the refusal that led here; without one the
 * person wants to sign in although nothing was refused, for the realm that is named.
 */
export async function askUntilAccepted(
  input: InputSession,
  steps: SignInSteps,
  about: Pick<SignInQuestion, 'server' | 'auth' | 'user'>,
  start: SignInStart,
): Promise<SignInEnd> {
  let failure = 'refused' in start ? start.refused : undefined;
  let { user } = about;
  let { entered } = start;
  let previous: SignInQuestion['refused'];
  let hasPassphrase = false;
  for (;;) {
    if (failure?.facts.code === passphraseNeeded) {
      const passphrase = await askPassphrase(input, about.server, hasPassphrase);
      if (!passphrase) return 'turnedAway';
      hasPassphrase = true;
      await steps.usePassphrase(passphrase);
      failure = await steps.refusal();
      if (!failure) return 'accepted';
      continue;
    }
    if (failure?.facts.signIn?.why === 'inClear') {
      if (previous || !(await steps.allowInClear(failure))) return 'turnedAway';
      failure = await steps.refusal();
      if (!failure) return 'accepted';
      continue;
    }
    if (!previous && failure && failure.kind !== 'signInNeeded') return failure;
    const realm = failure ? failure.facts.signIn?.realm : 'realm' in start ? start.realm : undefined;
    const shown = realmIn(realm);
    const credentials =
      entered ?? (await askCredentials(input, { ...about, user, realm: shown, refused: previous }));
    entered = undefined;
    if (!credentials) return 'turnedAway';
    user = credentials.user ?? '';
    failure = await steps.signIn(credentials, realm);
    if (!failure) return 'accepted';
    previous = { credentials, problem: problemOf(failure, credentials, realm) };
  }
}

/** Another realm than the one that was named has not seen the credentials: its name in the title is question enough. */
function problemOf(
  failure: RemoteFailure,
  credentials: Credentials,
  asked: string | undefined,
): string | undefined {
  if (!isFailure(failure, 'signInNeeded')) return failureSentence(failure);
  const realm = failure.facts.signIn?.realm;
  return asked !== undefined && realm !== undefined && realm !== asked ? undefined : refusedText(credentials);
}

const passphraseNeeded = 'CLIENT_CERTIFICATE_PASSPHRASE';
