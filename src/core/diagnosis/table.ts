import { folderRefused, forbidden, lockFirst, rightsLacking, signIn } from './rules/access';
import { cleared, serviceLock, transient, treeLock } from './rules/automatic';
import { grantedButUnlisted, misconfigured, unavailable } from './rules/broken';
import { changed, weakTag } from './rules/content';
import { listedElapsed, neverCounts, pastDeadline, staleInside } from './rules/expired';
import { ownElsewhere, ownUnlisted, ownOld, ownSent, ownHeld, ownUnsent, wrongLock } from './rules/own';
import { byHand, edited } from './rules/people';
import { someLock, unknownHolder } from './rules/rest';
import type { Rule } from './rules/rule';
import { refusedInManyFolders, gateway, splitStores } from './rules/server';

/**
 * The first rule with a finding decides. Gateways and split servers come first, then refusals that the status alone
 * explains, our own locks, other holders' locks, and refusals without a lock.
 */
export const rules: readonly Rule[] = [
  // A firewall's refusal or two nodes that disagree would look like any of the cases below.
  gateway,
  splitStores,
  signIn,
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
  ownElsewhere,
  // Expiry comes before the holder's name: nobody works under a lock that should have expired.
  pastDeadline,
  listedElapsed,
  neverCounts,
  serviceLock,
  edited,
  byHand,
  treeLock,
  unavailable,
  misconfigured,
  rightsLacking,
  refusedInManyFolders,
  folderRefused,
  staleInside,
  transient,
  someLock,
  cleared,
  ownHeld,
  unknownHolder,
];
