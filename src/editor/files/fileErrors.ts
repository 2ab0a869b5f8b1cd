import { FileSystemError, l10n, type Uri } from 'vscode';
import type { RemoteFailure } from '../../core/model/failure';
import type { Stamp } from '../../core/model/lock';
import type { TreeBarred } from '../../core/saving/relocation';
import { nameOf, type ResourceId } from '../../core/model/resource';
import { longestLookMs } from '../../core/saving/treeGuard';
import { failureSentence } from '../words/failureWords';
import { plain } from '../words/plainText';
import { isRemote, toResource } from '../uris';
import { lockedBy } from '../words/holder';

/**
 * The editor's error for a failure, with our sentence as its whole text. What is missing or there already the editor says
 * in words of its own, except where `told` has more to say, as after a refused save.
 */
export function fileError(failure: RemoteFailure, uri: Uri, told?: string): FileSystemError {
  const sentence = told ?? failureSentence(failure);
  switch (failure.kind) {
    case 'notFound':
      return told === undefined
        ? FileSystemError.FileNotFound(uri)
        : bare(FileSystemError.FileNotFound(told));
    case 'exists':
      return told === undefined ? FileSystemError.FileExists(uri) : bare(FileSystemError.FileExists(told));
    case 'forbidden':
    case 'signInNeeded':
    case 'cannotSignIn':
      return bare(FileSystemError.NoPermissions(sentence));
    default:
      return bare(FileSystemError.Unavailable(sentence));
  }
}

/** The resource at an address. Throws the editor's error for an address that can be no file's. */
export function resourceAt(uri: Uri): ResourceId {
  if (isRemote(uri)) return toResource(uri);
  throw bare(
    FileSystemError.Unavailable(
      l10n.t(
        '"{0}" is no address of a remote file. Use one such as davs://dav.example.org/projects/.',
        plain(uri.toString(true)),
      ),
    ),
  );
}

/** So many are named of those that are locked. */
const named = 3;

/** What others have locked was not moved or deleted with its folder: which, and by whom. */
export function barredError({ root, barred, complete }: TreeBarred, now: Stamp): FileSystemError {
  const name = (resource: ResourceId) => plain(nameOf(resource), 60);
  if (!complete && barred.length === 0) {
    return bare(
      FileSystemError.Unavailable(
        l10n.t(
          'Nothing was done: {0} has so many folders that looking for locks of others in them took more than {1} seconds. Take some of its folders first.',
          name(root),
          longestLookMs / 1_000,
        ),
      ),
    );
  }
  const [first] = barred;
  if (first && barred.length === 1) {
    return bare(
      FileSystemError.Unavailable(
        l10n.t(
          '{0} cannot be changed. {1}. Wait until the lock is free, or ask its holder.',
          name(first.resource),
          lockedBy(first.lock, now),
        ),
      ),
    );
  }
  const told = barred
    .slice(0, named)
    .map(({ resource, lock }) => `${name(resource)}: ${lockedBy(lock, now)}`)
    .join('; ');
  const more = barred.length > named ? ` (+${barred.length - named})` : '';
  return bare(
    FileSystemError.Unavailable(
      l10n.t('Others hold locks in {0}, so nothing was done. {1}.', name(root), told + more),
    ),
  );
}

/** Without the class's name, which VS Code would put before the sentence. The code stays. */
export function bare(error: FileSystemError): FileSystemError {
  error.name = '';
  return error;
}
