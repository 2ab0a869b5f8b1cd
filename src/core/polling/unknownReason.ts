import type { UnknownReason } from '../model/lock';
import { isFailure, type RemoteFailure } from '../model/failure';

/** Why the lock state is unknown after a failed request. */
export function unknownReasonOf(failure: RemoteFailure): UnknownReason {
  if (isFailure(failure, 'signInNeeded', 'cannotSignIn')) return 'auth';
  if (isFailure(failure, 'forbidden')) return 'hidden';
  if (isFailure(failure, 'notFound')) return 'notFound';
  if (isFailure(failure, 'unsupported')) return 'noLocks';
  if (isFailure(failure, 'unreachable', 'timeout', 'tls', 'interrupted')) return 'unreachable';
  return 'serverFault';
}
