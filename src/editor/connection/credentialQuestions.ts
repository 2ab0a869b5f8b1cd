import { l10n } from 'vscode';
import type { Connection } from '../../core/settings/connectionSetting';
import { Secret } from '../../core/model/secret';
import { ask } from '../messages/prompts';
import type { Credentials } from './secrets';

/** What is known before the prompt. */
export interface SignInQuestion {
  /** Plain text. */
  readonly host: string;
  /** The sign-in method from the settings; undefined if both are possible. */
  readonly auth: Exclude<Connection['auth'], 'none'>;
  /** The initial value of the first input box. */
  readonly user: string;
  /** Why the previous credentials were not accepted. */
  readonly previousFailure?: 'refused' | { readonly sentence: string };
}

/** Prompts for credentials. Undefined if the user cancels. */
export async function askCredentials(question: SignInQuestion): Promise<Credentials | undefined> {
  const title = l10n.t('Sign In to {0}', question.host);
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
  const token = await ask({ title, prompt, secret: true });
  return token === undefined ? undefined : { token: new Secret(token) };
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
