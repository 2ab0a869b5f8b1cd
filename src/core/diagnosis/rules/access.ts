import { statusOf } from '../../locks/exchanges';
import type { Finding, Reason } from '../diagnosis';
import { parentOf } from '../../model/resource';
import { minute, type Facts } from '../facts';
import { listedLocks, mediumIf, unexplained423 } from '../locks';
import {
  foldersOf,
  isAboutLock,
  refusalToExplain,
  refusedElsewhere,
  refusalRun,
  refusedWith,
  refusalMatches,
} from '../refusals';
import type { Rule } from './rule';

/** 401, or 407 from a proxy. If the same account can read, only the write permission is missing. */
export const signIn: Rule = {
  name: 'sign-in',
  find(facts) {
    const refusal = refusedWith(facts, 401, 407);
    if (!refusal) return undefined;
    // A read that is open to everybody proves nothing about the password.
    const reads = facts.exchanges.find(
      ({ method, status = 0, at, signed }) =>
        signed &&
        refusal.signed &&
        (method === 'PROPFIND' || method === 'GET') &&
        status >= 200 &&
        status < 300 &&
        Math.abs(at.mono - refusal.at.mono) < 5 * minute,
    );
    const refused = { code: 'accessRefused', status: statusOf(refusal) ?? 401, at: refusal.at.wall } as const;
    return reads
      ? {
          cause: 'access',
          confidence: 'high',
          evidence: [refused, { code: 'accountReads', status: reads.status ?? 207 }],
          advice: ['contactAdmin', 'signIn', 'saveCopy', 'copyReport'],
        }
      : {
          cause: 'access',
          confidence: 'high',
          evidence: [refused],
          advice: ['signIn', 'saveCopy', 'contactAdmin'],
        };
  },
};

/** 403 that names the missing privilege (RFC 3744 section 7.1.1), or with no lock listed or mentioned. */
export const forbidden: Rule = {
  name: 'forbidden',
  find(facts) {
    const refusal = refusedWith(facts, 403);
    if (!refusal) return undefined;
    const named = refusal.refusal?.codes.includes('need-privileges') ?? false;
    if (!named && (listedLocks(facts).length > 0 || isAboutLock(refusal))) return undefined;
    return {
      cause: 'access',
      confidence: named || facts.rights?.write === false ? 'high' : 'medium',
      evidence: [
        { code: 'accessRefused', status: 403, at: refusal.at.wall },
        ...(named || facts.rights?.write === false ? [{ code: 'rightMissing' } as const] : []),
      ],
      advice: ['contactAdmin', 'saveCopy', 'copyReport'],
    };
  },
};

/** 423 that should be a 403: no lock, and the server reports the missing permission. */
export const rightsLacking: Rule = {
  name: 'rights-lacking',
  find(facts) {
    const refusal = refusedWith(facts, 423);
    if (!refusal || listedLocks(facts).length > 0 || facts.rights?.write !== false) return undefined;
    return {
      cause: 'access',
      confidence: 'high',
      evidence: [
        { code: 'rightMissing' },
        facts.listingSupport === 'seen' ? { code: 'noLockListed' } : { code: 'serverSilent' },
        { code: 'refusedOnce', status: 423, at: refusal.at.wall },
      ],
      advice: ['contactAdmin', 'saveCopy', 'copyReport'],
    };
  },
};

const accessWords =
  /read-?\s?only|permission|not (?:allowed|authori[sz]ed|permitted)|archiv|retention|legal hold|banned|forbidden/i;

/** No lock, but a whole folder is refused, LOCK as well, for long, or with a text about permissions. */
export const folderRefused: Rule = {
  name: 'folder-refused',
  find(facts) {
    const found = unexplained423(facts);
    if (!found) return undefined;
    const { refusal, isProven } = found;
    const signs = signsOfAccess(facts);
    const hasAccessWords = refusalMatches(refusal, accessWords);
    // Where locks are never listed, other people's locks look like these signs.
    if (!hasAccessWords && !(isProven && signs.length >= 2)) return undefined;
    return {
      cause: 'access',
      confidence: mediumIf(isProven),
      evidence: [
        ...(hasAccessWords
          ? [{ code: 'wordsOfAccess', text: refusal.refusal?.reason ?? refusal.excerpt ?? '' } as const]
          : []),
        ...signs,
        isProven ? { code: 'noLockListed' } : { code: 'serverSilent' },
      ],
      alternatives: ['serverFault'],
      advice: ['contactAdmin', 'saveCopy', 'copyReport'],
    };
  },
};

function signsOfAccess(facts: Facts): Reason[] {
  const row = refusalRun(facts);
  const here = refusedElsewhere(facts).filter(
    ({ resource }) => parentOf(resource) === parentOf(facts.resource),
  );
  const lockRefused = facts.exchanges.findLast(
    ({ resource, method, status }) =>
      resource === facts.resource && method === 'LOCK' && (status === 403 || status === 405),
  );
  const signs: (Reason | false | undefined)[] = [
    here.length >= 2 && foldersOf(here).size === 1 && { code: 'allOfFolder', count: here.length + 1 },
    lockRefused && { code: 'lockMethodRefused', status: lockRefused.status ?? 403 },
    row && row.ms > 60 * minute && { code: 'steady', at: row.since },
  ];
  return signs.filter((sign) => sign !== false && sign !== undefined);
}

const checkoutWords =
  /589941|90075|check(?:ed)?[ -]?out (?:is )?required|must be checked out|lock required|must be locked|cannot-modify-version-controlled-content/i;

/** The server requires a lock or a checkout before a change. */
export const lockFirst: Rule = {
  name: 'lock-first',
  find(facts): Finding | undefined {
    const refusal = refusedWith(facts, 423, 409, 403, 428);
    if (!refusal || listedLocks(facts).length > 0 || !refusalMatches(refusal, checkoutWords))
      return undefined;
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
  },
};
