import { statusOf } from '../../locks/exchanges';
import type { Facts } from '../facts';
import { refusalToExplain, refusedWith } from '../refusals';
import { refusalMatches, texts } from '../refusalTexts';
import type { Found } from './rule';

/** 401, 407 from a proxy, or a page to sign in on in place of an answer. */
export function signIn(facts: Facts): Found | undefined {
  const refusal = refusedWith(facts, 401, 407);
  if (!refusal) return undefined;
  const refused = { code: 'accessRefused', status: statusOf(refusal) ?? 401, at: refusal.at.wall } as const;
  const reads = facts.exchanges.find(
    ({ method, status = 0, signed }) =>
      signed && refusal.signed && /^(?:PROPFIND|GET)$/.test(method) && status >= 200 && status < 300,
  );
  // Where everybody may read, a signed read proves nothing about the password.
  if (reads && facts.readsNeedSignIn) {
    return {
      cause: 'access',
      confidence: 'high',
      evidence: [refused, { code: 'accountReads', status: reads.status ?? 207 }],
      advice: ['contactAdmin', 'signIn', 'saveCopy', 'copyReport'],
    };
  }
  return {
    cause: 'signIn',
    confidence: reads ? 'medium' : 'high',
    evidence: [refused],
    ...(reads && { against: [{ code: 'accountUnproven' } as const], alternatives: ['access'] as const }),
    advice: ['signIn', 'saveCopy', 'contactAdmin'],
  };
}

export function signInPage(facts: Facts): Found | undefined {
  const refusal = refusalToExplain(facts);
  const status = refusal?.status ?? 0;
  const isPage = status === 200 && /html/i.test(refusal?.headers['content-type'] ?? '');
  if (!refusal || !(isPage || (status >= 300 && status < 400))) return undefined;
  return {
    cause: 'signIn',
    // A page may be anything: a firewall's refusal, a captive portal.
    confidence: isPage ? 'low' : 'medium',
    evidence: [{ code: 'signInPage', status, at: refusal.at.wall }],
    alternatives: ['serverFault', 'access'],
    advice: ['signIn', 'saveCopy', 'contactAdmin', 'copyReport'],
  };
}

/** 507, or another status whose precondition names the quota (RFC 4331 section 6). */
export function noRoom(facts: Facts): Found | undefined {
  const refusal = refusalToExplain(facts);
  if (!refusal || !(statusOf(refusal) === 507 || refusalMatches(refusal, texts.quota))) return undefined;
  return {
    cause: 'noRoom',
    confidence: 'high',
    evidence: [{ code: 'noRoomLeft', status: statusOf(refusal) ?? 507, at: refusal.at.wall }],
    advice: ['saveCopy', 'contactAdmin', 'retry', 'copyReport'],
  };
}

export function tooLarge(facts: Facts): Found | undefined {
  const refusal = refusedWith(facts, 413);
  if (!refusal) return undefined;
  return {
    cause: 'tooLarge',
    confidence: 'high',
    evidence: [{ code: 'bodyTooLarge', status: 413, at: refusal.at.wall }],
    advice: ['saveCopy', 'contactAdmin', 'copyReport'],
  };
}
