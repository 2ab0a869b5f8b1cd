import { FileSystemError, l10n, type Uri } from 'vscode';
import type { RemoteFailure } from '../../core/model/failure';
import type { Stamp } from '../../core/model/lock';
import type { TreeLocked } from '../../core/saving/relocation';
import { nameOf, type ResourceId } from '../../core/model/resource';
import { maxScanMs } from '../../core/saving/treeGuard';
import { failureSentence } from '../words/failureWords';
import { unsafeNameSentence } from '../words/unsafeName';
import { plain } from '../words/plainText';
import { hidesNothing, isRemote, toResource } from '../uris';
import { isShowable } from '../../core/model/memberName';
import { lockedBy } from '../words/holder';
import { cannotChangeText } from './lockedChange';

/**
 * The FileSystemError for a failure, with our sentence as its whole text. VS Code has its own text for files that
 * are missing or exist already, unless `message` says more, as after a refused save.
 */
export function fileError(failure: RemoteFailure, uri: Uri, message?: string): FileSystemError {
  const sentence = message ?? failureSentence(failure);
  switch (failure.kind) {
    case 'notFound':
      return message === undefined
        ? FileSystemError.FileNotFound(uri)
        : withoutName(FileSystemError.FileNotFound(message));
    case 'exists':
      return message === undefined
        ? FileSystemError.FileExists(uri)
        : withoutName(FileSystemError.FileExists(message));
    case 'forbidden':
    case 'signInNeeded':
    case 'cannotSignIn':
      return withoutName(FileSystemError.NoPermissions(sentence));
    default:
      return unavailable(sentence);
  }
}

/** The resource of a URI. Throws a FileSystemError if the URI cannot be a remote file, or has a name that could do harm. */
export function resourceAt(uri: Uri): ResourceId {
  if (isRemote(uri)) {
    const resource = toResource(uri);
    if (hidesNothing(uri) && isShowable(resource, process.platform)) return resource;
    throw unavailable(unsafeNameSentence(resource));
  }
  throw unavailable(
    l10n.t(
      '"{0}" isn’t the address of a remote file. Use one such as davs://dav.example.org/projects/report.md.',
      plain(uri.toString(true)),
    ),
  );
}

/** How many locked files are named. */
const maxNamed = 3;

/** Names the locked members, and their holders, that kept a folder from being moved or deleted. */
export function lockedMembersError(
  { root, blockingLocks, complete }: TreeLocked,
  now: Stamp,
): FileSystemError {
  const name = (resource: ResourceId) => plain(nameOf(resource), 60);
  if (!complete && blockingLocks.length === 0) {
    return unavailable(
      l10n.t(
        'Nothing was changed: {0} has so many folders that checking them for other people’s locks took more than {1} seconds. Try its subfolders one at a time.',
        name(root),
        maxScanMs / 1_000,
      ),
    );
  }
  const [first] = blockingLocks;
  if (first && blockingLocks.length === 1) {
    return unavailable(cannotChangeText(name(first.resource), first.lock, now));
  }
  const list = blockingLocks
    .slice(0, maxNamed)
    .map(({ resource, lock }) => `${name(resource)}: ${lockedBy(lock, now)}`)
    .join('; ');
  const more = blockingLocks.length > maxNamed ? ` (+${blockingLocks.length - maxNamed})` : '';
  return unavailable(
    l10n.t('Others hold locks in {0}, so nothing was changed. {1}.', name(root), list + more),
  );
}

/** An error with our sentence as its whole text. */
export function unavailable(sentence: string): FileSystemError {
  return withoutName(FileSystemError.Unavailable(sentence));
}

/** Clears the class name, which VS Code would put before the sentence. The code stays. */
export function withoutName(error: FileSystemError): FileSystemError {
  error.name = '';
  return error;
}
