import type { ReportedHolder } from '../../core/model/refusalInfo';
import { parseHolder, parseMoment, safeLine } from './values';

const by =
  /\b(?:locked|checked out|held|opened?|being edited|in use|reserved|leased)\b[^.;\n]{0,60}?\bby\s+(?:the\s+)?(?:user\s+|account\s+)?(?:"([^"]{1,120})"|'([^']{1,120})'|\u201c([^\u201d]{1,120})\u201d|([^\s"'\u201c,;()]+))/iu;
/** One or two surnames after an unquoted name. */
const surnames = /^(?: \p{Lu}[\p{L}’'-]*){1,2}/u;
const editing = /\buser\s+(\S{1,60})\s+is\s+(?:currently\s+)?editing\b/i;
const until =
  /\b(?:until|till|expires?(?: at| on)?|expiring)\s+(\d{4}-\d\d-\d\d[T ][\d:.]+(?:Z|[+-]\d\d:?\d\d)?)/i;

/** Words after "by" that are not a person's name. */
const notNames =
  /^(?:an?|another|some|somebody|someone|other|others|user|users|you|your|process|application|the|this|its|lock|token|session|transaction|request|polic(?:y|ies)|retention|compliance|legal|rules?|default|design)$/i;

/**
 * Finds holder and expiry in a sentence such as `… is locked for editing by "Ann Lee" until 2026-09-08T14:32:10Z`.
 * Any client may have written the text, so the name counts as unverified.
 */
export function readSentence(text: string | undefined): { holder?: ReportedHolder; until?: number } {
  const excerpt = (text ?? '').slice(0, 2_000);
  const match = by.exec(excerpt);
  const [whole = '', double, single, curly, bare] = match ?? [];
  const more = surnames.exec(excerpt.slice((match?.index ?? 0) + whole.length))?.[0] ?? '';
  const named =
    double ??
    single ??
    curly ??
    (bare && `${bare}${more}`.replace(/[.:]+$/, '')) ??
    editing.exec(excerpt)?.[1];
  const first = named?.split(' ', 1)[0] ?? '';
  const lockHolder =
    named === undefined || notNames.test(first) ? undefined : parseHolder(safeLine(named), 'client');
  const end = parseMoment(until.exec(excerpt)?.[1]);
  return { ...(lockHolder && { holder: lockHolder }), ...(end !== undefined && { until: end }) };
}
