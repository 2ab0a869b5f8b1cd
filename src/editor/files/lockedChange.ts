import { l10n } from 'vscode';
import type { Directory } from '../../core/polling/directory';
import { isFailure, type RemoteFailure } from '../../core/model/failure';
import type { LockStore } from '../../core/locks/lockStore';
import { lockView, type LockView } from '../../core/model/lockView';
import type { Clock } from '../../core/model/ports';
import { nameOf, type ResourceId } from '../../core/model/resource';
import { failureSentence } from '../words/failureWords';
import { plain } from '../words/plainText';
import { lockedBy } from '../words/holder';

export interface LockedChangeDeps {
  readonly directory: Directory;
  readonly store: LockStore;
  readonly clock: Clock;
}

/** An answer this young tells whose lock it is. */
const youngMs = 5_000;

/** What is locked and by whom, as far as can be found out: a refusal may name a folder above, or a member. */
export async function lockInTheWay(
  { directory, store }: LockedChangeDeps,
  failure: RemoteFailure,
): Promise<{ readonly locked: ResourceId; readonly view: LockView }> {
  const locked = lockedPart(failure);
  try {
    await directory.stat(locked, youngMs);
  } catch (error) {
    // Then what is known already has to do.
    if (!isFailure(error)) throw error;
  }
  return { locked, view: lockView(store.stateOf(locked), store.lossOf(locked)) };
}

/** Why something could not be deleted, moved or made: whose lock is in the way, and where it sits. */
export async function lockedChange(deps: LockedChangeDeps, failure: RemoteFailure): Promise<string> {
  const { locked, view } = await lockInTheWay(deps, failure);
  if (!view.lock) return failureSentence(failure);
  return l10n.t(
    '{0} cannot be changed. {1}. Wait until the lock is free, or ask its holder.',
    plain(nameOf(locked), 80),
    lockedBy(view.lock, deps.clock.now()),
  );
}

/** Of a folder the server may name the member that is locked. */
function lockedPart({ facts, resource }: RemoteFailure): ResourceId {
  const member = facts.members?.find(({ status }) => status === 423)?.resource;
  return facts.roots?.[0] ?? member ?? resource;
}
