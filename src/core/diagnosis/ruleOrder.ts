import type { NamedFinding } from './diagnosis';
import type { Facts } from './facts';
import { folderRefused, forbidden, lockFirst, rightsLacking } from './rules/access';
import { cleared, job, serviceLock, transient, treeLock } from './rules/automatic';
import {
  grantedButUnlisted,
  misconfigured,
  noLocks,
  notEnforced,
  unanswered,
  unavailable,
} from './rules/broken';
import { changed, changedSince, weakTag } from './rules/content';
import { listedElapsed, neverCounts, pastDeadline, saidExpired, staleInside } from './rules/expired';
import { lost, ownElsewhere, ownHeld, ownOld, ownSent, ownUnlisted, ownUnsent, wrongLock } from './rules/own';
import { byHand, edited, saidEditing } from './rules/people';
import { noRoom, signIn, signInPage, tooLarge } from './rules/refusedByStatus';
import { someLock, unknownHolder } from './rules/rest';
import { given, type Rule } from './rules/rule';
import { gateway, refusedInManyFolders, splitStores } from './rules/server';

/**
 * The first rule with a finding decides. What the refusal itself says of a job comes first, then gateways and split
 * servers, refusals that the status alone explains, our own locks, other holders' locks, and refusals without a lock.
 */
export const rules = {
  // A firewall's refusal or two nodes that disagree would look like any of the cases below.
  'split-stores': splitStores,
  'sign-in': signIn,
  'sign-in-page': signInPage,
  'no-room': noRoom,
  'too-large': tooLarge,
  // A missing right would also be missing after a job.
  'rights-lacking': rightsLacking,
  job,
  gateway,
  'lock-first': lockFirst,
  forbidden,
  'content-changed': changed,
  'weak-tag': weakTag,
  'own-unsent': ownUnsent,
  'own-sent': ownSent,
  'wrong-lock': wrongLock,
  'own-old': ownOld,
  decorative: grantedButUnlisted,
  'own-gone': ownUnlisted,
  lost,
  'not-enforced': notEnforced,
  'own-elsewhere': ownElsewhere,
  // Expiry comes before the holder's name: nobody works under a lock that should have expired.
  'past-deadline': pastDeadline,
  'said-expired': saidExpired,
  'listed-elapsed': listedElapsed,
  'never-counts': neverCounts,
  'service-lock': serviceLock,
  edited,
  'by-hand': byHand,
  'tree-lock': treeLock,
  unavailable,
  'no-locks': noLocks,
  misconfigured,
  everywhere: refusedInManyFolders,
  'folder-refused': folderRefused,
  'said-editing': saidEditing,
  'stale-inside': staleInside,
  'server-at-work': transient,
  'some-lock': someLock,
  unanswered,
  'changed-since': changedSince,
  cleared,
  'own-stands': ownHeld,
  'unknown-holder': unknownHolder,
} satisfies Record<string, Rule>;

export type RuleName = keyof typeof rules;

export function firstOf(names: readonly RuleName[], facts: Facts): NamedFinding | undefined {
  for (const rule of names) {
    const found = rules[rule](facts);
    if (!found) continue;
    const { evidence, against, ...rest } = found;
    return { ...rest, evidence: given(evidence), ...(against && { against: given(against) }), rule };
  }
  return undefined;
}
