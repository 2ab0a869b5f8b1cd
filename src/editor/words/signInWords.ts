import { l10n } from 'vscode';
import { isLoopback } from '../../core/model/loopback';
import type { FailureFacts, RemoteFailure } from '../../core/model/failure';
import { serverOf, type ResourceId } from '../../core/model/resource';
import { textOfBytes } from '../../base/headerBytes';
import { plain } from './plainText';

/** The server with its scheme, because `http://host` must not be able to ask for the password of `https://host`. */
export function originOf(resource: ResourceId): string {
  return serverOf(resource);
}

/** The same where a person is about to enter a password: with a warning where others on the network could see what is sent. */
export function serverToSignInTo(resource: ResourceId): string {
  const server = serverOf(resource);
  const { protocol, hostname } = new URL(server);
  return protocol === 'https:' || isLoopback(hostname) ? server : l10n.t('{0} (not encrypted)', server);
}

/** The realm that asks, as it can be shown; undefined where it has no name. */
export function realmIn(realm: string | undefined): string | undefined {
  return plain(textOfBytes(realm ?? ''), 60) || undefined;
}

/** The server wants a sign-in, or did not accept the one it got. */
export function signInSentence({ resource, facts }: RemoteFailure): string {
  const server = originOf(resource);
  if (facts.code === 'CREDENTIALS_UNREADABLE')
    return l10n.t('Can’t read the saved sign-in for {0}. Sign in again.', server);
  if (facts.code === 'CLIENT_CERTIFICATE_PASSPHRASE')
    return l10n.t('The client certificate for {0} needs a passphrase. Sign in to enter it.', server);
  switch (facts.signIn?.why) {
    case 'unsendable':
      return l10n.t(
        'The user name or token for {0} contains a line break or another character that can’t be sent. Sign in again.',
        server,
      );
    case 'inClear':
      return l10n.t(
        'Your password or token wasn’t sent to {0} because others on the network could read it. Sign in to send it anyway, or use an address that starts with https://.',
        server,
      );
    default:
      return l10n.t(
        'You’re not signed in to {0}, or it no longer accepts your sign-in. Sign in and try again.',
        server,
      );
  }
}

/** No name, password or token would help. */
export function cannotSignInSentence({ resource, facts }: RemoteFailure): string {
  const server = originOf(resource);
  if (facts.signIn?.why === 'downgrade')
    return l10n.t(
      '{0} used to sign you in with Digest and now asks for your unprotected password, so it wasn’t sent. Ask the administrator; if this is intended, sign out and in again.',
      server,
    );
  return l10n.t(
    '{0} wants you to sign in with {1}, which isn’t supported. Ask the administrator for Basic, Digest or an access token.',
    server,
    methodsIn(facts),
  );
}

/** How a server or proxy wants to be signed in to. */
export function methodsIn({ signIn }: FailureFacts): string {
  return (signIn?.methods ?? []).map((method) => plain(method, 60)).join(', ');
}
