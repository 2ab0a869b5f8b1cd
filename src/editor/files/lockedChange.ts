import { l10n } from 'vscode';
import { isFailure, type RemoteFailure } from '../../core/model/failure';
import type { Lock, Stamp } from '../../core/model/lock';
import { type LockView } from '../../core/model/lockView';
import { nameOf, type ResourceId } from '../../core/model/resource';
import { failureSentence } from '../words/failureWords';
import { plain } from '../words/plainText';
import type { Needs } from '../commands/commandContext';
import { lockedBy } from '../words/holder';

/** A listing this recent names the holder well enough. */
const recentMs = 5_000;

/** Finds what is locked and by whom, if possible: a refusal may name a folder above, or a member. */
export async function blockingLock(
  { directory, store }: Needs<'directory' | 'store'>,
  failure: RemoteFailure,
): Promise<{ readonly locked: ResourceId; readonly view: LockView }> {
  const locked = lockedPart(failure);
  try {
    await directory.stat(locked, recentMs);
  } catch (error) {
    // Fall back on the known state.
    if (!isFailure(error)) throw error;
  }
  return { locked, view: store.viewOf(locked) };
}

/** Why a delete, move or create failed: which resource is locked, and by whom. */
export async function lockedChangeText(
  deps: Needs<'clock' | 'directory' | 'store'>,
  failure: RemoteFailure,
): Promise<string> {
  const { locked, view } = await blockingLock(deps, failure);
  if (!view.lock) return failureSentence(failure);
  return cannotChangeText(plain(nameOf(locked), 80), view.lock, deps.clock.now());
}

export function cannotChangeText(name: string, lock: Lock, now: Stamp): string {
  return l10n.t(
    'Can’t change {0}. {1}. Wait until the lock is free, or ask its holder.',
    name,
    lockedBy(lock, now),
  );
}

/** For a folder, the server may name the member that is locked. */
function lockedPart({ facts, resource }: RemoteFailure): ResourceId {
  const member = facts.members?.find(({ status }) => status === 423)?.resource;
  return facts.roots?.[0] ?? member ?? resource;
}
