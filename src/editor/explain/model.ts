import { l10n } from 'vscode';
import type { Diagnosis } from '../../core/diagnosis/diagnosis';
import type { Facts } from '../../core/diagnosis/facts';
import { statusOf } from '../../core/locks/exchanges';
import { lockView } from '../../core/model/lockView';
import { isWithin, nameOf, segmentsOf, serverOf, type ResourceId } from '../../core/model/resource';
import type { ServerCheck } from '../../core/diagnosis/serverCheck';
import { plain } from '../words/plainText';
import { adviceLabel } from '../words/advice';
import { causeName, confidenceText, verdict, type Kind } from '../words/cause';
import { checkLine } from '../words/check';
import { knownName } from '../words/holder';
import { reasonText } from '../words/reason';
import { clockText } from '../words/time';
import { lockFacts } from '../words/tooltip';
import { picture, type Picture } from './picture';

/** The content of a page: plain texts and numbers that need no interpretation. */
export interface PageModel {
  readonly language: string;
  readonly title: string;
  readonly where: string;
  readonly verdict: string;
  readonly confidence: { readonly level: Diagnosis['confidence']; readonly text: string };
  readonly sections: readonly { readonly heading: string; readonly lines: readonly string[] }[];
  readonly alternatives?: string;
  readonly picture?: Picture;
  readonly adviceHeading: string;
  readonly actions: readonly { readonly act: string; readonly label: string }[];
  readonly details: readonly { readonly heading: string; readonly lines: readonly string[] }[];
  readonly tools: readonly { readonly act: string; readonly label: string }[];
}

const exchangesShown = 12;
const membersShown = 20;

/** What a page is about. */
export interface PageSubject {
  readonly facts: Facts;
  readonly diagnosis: Diagnosis;
  readonly kind: Kind;
  readonly check: ServerCheck | undefined;
}

export function pageModel({ facts, diagnosis, kind, check }: PageSubject, language: string): PageModel {
  const { resource, now, state } = facts;
  const holder = diagnosis.holder && knownName(diagnosis.holder);
  const evidence = [...diagnosis.evidence, ...(diagnosis.also?.evidence ?? [])];
  const why = evidence.map((reason) => reasonText(reason, now));
  const against = (diagnosis.against ?? []).map((reason) => reasonText(reason, now));
  const others = (diagnosis.alternatives ?? []).map(causeName);
  const drawn = picture(facts);
  return {
    language,
    title: plain(nameOf(resource), 120),
    where: whereText(resource, kind),
    verdict: verdict(diagnosis, kind),
    confidence: { level: diagnosis.confidence, text: confidenceText(diagnosis.confidence) },
    sections: [
      { heading: l10n.t('Why'), lines: why },
      { heading: l10n.t('Evidence against'), lines: against },
    ].filter(({ lines }) => lines.length > 0),
    ...(others.length > 0 && {
      alternatives: l10n.t('It could also be: {0}.', others.join(' · ')),
    }),
    ...(drawn && { picture: drawn }),
    adviceHeading: l10n.t('What you can do'),
    actions: diagnosis.advice.map((act) => ({ act, label: adviceLabel(act, holder) })),
    details: [
      {
        heading: l10n.t('Lock details'),
        lines: [
          ...lockFacts({ resource, view: lockView(state, facts.lost), now }),
          ...publishingLines(facts),
        ],
      },
      { heading: l10n.t('Refused in this folder'), lines: memberLines(facts) },
      { heading: l10n.t('Requests'), lines: exchangeLines(facts) },
      { heading: l10n.t('Server check'), lines: check?.results.map(checkLine) ?? [] },
    ].filter(({ lines }) => lines.length > 0),
    tools: [
      { act: 'askAgain', label: adviceLabel('askAgain') },
      { act: 'check', label: l10n.t('Check This Server…') },
      // If it is among the advice, the page already has this button.
      ...(diagnosis.advice.includes('copyReport')
        ? []
        : [{ act: 'copyReport' as const, label: adviceLabel('copyReport') }]),
    ],
  };
}

function publishingLines({ rights }: Facts): string[] {
  if (rights?.publishes === 'save') return [l10n.t('Every save is published as a new version.')];
  return rights?.publishes === 'release' ? [l10n.t('Releasing the lock may publish a version.')] : [];
}

/** Without the path, which may be the secret of a shared folder: pages are shown to others, and photographed. */
function whereText(resource: ResourceId, kind: Kind): string {
  const server = plain(serverOf(resource), 200);
  return kind === 'folder' ? l10n.t('Folder on {0}', server) : l10n.t('File on {0}', server);
}

/** The members of a folder for which an operation on the folder was refused. */
function memberLines({ refusedMembers = [], resource }: Facts): string[] {
  const depth = segmentsOf(resource).length;
  const lines = refusedMembers
    .filter((member) => member.resource !== resource)
    .map((member) => {
      const below = isWithin(member.resource, resource) ? segmentsOf(member.resource).slice(depth) : [];
      const name = plain(below.join('/') || nameOf(member.resource), 160);
      return member.status === 424
        ? l10n.t('{0}: skipped because another item was refused ({1})', name, member.status)
        : l10n.t('{0}: refused ({1})', name, member.status);
    });
  return lines.length > membersShown
    ? [...lines.slice(0, membersShown), l10n.t('and {0} more', lines.length - membersShown)]
    : lines;
}

function exchangeLines({ exchanges, resource, now }: Facts): string[] {
  return exchanges
    .filter((exchange) => exchange.resource === resource)
    .slice(-exchangesShown)
    .map((exchange) => {
      const { method, at, status, failure, refusal } = exchange;
      const inner = statusOf(exchange);
      const shown =
        status === undefined ? (failure ?? '') : inner === status ? `${status}` : `${status} (${inner})`;
      const words = refusal?.reason === undefined ? '' : `: ${plain(refusal.reason, 160)}`;
      return `${clockText(at.wall, now)}  ${plain(method, 20)} ${plain(shown, 60)}${words}`;
    });
}
