import { l10n } from 'vscode';
import type { Connection } from '../../core/settings/connectionSetting';
import { Secret } from '../../core/model/secret';
import { ask } from '../messages/prompts';
import type { Credentials } from './secrets';

/** Who wants to know, and what is known before the question. */
export interface SignInQuestion {
  /** Plain text. */
  readonly host: string;
  /** How the person has set that they sign in; undefined where either way will do. */
  readonly auth: Exclude<Connection['auth'], 'none'>;
  /** What the first box begins with. */
  readonly user: string;
  /** Why it is asked again. */
  readonly again?: 'refused' | { readonly sentence: string };
}

/** Asks for what signs in. Undefined when the person turned away. */
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

function tokenPrompt({ again }: SignInQuestion): string {
  if (again === undefined) return l10n.t('Access token');
  return again === 'refused' ? l10n.t('The server did not accept this token. Access token:') : again.sentence;
}

function userPrompt({ auth, again }: SignInQuestion): string {
  const eitherWay = auth === undefined;
  if (again === undefined)
    return eitherWay ? l10n.t('User name. Leave it empty to use an access token.') : l10n.t('User name');
  if (again !== 'refused') return again.sentence;
  return eitherWay
    ? l10n.t('The server did not accept this name and password. User name, or empty to use an access token:')
    : l10n.t('The server did not accept this name and password. User name:');
}
