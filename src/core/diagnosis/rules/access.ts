import { statusOf } from '../../locks/exchanges';
import type { Reason } from '../diagnosis';
import { parentOf } from '../../model/resource';
import { minute, type Facts } from '../facts';
import { listedLocks, mediumIf, silence, unexplained423 } from '../locks';
import { refusalMatches, refusalText, texts } from '../refusalTexts';
import {
  foldersOf,
  isAboutLock,
  refusalToExplain,
  refusedOnce,
  refusedElsewhere,
  refusalRun,
  refusedWith,
} from '../refusals';
import { given, type Found } from './rule';

/** 403 that names the missing privilege (RFC 3744 section 7.1.1), or with no lock listed or mentioned. */
export function forbidden(facts: Facts): Found | undefined {
  const refusal = refusedWith(facts, 403);
  if (!refusal) return undefined;
  const named = refusal.refusal?.codes.includes('need-privileges') ?? false;
  if (!named && (listedLocks(facts).length > 0 || isAboutLock(refusal))) return undefined;
  return {
    cause: 'access',
    confidence: named || facts.rights?.write === false ? 'high' : 'medium',
    evidence: [
      { code: 'accessRefused', status: 403, at: refusal.at.wall },
      (named || facts.rights?.write === false) && { code: 'rightMissing' },
    ],
    advice: ['contactAdmin', 'saveCopy', 'copyReport'],
  };
}

/** The server reports the missing permission: with or without a lock, the save cannot succeed. */
export function rightsLacking(facts: Facts): Found | undefined {
  const refusal = refusedWith(facts, 405, 409, 423, 501);
  if (!refusal || facts.rights?.write !== false) return undefined;
  // A server without locks refuses LOCK whatever the rights.
  if (refusal.method === 'LOCK' && statusOf(refusal) !== 423) return undefined;
  const isLocked = listedLocks(facts).length > 0;
  return {
    cause: 'access',
    confidence: 'high',
    evidence: [{ code: 'rightMissing' }, ...(isLocked ? [] : [silence(facts)]), refusedOnce(refusal, 423)],
    advice: ['contactAdmin', 'saveCopy', 'copyReport'],
  };
}

/** No lock, but a whole folder is refused, LOCK as well, for long, or with a text about permissions. */
export function folderRefused(facts: Facts): Found | undefined {
  const found = unexplained423(facts);
  if (!found) return undefined;
  const { refusal, isProven } = found;
  const signs = signsOfAccess(facts);
  const hasAccessWords = refusalMatches(refusal, texts.access);
  // Where locks are never listed, other people's locks look like these signs.
  if (!hasAccessWords && !(isProven && signs.length >= 2)) return undefined;
  return {
    cause: 'access',
    confidence: mediumIf(isProven),
    evidence: [
      hasAccessWords && { code: 'wordsOfAccess', text: refusalText(refusal) },
      ...signs,
      silence(facts),
    ],
    alternatives: ['serverFault'],
    advice: ['contactAdmin', 'saveCopy', 'copyReport'],
  };
}

function signsOfAccess(facts: Facts): Reason[] {
  const row = refusalRun(facts);
  const here = refusedElsewhere(facts).filter(
    ({ resource }) => parentOf(resource) === parentOf(facts.resource),
  );
  const lockRefused = facts.exchanges.findLast(
    ({ resource, method, status }) =>
      resource === facts.resource && method === 'LOCK' && (status === 403 || status === 405),
  );
  return given([
    here.length >= 2 && foldersOf(here).size === 1 && { code: 'allOfFolder', count: here.length + 1 },
    lockRefused && { code: 'lockMethodRefused', status: lockRefused.status ?? 403 },
    row && row.ms > 60 * minute && { code: 'steady', at: row.since },
  ]);
}

/** The server requires a lock or a checkout before a change. */
export function lockFirst(facts: Facts): Found | undefined {
  const refusal = refusedWith(facts, 423, 409, 403, 428);
  if (!refusal || listedLocks(facts).length > 0 || !refusalMatches(refusal, texts.checkout)) return undefined;
  const last = refusalToExplain(facts);
  return {
    cause: 'access',
    confidence: 'medium',
    evidence: [
      {
        code: 'conditionNeedsCheckout',
        text: last?.refusal?.reason ?? last?.refusal?.codes.join(' ') ?? '',
      },
    ],
    advice: ['lockFirst', 'saveCopy', 'contactAdmin', 'copyReport'],
  };
}
