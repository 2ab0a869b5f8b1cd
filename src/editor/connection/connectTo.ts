import { l10n } from 'vscode';
import { defined } from '../../base/defined';
import type { ConnectOptions } from '../../../lock-status';
import { isFailure } from '../../core/model/failure';
import { isShowable } from '../../core/model/memberName';
import type { ResourceId } from '../../core/model/resource';
import { secretOf } from '../../core/model/secret';
import { HumanError } from '../messages/humanError';
import { plain } from '../words/plainText';
import { unsafeNameSentence } from '../words/unsafeName';
import { readAddress } from './address';
import type { Connections } from './connections';

export type { ConnectOptions };

/** The folder at an address that a person or program gave. Throws a HumanError if there can be none. */
export function folderAt(url: string): ResourceId {
  const folder = readAddress(url);
  if (!folder)
    throw new HumanError(
      l10n.t(
        '"{0}" isn’t the address of a remote folder. Use one such as https://dav.example.org/projects/.',
        plain(url),
      ),
    );
  if (!isShowable(folder, process.platform)) throw new HumanError(unsafeNameSentence(folder));
  return folder;
}

/** Stores a connection with its credentials, after the server has accepted them. Rejects with a HumanError. */
export async function connectTo(connections: Connections, options: ConnectOptions): Promise<void> {
  const { url, user, password, token, name, trust } = options;
  const folder = folderAt(url);
  const credentials = defined({ user, password: secretOf(password), token: secretOf(token) });
  try {
    if (Object.keys(credentials).length > 0) await connections.signIn(folder, credentials);
    else await connections.probe(folder);
  } catch (error) {
    if (!isFailure(error)) throw error;
    connections.noteRefused(error);
    throw new HumanError(connections.sentenceOf(error), { cause: error });
  }
  await connections.remember(folder, defined({ name, user }));
  if (trust === true) await connections.trust(folder);
}
