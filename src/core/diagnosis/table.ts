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
import type { Rule } from './rules/rule';
import { gateway, refusedInManyFolders, splitStores } from './rules/server';

/**
 * The first rule with a finding decides. What the refusal itself says of a job comes first, then gateways and split
 * servers, refusals that the status alone explains, our own locks, other holders' locks, and refusals without a lock.
 */
export const rules: readonly Rule[] = [
  // A firewall's refusal or two nodes that disagree would look like any of the cases below.
  splitStores,
  signIn,
  signInPage,
  noRoom,
  tooLarge,
  // A missing right would also be missing after a job.
  rightsLacking,
  job,
  gateway,
  lockFirst,
  forbidden,
  changed,
  weakTag,
  ownUnsent,
  ownSent,
  wrongLock,
  ownOld,
  grantedButUnlisted,
  ownUnlisted,
  lost,
  notEnforced,
  ownElsewhere,
  // Expiry comes before the holder's name: nobody works under a lock that should have expired.
  pastDeadline,
  saidExpired,
  listedElapsed,
  neverCounts,
  serviceLock,
  edited,
  byHand,
  treeLock,
  unavailable,
  noLocks,
  misconfigured,
  refusedInManyFolders,
  folderRefused,
  saidEditing,
  staleInside,
  transient,
  someLock,
  unanswered,
  changedSince,
  cleared,
  ownHeld,
  unknownHolder,
];
