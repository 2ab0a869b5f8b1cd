import { l10n } from 'vscode';
import type { Connection } from '../../core/settings/connectionSetting';
import { Secret } from '../../core/model/secret';
import { back, type InputSession } from '../messages/inputSession';
import { confirm } from '../messages/prompts';
import { plain } from '../words/plainText';
import type { Credentials } from './secrets';

/** Who asks, and what is known before the question. */
export interface SignInQuestion {
  /** The server with its scheme: plain text. */
  readonly server: string;
  /** Plain text. */
  readonly realm?: string | undefined;
  /** How the person has set that they sign in; undefined where both ways are fine. */
  readonly auth: Exclude<Connection['auth'], 'none'>;
  /** What the first input shows. */
  readonly user: string;
  /** What was entered last and why it was not accepted: it can be corrected. */
  readonly refused?: { readonly credentials: Credentials; readonly problem: string | undefined } | undefined;
}

/** Asks for credentials. Undefined if the person turns away. */
export async function askCredentials(
  input: InputSession,
  question: SignInQuestion,
): Promise<Credentials | undefined> {
  const title = titleOf(question);
  const { auth, refused } = question;
  let { user } = question;
  let asksUser = auth !== 'token' && !refused;
  let typed = refused && (refused.credentials.password ?? refused.credentials.token)?.reveal();
  let problem = refused?.problem;
  for (;;) {
    if (asksUser) {
      const answer = await input.ask({ title, prompt: userPrompt(auth), value: user, ...userCheck(auth) });
      if (answer === undefined || answer === back) return undefined;
      user = answer;
    }
    const isToken = auth === 'token' || user === '';
    const secret = await input.ask({
      title,
      prompt: isToken ? l10n.t('Access token') : l10n.t('Password of {0}', plain(user, 80)),
      secret: true,
      hasBack: auth !== 'token',
      problem,
      ...(typed !== undefined && { value: typed }),
      ...(isToken && { check: checkToken }),
    });
    if (secret === undefined) return undefined;
    if (secret !== back)
      return isToken ? { token: new Secret(secret) } : { user, password: new Secret(secret) };
    asksUser = true;
    typed = problem = undefined;
  }
}

/** Why what was entered did not sign in. */
export function refusedText({ token }: Credentials): string {
  return token ? l10n.t('Wrong access token.') : l10n.t('Wrong user name or password.');
}

function titleOf({ server, realm }: SignInQuestion): string {
  return realm === undefined
    ? l10n.t('Sign In to {0}', server)
    : l10n.t('Sign In to {0} for "{1}"', server, realm);
}

function userPrompt(auth: SignInQuestion['auth']): string {
  return auth === undefined
    ? l10n.t('User name. Leave it empty to use an access token.')
    : l10n.t('User name');
}

function userCheck(auth: SignInQuestion['auth']) {
  if (auth !== 'password') return {};
  return { check: (typed: string) => (typed === '' ? l10n.t('Enter your user name.') : undefined) };
}

function checkToken(typed: string): string | undefined {
  return /[\0-\x1f\x7f]/.test(typed.trim())
    ? l10n.t('An access token has no line breaks. Copy it again.')
    : undefined;
}

/** The passphrase of a client certificate. Undefined when the person turned away. */
export async function askPassphrase(
  input: InputSession,
  server: string,
  isAgain: boolean,
): Promise<Secret | undefined> {
  const passphrase = await input.ask({
    title: l10n.t('Sign In to {0}', server),
    prompt: l10n.t('Passphrase of your client certificate'),
    problem: isAgain ? l10n.t('Wrong passphrase.') : undefined,
    secret: true,
  });
  return typeof passphrase === 'string' ? new Secret(passphrase) : undefined;
}

/** Whether credentials may be sent where others can read them. */
export function confirmInClear(server: string): Promise<boolean> {
  return confirm(
    l10n.t('Send your password or token to {0} unprotected?', server),
    l10n.t(
      'The address starts with http://, so anyone on the network between you and the server can read what you send. Use an address that starts with https:// if there is one.',
    ),
    l10n.t('Send Anyway'),
  );
}
