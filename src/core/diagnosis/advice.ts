import type { Lock } from '../model/lock';
import { isOurs } from '../model/lockView';
import type { Advice, Cause, Finding } from './diagnosis';
import type { Facts } from './facts';
import { blockingLock, listedLocks, observedLockOf } from './locks';
import { isNamedPerson, programWords } from './programWords';
import { refusedWith } from './refusals';

/** Causes that no waiting ends. */
const lasting: readonly Cause[] = ['access', 'noRoom', 'tooLarge', 'signIn', 'noLocks'];
/** Causes of a save that would be refused in the same way again. */
const refusedAgain: readonly Cause[] = [
  'access',
  'tooLarge',
  'editedByOther',
  'lockedByHand',
  'contentChanged',
];

/** The advice that can work, checked against everything known: the only place that does so. */
export function workableAdvice(facts: Facts, finding: Finding, also: Finding | undefined): readonly Advice[] {
  const causes = [finding.cause, ...(also ? [also.cause] : [])];
  const lock = blockingLock(facts);
  const isAny = (some: readonly Cause[]) => causes.some((cause) => some.includes(cause));
  const is = (cause: Cause) => causes.includes(cause);
  const cannotWork: Readonly<Partial<Record<Advice, boolean>>> = {
    wait: !canWait(finding, also),
    retry: isAny(refusedAgain) && finding.confidence !== 'low',
    contactHolder: !lock || !canBeAsked(lock) || is('automatic'),
    breakLock: !canBreak(facts) || isAny(['access']),
    lockFirst: isHeldByOther(facts) || isLockImpossible(facts),
    releaseOwn: facts.leases.length === 0,
    compare: isMissing(facts),
  };
  const first: readonly Advice[] = is('contentChanged') ? ['compare'] : [];
  const second = also?.advice ?? [];
  const wanted = [...new Set([...first, ...finding.advice, ...second])];
  const workable = wanted.filter((advice) => cannotWork[advice] !== true);
  return workable.length > 0 ? workable : ['saveCopy', 'copyReport'];
}

/** A person who is named or can be reached; a program cannot be asked. */
export function canBeAsked({ holder }: Lock): boolean {
  if (holder.self === 'elsewhere' || programWords({ ...(holder.name && { name: holder.name }) }))
    return false;
  return isNamedPerson(holder) || holder.contacts.length > 0;
}

/** Whether a save may succeed later without anybody here doing something. */
export function canWait(
  { cause }: Pick<Finding, 'cause'>,
  also: Pick<Finding, 'cause'> | undefined,
): boolean {
  return cause === 'automatic' || !(lasting.includes(cause) || (also && lasting.includes(also.cause)));
}

/**
 * Whether the locks of others can be broken, as far as is known: their tokens are listed (RFC 4918 section 6.5), and
 * the server has not refused it since they were taken.
 */
export function canBreak(facts: Facts): boolean {
  const others = listedLocks(facts).filter((lock) => !isOurs(lock));
  return others.length > 0 && others.every((lock) => isBreakable(lock) && !isBreakRefused(facts, lock));
}

/** Only a lock whose token is listed can be named to the server. */
export function isBreakable(lock: Lock): boolean {
  return lock.id !== undefined && !isOurs(lock);
}

function isBreakRefused(facts: Facts, lock: Lock): boolean {
  const { exchanges, resource } = facts;
  const since = observedLockOf(facts, lock)?.firstSeen ?? 0;
  return exchanges.some(
    (one) =>
      one.method === 'UNLOCK' &&
      one.resource === (lock.root ?? resource) &&
      one.at.wall >= since &&
      one.status !== undefined &&
      breakRefusals.has(one.status),
  );
}

/** Not allowed, or not offered. */
const breakRefusals = new Set([401, 403, 405, 423, 501]);

/** The file is not on the server, as the last answer about it says. */
function isMissing({ exchanges, resource }: Facts): boolean {
  const last = exchanges.findLast(
    (one) => one.resource === resource && one.method !== 'PUT' && one.method !== 'LOCK',
  );
  return last?.status === 404 || last?.status === 410;
}

function isHeldByOther(facts: Facts): boolean {
  return listedLocks(facts).some(
    ({ holder, id }) =>
      holder.self === 'other' && !facts.history.locks.some((seen) => seen.key === id && seen.wasOurs),
  );
}

function isLockImpossible(facts: Facts): boolean {
  const { isLockless = false, rights, exchanges, resource } = facts;
  const lock = exchanges.findLast((one) => one.resource === resource && one.method === 'LOCK');
  const isRefused = lock?.status !== undefined && [403, 405, 501].includes(lock.status);
  return isLockless || rights?.lock === false || isRefused || refusedWith(facts, 401) !== undefined;
}
