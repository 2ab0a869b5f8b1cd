import { l10n } from 'vscode';
import { asObject } from '../../../base/untrusted';
import type { ResourceId } from '../../../core/model/resource';
import { connectTo, folderAt, type ConnectOptions } from '../../connection/connectTo';
import { HumanError } from '../../messages/humanError';
import { confirm } from '../../messages/prompts';
import { hostOf } from '../../words/failureWords';
import { plain } from '../../words/plainText';
import type { Command, Needs } from '../commandContext';

/**
 * Stores a connection and checks it, after the user has agreed to whatever is not stored yet: any link may run a
 * command. Resolves to whether the user agreed; rejects with a sentence. Programs use `connect` of the API.
 */
export const connect: Command<'connections' | 'settings'> = async (context, argument) => {
  const options = readConnectOptions(argument);
  const folder = folderAt(options.url);
  if (!isStored(context, folder, options) && !(await confirmConnect(folder, options))) return false;
  await connectTo(context.connections, options);
  return true;
};

/** Credentials always count as new, because they would replace the stored ones. */
function isStored({ settings }: Needs<'settings'>, folder: ResourceId, options: ConnectOptions): boolean {
  const { user, password, token, name } = options;
  if (user !== undefined || password !== undefined || token !== undefined) return false;
  const stored = settings.get().connections.find((one) => one.folder === folder);
  return stored !== undefined && (name === undefined || name === stored.name);
}

function confirmConnect(folder: ResourceId, { user, password, token }: ConnectOptions): Promise<boolean> {
  const signIn =
    user !== undefined
      ? l10n.t('You would sign in as {0}.', plain(user, 80))
      : password !== undefined || token !== undefined
        ? l10n.t('You would sign in with credentials that come with the request.')
        : l10n.t('You wouldn’t sign in.');
  return confirm(
    l10n.t('Save the server {0}?', plain(hostOf(folder), 120)),
    [
      plain(folder, 400),
      '',
      `${l10n.t('A link or another extension asked to save this server.')} ${signIn} ${l10n.t('Agree only if you expected this.')}`,
    ].join('\n'),
    l10n.t('Save Server'),
  );
}

/** The `trust` option is for the API alone. */
function readConnectOptions(argument: unknown): ConnectOptions {
  const given = asObject(argument) ?? {};
  const texts = Object.fromEntries(
    ['url', 'user', 'password', 'token', 'name']
      .map((key) => [key, given[key]] as const)
      .filter(([, value]) => typeof value === 'string'),
  );
  if (typeof texts.url !== 'string') throw new HumanError(l10n.t('Give the address of the folder as "url".'));
  return texts as unknown as ConnectOptions;
}
