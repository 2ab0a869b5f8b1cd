import { l10n } from 'vscode';
import type { Directory } from '../core/directory';
import { isFailure, type RemoteFailure } from '../core/failure';
import type { LockStore } from '../core/lockStore';
import { lockView } from '../core/lockView';
import type { Clock } from '../core/ports';
import { nameOf, type ResourceId } from '../core/resource';
import { failureSentence } from './failureWords';
import { plain } from './plainText';
import { lockedBy } from './words/holder';

export interface LockedChangeDeps {
  readonly directory: Directory;
  readonly store: LockStore;
  readonly clock: Clock;
}

/** An answer this young tells whose lock it is. */
const youngMs = 5_000;

/** Why something could not be deleted, moved or made: whose lock is in the way, and where it sits. */
export async function lockedChange(deps: LockedChangeDeps, failure: RemoteFailure): Promise<string> {
  const { directory, store, clock } = deps;
  const locked = lockedPart(failure);
  try {
    await directory.stat(locked, youngMs);
  } catch (error) {
    // Then what is known already has to do.
    if (!isFailure(error)) throw error;
  }
  const { lock } = lockView(store.stateOf(locked), store.lossOf(locked));
  if (!lock) return failureSentence(failure);
  return l10n.t(
    '{0} cannot be changed. {1}. Wait until the lock is free, or ask its holder.',
    plain(nameOf(locked), 80),
    lockedBy(lock, clock.now()),
  );
}

/** Of a folder the server may name the member that is locked. */
function lockedPart({ facts, resource }: RemoteFailure): ResourceId {
  const member = facts.members?.find(({ status }) => status === 423)?.resource;
  return facts.roots?.[0] ?? member ?? resource;
}
