import type { Reason } from '../../core/diagnosis/diagnosis';
import { diagnose } from '../../core/diagnosis/diagnose';
import type { Facts } from '../../core/diagnosis/facts';
import { statusOf, type RecordedExchange } from '../../core/locks/exchanges';
import type { ObservedLock } from '../../core/locks/observedLock';
import { serverOf } from '../../core/model/resource';
import type { CheckResult, ServerCheck } from '../../core/diagnosis/serverCheck';
import { redacted } from '../../core/model/redaction';
import { plain } from '../words/plainText';

const maxExchanges = 30;

/**
 * A Markdown report for an administrator, always in English: redacted exchanges, who answered, how the lock
 * behaved. Its sources contain no lock token, password or file content.
 */
export function reportText(facts: Facts, versions: string, check?: ServerCheck): string {
  const diagnosis = diagnose(facts);
  const { resource, now, skewMs, rights, listingSupport, history } = facts;
  const latest = facts.exchanges.findLast(({ headers }) => headers.server !== undefined);
  return [
    '# Lock Status report',
    '',
    `- Created: ${iso(now.wall)} with ${plain(versions, 200)}`,
    `- Resource: ${code(resource)}`,
    `- Server: ${code(serverOf(resource))}${latest ? `, says ${code(latest.headers.server ?? '')}` : ''}`,
    `- Clock of the server: ${skewMs === undefined ? 'not reported' : `${Math.round(skewMs / 1000)} s against this computer`}`,
    `- Lists locks: ${listingSupport}`,
    `- What it supports and allows: ${rights ? code(JSON.stringify(rights)) : 'not asked'}`,
    '',
    '## Finding',
    '',
    `${diagnosis.cause}, confidence ${diagnosis.confidence} (rule ${diagnosis.rule})`,
    '',
    ...diagnosis.evidence.map((reason) => `- for: ${reasonLine(reason)}`),
    ...(diagnosis.against ?? []).map((reason) => `- against: ${reasonLine(reason)}`),
    ...(diagnosis.alternatives ?? []).map((cause) => `- could also be: ${cause}`),
    '',
    '## Locks seen (times by this computer’s clock)',
    '',
    ...section(history.locks.map(traceLine)),
    '## Attempts',
    '',
    ...section(
      history.attempts.map(({ at, last, count, method, status }) => {
        const span = last === at ? iso(at) : `${iso(at)} to ${iso(last)}`;
        return `- ${span}: ${method} ${status ?? 'no answer'}${count > 1 ? ` ×${count}` : ''}`;
      }),
    ),
    '## Server check',
    '',
    ...section(check ? [`Created: ${iso(check.at)}`, '', ...check.results.map(checkLine)] : []),
    '## Requests, oldest first',
    '',
    ...section(
      facts.exchanges
        .filter((one) => one.resource === resource)
        .slice(-maxExchanges)
        .map(exchangeLine),
    ),
  ].join('\n');
}

function section(lines: readonly string[]): string[] {
  return lines.length === 0 ? ['None.', ''] : [...lines, ''];
}

function reasonLine({ code: name, at, ms, count, status, text, resource }: Reason): string {
  return [
    name,
    status !== undefined && `status ${status}`,
    at !== undefined && `at ${iso(at)}`,
    ms !== undefined && `${Math.round(ms / 1000)} s`,
    count !== undefined && `×${count}`,
    text && code(text),
    resource && code(resource),
  ]
    .filter(Boolean)
    .join(', ');
}

function traceLine(observed: ObservedLock): string {
  const { name, app, assertedBy, self, depth, root, firstSeen, lastSeen, ended, deadline, basis } = observed;
  const end =
    deadline === 'never'
      ? 'never'
      : deadline === undefined
        ? 'not reported'
        : `${iso(deadline)} (server time)`;
  return [
    `- ${self === 'thisWindow' ? 'this window' : code(name ?? 'nobody named')} (named by: ${assertedBy})`,
    app && `program ${code(app)}`,
    `depth ${depth}${root ? ` at ${code(root)}` : ''}`,
    `seen ${iso(firstSeen)} to ${iso(lastSeen)}, ${observed.looks} looks`,
    ended !== undefined && `no longer listed at ${iso(ended)}`,
    `expires: ${end}, ${basis}`,
    observed.refreshes.length > 0 && `refreshed at ${observed.refreshes.map(iso).join(', ')}`,
  ]
    .filter(Boolean)
    .join('; ');
}

function checkLine({ step, outcome, ms, failure }: CheckResult): string {
  const duration = ms === undefined ? '' : `, ${Math.round(ms / 1000)} s`;
  const failed = failure ? `, ${failure.kind} ${failure.status ?? failure.facts.code ?? ''}`.trimEnd() : '';
  return `- ${step}: ${outcome}${duration}${failed}`;
}

function exchangeLine(exchange: RecordedExchange): string {
  const { at, method, status, failure, ms, requestId, sent, headers, refusal, excerpt } = exchange;
  const inner = statusOf(exchange);
  const shown = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [
    `- ${iso(at.wall)} ${method} ${status ?? failure ?? ''}${inner === status ? '' : ` (${inner} inside)`}, ${Math.round(ms)} ms`,
    requestId && `request ${code(requestId)}`,
    sent.length > 0 && `sent ${sent.join(', ')}`,
    refusal &&
      `refusal: ${refusal.shape} from ${refusal.from}${refusal.codes.length > 0 ? ` ${code(refusal.codes.join(' '))}` : ''}`,
    excerpt && code(excerpt),
    shown.length > 0 && code(shown.join('; ')),
  ]
    .filter(Boolean)
    .join('; ');
}

/** Formats foreign text as code so that it is not parsed as Markdown, and redacts what looks like a secret. */
function code(text: string): string {
  return `\`${plain(redacted(text.slice(0, 4_000)), 700).replaceAll('`', 'ˋ')}\``;
}

function iso(wall: number): string {
  return Math.abs(wall) <= 8.64e15 ? new Date(wall).toISOString() : '?';
}
