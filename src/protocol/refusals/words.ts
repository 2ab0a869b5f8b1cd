import type { ReportedHolder } from '../../core/model/refusalInfo';
import { holder, line, moment } from './values';

const by =
  /\b(?:locked|checked out|held|opened?|being edited|in use|reserved|leased)\b[^.;\n]{0,60}?\bby\s+(?:the\s+)?(?:user\s+|account\s+)?(?:"([^"]{1,120})"|'([^']{1,120})'|“([^”]{1,120})”|([^\s"'“,;()]+))/iu;
/** A surname or two behind a name without quotes. */
const surnames = /^(?: \p{Lu}[\p{L}’'-]*){1,2}/u;
const editing = /\buser\s+(\S{1,60})\s+is\s+(?:currently\s+)?editing\b/i;
const until =
  /\b(?:until|till|expires?(?: at| on)?|expiring)\s+(\d{4}-\d\d-\d\d[T ][\d:.]+(?:Z|[+-]\d\d:?\d\d)?)/i;

/** Words after "by" that name nobody. */
const nobody =
  /^(?:an?|another|some|somebody|someone|other|others|user|users|you|your|process|application|the|this|its|lock|token|session|transaction|request|polic(?:y|ies)|retention|compliance|legal|rules?|default|design)$/i;

/**
 * What a sentence says of a lock: `… is locked for editing by "Ann Lee" until 2026-09-08T14:32:10Z`. The words may be
 * anybody's, so the name is hearsay.
 */
export function sentence(text: string | undefined): { holder?: ReportedHolder; until?: number } {
  const said = (text ?? '').slice(0, 2_000);
  const match = by.exec(said);
  const [whole = '', double, single, curly, bare] = match ?? [];
  const more = surnames.exec(said.slice((match?.index ?? 0) + whole.length))?.[0] ?? '';
  const named =
    double ?? single ?? curly ?? (bare && `${bare}${more}`.replace(/[.:]+$/, '')) ?? editing.exec(said)?.[1];
  const first = named?.split(' ', 1)[0] ?? '';
  const who = named === undefined || nobody.test(first) ? undefined : holder(line(named), 'client');
  const end = moment(until.exec(said)?.[1]);
  return { ...(who && { holder: who }), ...(end !== undefined && { until: end }) };
}
