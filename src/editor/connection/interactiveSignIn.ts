import type { BrowserSignIns } from '../../core/model/browserSignIn';
import { isFailure, type RemoteFailure } from '../../core/model/failure';
import { pathOf, serverOf, type ResourceId } from '../../core/model/resource';
import { InputSession } from '../messages/inputSession';
import { showRefusal, stepAfter } from '../messages/nextStep';
import { showError } from '../messages/prompts';
import { failureSentence, noSignInSentence } from '../words/failureWords';
import { serverToSignInTo } from '../words/signInWords';
import { chooseSignIn, signInWithBrowser } from './browserSignIn';
import type { SignInQuestion } from './credentialQuestions';
import type { Credentials, CredentialStore, KeptCredentials } from './secrets';
import type { CurrentSettings } from './settings';
import { askUntilAccepted, type SignInSteps } from './signInDialog';

export interface InteractiveSignInDeps {
  readonly settings: CurrentSettings;
  readonly secrets: CredentialStore;
  readonly browserSignIns?: BrowserSignIns;
}

export interface SignInWay {
  /** The refusal that led here. */
  readonly refused?: RemoteFailure;
  /** An input that is open already; it stays open. */
  readonly input?: InputSession;
  /** The folder is to be opened: after a refusal to sign in, the next sign-in brings it. */
  readonly isToOpen?: boolean;
  /** Asks although nothing was refused. */
  readonly isNewAccount?: boolean;
}

/**
 * One sign-in in which the person takes part, in the browser or in one input. False when they turn away, or have set
 * that they do not sign in.
 */
export async function signInInteractively(
  folder: ResourceId,
  how: SignInWay,
  steps: SignInSteps,
  { settings, secrets, browserSignIns }: InteractiveSignInDeps,
): Promise<boolean> {
  const server = serverOf(folder);
  const auth = settings.connectionTo(server)?.auth;
  if (auth === 'none') {
    void showError(noSignInSentence(folder));
    return false;
  }
  const refused = how.refused ?? (how.isNewAccount ? undefined : await steps.refusal());
  if (!refused && !how.isNewAccount) return true;
  const isBrowserOffered = mayUseBrowser(auth, refused) && browserSignIns?.mayOffer(folder) === true;
  if (isBrowserOffered) how.input?.leave();
  const entered = isBrowserOffered ? await credentialsByBrowser(folder, browserSignIns) : undefined;
  if (entered === 'turnedAway') return false;
  const input = how.input ?? new InputSession();
  try {
    const account = await secrets.get(server);
    const end = await askUntilAccepted(
      input,
      steps,
      {
        server: serverToSignInTo(folder),
        auth,
        user: how.isNewAccount ? '' : (account?.user ?? settings.connectionTo(server)?.user ?? ''),
      },
      { entered, ...(refused ? { refused } : { realm: realmFor(folder, account) }) },
    );
    if (isFailure(end)) void showRefusal(failureSentence(end), stepAfter(end));
    return end === 'accepted';
  } finally {
    if (input !== how.input) input.dispose();
  }
}

function mayUseBrowser(auth: SignInQuestion['auth'], refused: RemoteFailure | undefined): boolean {
  if (refused && (refused.kind !== 'signInNeeded' || refused.facts.signIn?.why === 'inClear')) return false;
  return auth !== 'token';
}

/** Undefined where the person is to be asked for a name and a password. */
async function credentialsByBrowser(
  folder: ResourceId,
  browserSignIns: BrowserSignIns,
): Promise<Credentials | 'turnedAway' | undefined> {
  const how = await chooseSignIn(folder);
  if (how === undefined) return 'turnedAway';
  if (how === 'password') return undefined;
  const found = await signInWithBrowser(browserSignIns, folder);
  return found === 'failed' ? undefined : (found ?? 'turnedAway');
}

/** The realm of the account in use, if that is known to be the folder's. */
function realmFor(folder: ResourceId, account: KeptCredentials | undefined): string | undefined {
  const { realm, below } = account ?? {};
  return below !== undefined && `${pathOf(folder)}/`.startsWith(below) ? realm : undefined;
}
