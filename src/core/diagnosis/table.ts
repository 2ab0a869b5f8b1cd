import { folderRefused, forbidden, lockFirst, rightsLacking, signIn } from './rules/access';
import { cleared, serviceLock, transient, treeLock } from './rules/automatic';
import { decorative, misconfigured, unavailable } from './rules/broken';
import { changed, weakTag } from './rules/content';
import { listedElapsed, neverCounts, pastDeadline, staleInside } from './rules/expired';
import { ownElsewhere, ownGone, ownOld, ownSent, ownStands, ownUnsent, wrongLock } from './rules/own';
import { byHand, edited } from './rules/people';
import { someLock, untold } from './rules/rest';
import type { Rule } from './rules/rule';
import { everywhere, gateway, splitStores } from './rules/server';

/**
 * The first that finds something decides. What answers in the server's place comes first, then what the status alone
 * says, then our own locks, then others', and last refusals without a lock.
 */
export const rules: readonly Rule[] = [
  // A firewall's refusal and two nodes at odds would look like everything that follows.
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
  decorative,
  ownGone,
  ownElsewhere,
  // The past counts before the name: a lock that should be gone is no one's work any more.
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
  everywhere,
  folderRefused,
  staleInside,
  transient,
  someLock,
  cleared,
  ownStands,
  untold,
];
