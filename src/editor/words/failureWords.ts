import { l10n } from 'vscode';
import type { FailureFacts, FailureKind, RemoteFailure } from '../../core/model/failure';
import { nameOf, serverOf, type ResourceId } from '../../core/model/resource';
import { certificateSentence } from './certificateWords';
import { plain } from './plainText';
import { cannotSignInSentence, methodsIn, signInSentence } from './signInWords';

/** What happened and what to do next, in one or two sentences. */
export function failureSentence(failure: RemoteFailure): string {
  const what = plain(nameOf(failure.resource), 80);
  const host = hostOf(failure.resource);
  const quote = failure.facts.serverText
    ? ` ${l10n.t('The server says: "{0}".', plain(failure.facts.serverText, 120))}`
    : '';
  if (failure.facts.halfWritten === 'surely') return halfWritten(what, host);
  if (failure.facts.halfWritten === 'perhaps') return perhapsHalfWritten(what, host);
  return sentences(what, host, failure)[failure.kind]() + (worthQuoting.has(failure.kind) ? quote : '');
}

/** The only case in which a failed save changed the file, which others may be reading. */
function halfWritten(what: string, host: string): string {
  return l10n.t(
    'Only the beginning of {0} was saved on {1}, so the file there is incomplete. Save again to complete it.',
    what,
    host,
  );
}

/** Without a lock, either the connection or another user may have shortened the file. */
function perhapsHalfWritten(what: string, host: string): string {
  return l10n.t(
    '{0} on {1} has only the beginning of your text: the rest wasn’t saved, or someone shortened the file. Compare, then save again.',
    what,
    host,
  );
}

/** The server's own text helps only where ours is general. */
const worthQuoting = new Set<FailureKind>([
  'forbidden',
  'serverFault',
  'refused',
  'conflict',
  'partly',
  'quota',
]);

/** Codes for an answer that reports success without proof. */
const unprovenSuccess = new Set(['NOT_WRITTEN', 'DOUBTFUL_SUCCESS']);

export function hostOf(resource: ResourceId): string {
  return new URL(serverOf(resource)).host;
}

/** The server requires a sign-in, but the `auth` setting is `none`. */
export function noSignInSentence(resource: ResourceId): string {
  return l10n.t(
    '{0} asks you to sign in, but its "auth" in the setting "lockStatus.connections" is "none". Change the setting, then try again.',
    hostOf(resource),
  );
}

type Sentences = Readonly<Record<FailureKind, () => string>>;

function unreadable(what: string, host: string, { method, code = '' }: RemoteFailure['facts']): string {
  if (code === 'TOO_LARGE')
    return l10n.t(
      'The response from {0} for {1} is too large. Open a smaller part of it, or tell the administrator.',
      host,
      what,
    );
  if (code === 'NOT_CONTENT')
    return l10n.t('{0} sent a web page instead of {1}. Sign in there, or check the address.', host, what);
  if (code === 'OUTDATED')
    return l10n.t(
      '{0} sent an older version of {1} than it lists, perhaps from a cache. Try again in a few minutes.',
      host,
      what,
    );
  if (!unprovenSuccess.has(code))
    return l10n.t(
      '{0} sent an unreadable answer for {1}. Try again; if this keeps happening, tell the administrator.',
      host,
      what,
    );
  return method === 'PUT'
    ? l10n.t(
        '{0} didn’t confirm that it saved {1}. Compare, then save again; if this keeps happening, tell the administrator.',
        host,
        what,
      )
    : l10n.t(
        '{0} didn’t confirm this change to {1}. Refresh to see what is there; if this keeps happening, tell the administrator.',
        host,
        what,
      );
}

function notOffered(what: string, host: string, { code, status }: RemoteFailure['facts']): string {
  if (code === 'OTHER_SERVER')
    return l10n.t(
      'The setting "lockStatus.endpoints" leads from {0} to another server for {1}. Correct the address in the setting.',
      host,
      what,
    );
  if (code === 'DOT_SEGMENT')
    return l10n.t(
      'The setting "lockStatus.endpoints" and the answer from {0} make an address for {1} that leads elsewhere. Correct the address in the setting, or tell the administrator of {0}.',
      host,
      what,
    );
  if (code === 'FOLDER_NOT_LOCKABLE')
    return l10n.t("{0} locks files only. Lock the files in '{1}' that you want to change.", host, what);
  if (code === 'LOCK_NOT_ENFORCED')
    return l10n.t(
      '{0} grants locks but doesn’t enforce them, so a lock on {1} would protect nothing. You can save without one.',
      host,
      what,
    );
  return status === undefined
    ? l10n.t('{0} doesn’t support this for {1}.', host, what)
    : l10n.t(
        '{0} doesn’t support this for {1} ({2}). Ask the administrator whether it should.',
        host,
        what,
        status,
      );
}

function sentences(what: string, host: string, failure: RemoteFailure): Sentences {
  const { facts } = failure;
  const status = facts.status ?? 0;
  return {
    locked: () => l10n.t('{0} is locked. Wait until the lock is free, or ask its holder.', what),
    leaseLost: () => l10n.t('Your lock on {0} was lost. Compare with the server, then save again.', what),
    contentChanged: () =>
      l10n.t('{0} was changed on the server since you last saw it. Compare before you save.', what),
    preconditionFailed: () =>
      l10n.t(
        '{0} refused the change to {1} because a precondition failed ({2}). Compare, then try again.',
        host,
        what,
        status,
      ),
    signInNeeded: () => signInSentence(failure),
    cannotSignIn: () => cannotSignInSentence(failure),
    forbidden: () =>
      status === 401
        ? l10n.t('You don’t have write permission for {0} on {1}. Ask the administrator.', what, host)
        : l10n.t(
            'You don’t have permission to do this with {0} on {1} ({2}). Ask the administrator.',
            what,
            host,
            status,
          ),
    notFound: () =>
      l10n.t('Can’t find {0} on {1} ({2}). Check the address, or whether it was moved.', what, host, status),
    exists: () => l10n.t('{0} already exists. Choose another name.', what),
    parentMissing: () => l10n.t('The folder of {0} doesn’t exist on {1}. Create it first.', what, host),
    conflict: () =>
      l10n.t(
        '{0} can’t do this with {1} in its current state ({2}). Refresh, then try again.',
        host,
        what,
        status,
      ),
    unsupported: () => notOffered(what, host, facts),
    notWebdav: () => l10n.t('{0} answers, but not as a WebDAV server. Check the address and its path.', host),
    busy: () => l10n.t('{0} is busy ({1}). Try again in a moment.', host, status),
    serverFault: () =>
      l10n.t(
        '{0} failed with a server error ({1}). Try again; if this keeps happening, tell the administrator.',
        host,
        status,
      ),
    quota: () =>
      l10n.t('{0} has no room for {1} ({2}). Make room, or ask the administrator.', host, what, status),
    redirected: () =>
      facts.code?.includes('://')
        ? l10n.t(
            '{0} points to another address for {1}: {2}. Open that address instead.',
            host,
            what,
            plain(facts.code, 120),
          )
        : l10n.t('{0} points to another address for {1}. Open that address instead.', host, what),
    partly: () => l10n.t('{0} did only part of this with {1}. Refresh to see what is there.', host, what),
    unreachable: () => unreachable(host, facts),
    interrupted: () => interrupted(what, host, facts),
    tls: () => certificateSentence(host, facts),
    timeout: () =>
      l10n.t('{0} didn’t answer in time. Try again; if this keeps happening, check your network.', host),
    badAnswer: () => unreadable(what, host, facts),
    canceled: () => l10n.t('Canceled before {0} answered.', host),
    refused: () => l10n.t('{0} refused this for {1} ({2}). Ask the administrator.', host, what, status),
  };
}

function interrupted(what: string, host: string, { code, maybeDone }: FailureFacts): string {
  if (code === 'CUT_SHORT')
    return l10n.t(
      '{0} may have sent only a part of {1}. Try again; if this keeps happening, tell the administrator.',
      host,
      what,
    );
  return maybeDone
    ? l10n.t(
        'The connection to {0} was lost while {1} was sent, so it isn’t known whether it arrived. Trying again does no harm.',
        host,
        what,
      )
    : l10n.t('The connection to {0} was lost. Try again.', host);
}

function unreachable(host: string, facts: FailureFacts): string {
  const { code, status, badProxy } = facts;
  if (badProxy !== undefined)
    return l10n.t(
      'Can’t reach {0}: the proxy in the setting "http.proxy" or the environment is "{1}", but must be an address that starts with http:// or https://. Correct it, then try again.',
      host,
      plain(badProxy, 80),
    );
  if (code === 'BAD_PROXY_AUTHORIZATION')
    return l10n.t(
      'The setting "http.proxyAuthorization" contains a line break or another character that can’t be sent. Correct it, then try again.',
    );
  const methods = methodsIn(facts);
  if (status === 407 && methods !== '' && !/basic/i.test(methods))
    return l10n.t(
      'The proxy in front of {0} wants you to sign in with {1}, which isn’t supported. Ask its administrator for Basic, or use a local proxy that signs in.',
      host,
      methods,
    );
  if (status === 407)
    return l10n.t(
      'The proxy in front of {0} asks for a user name and password. Add them to the setting "http.proxy" or "http.proxyAuthorization", then try again.',
      host,
    );
  switch (code) {
    case 'PROXY_REFUSED':
      return l10n.t(
        'The proxy in front of {0} doesn’t let this request through. Check the settings "http.proxy" and "http.proxyAuthorization", then try again.',
        host,
      );
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return l10n.t('Can’t find server "{0}". Check the address or your network.', host);
    case 'ECONNREFUSED':
      return l10n.t('{0} refused the connection. Check the address, or whether the server is running.', host);
    default:
      return l10n.t(
        'Can’t reach {0} ({1}). Check the address or your network, then try again.',
        host,
        plain(code ?? 'network', 40),
      );
  }
}
