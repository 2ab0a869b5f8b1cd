import { l10n } from 'vscode';
import type { Connection } from '../../core/settings/connectionSetting';
import { Secret } from '../../core/model/secret';
import { ask, confirm } from '../messages/prompts';
import type { Credentials } from './secrets';

/** Who asks, and what is known before the question. */
export interface SignInQuestion {
  /** The server with its scheme: plain text. */
  readonly server: string;
  /** Plain text. */
  readonly realm?: string | undefined;
  /** How the person has set that they sign in; undefined where both ways are fine. */
  readonly auth: Exclude<Connection['auth'], 'none'>;
  /** The initial value of the first input box. */
  readonly user: string;
  /** Why the previous credentials were not accepted. */
  readonly previousFailure?: 'refused' | { readonly sentence: string };
}

/** Prompts for credentials. Undefined if the user cancels. */
export async function askCredentials(question: SignInQuestion): Promise<Credentials | undefined> {
  const { server, realm } = question;
  const title =
    realm === undefined
      ? l10n.t('Sign In to {0}', server)
      : l10n.t('Sign In to {0} for "{1}"', server, realm);
  if (question.auth === 'token') return askToken(title, tokenPrompt(question));
  const user = await ask({
    title,
    prompt: userPrompt(question),
    value: question.user,
    ...(question.auth === 'password' && {
      check: (typed: string) => (typed === '' ? l10n.t('Type your user name.') : undefined),
    }),
  });
  if (user === undefined) return undefined;
  if (user === '') return askToken(title, l10n.t('Access token'));
  const password = await ask({ title, prompt: l10n.t('Password of {0}', user), secret: true });
  return password === undefined ? undefined : { user, password: new Secret(password) };
}

async function askToken(title: string, prompt: string): Promise<Credentials | undefined> {
  const token = await ask({ title, prompt, secret: true, check: checkToken });
  return token === undefined ? undefined : { token: new Secret(token) };
}

function checkToken(typed: string): string | undefined {
  return /[\0-\x1f\x7f]/.test(typed.trim())
    ? l10n.t('A token has no line breaks in it. Copy it again.')
    : undefined;
}

/** The passphrase of a client certificate. Undefined when the person turned away. */
export async function askPassphrase(server: string, isAgain: boolean): Promise<Secret | undefined> {
  const passphrase = await ask({
    title: l10n.t('Sign In to {0}', server),
    prompt: isAgain
      ? l10n.t('Wrong passphrase. Passphrase of your client certificate:')
      : l10n.t('Passphrase of your client certificate'),
    secret: true,
  });
  return passphrase === undefined ? undefined : new Secret(passphrase);
}

/** Whether credentials may be sent where others can read them. */
export function confirmInClear(server: string): Promise<boolean> {
  return confirm(
    l10n.t('Send your password or token to {0} unprotected?', server),
    l10n.t(
      'The address starts with http://, so anybody on the network between you and the server can read what you send. Use an address that starts with https:// if there is one.',
    ),
    l10n.t('Send Anyway'),
  );
}

function tokenPrompt({ previousFailure }: SignInQuestion): string {
  if (previousFailure === undefined) return l10n.t('Access token');
  return previousFailure === 'refused'
    ? l10n.t('The server did not accept this token. Access token:')
    : previousFailure.sentence;
}

function userPrompt({ auth, previousFailure }: SignInQuestion): string {
  const eitherWay = auth === undefined;
  if (previousFailure === undefined)
    return eitherWay ? l10n.t('User name. Leave it empty to use an access token.') : l10n.t('User name');
  if (previousFailure !== 'refused') return previousFailure.sentence;
  return eitherWay
    ? l10n.t('The server did not accept this name and password. User name, or empty to use an access token:')
    : l10n.t('The server did not accept this name and password. User name:');
}
