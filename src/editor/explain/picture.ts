import { l10n } from 'vscode';
import type { Facts } from '../../core/diagnosis/facts';
import { timelineOf, type Timeline, type TimelineBar } from '../../core/diagnosis/timeline';
import { holderName } from '../words/holder';
import { clockText, tickText } from '../words/time';
import { ticksBetween } from './axis';

/** A moment on the time axis, from 0 to 1, and what is said of it. */
export interface Mark {
  readonly at: number;
  readonly label: string;
}

/** When a lock ends. */
export interface End extends Mark {
  /** Later than the axis reaches, or never: drawn as an arrow that leaves the picture. */
  readonly beyond: boolean;
}

/** Positions run from 0 to 1 along the time axis; texts are ready for display. */
export interface Picture {
  readonly caption: string;
  readonly bars: readonly {
    readonly from: number;
    readonly to: number;
    /** Began before the axis does. */
    readonly earlier: boolean;
    readonly kind: 'mine' | 'other';
    readonly label: string;
    readonly refreshes: readonly Mark[];
    readonly end?: End;
  }[];
  readonly tries: readonly (Mark & { readonly refused: boolean })[];
  readonly now: Mark;
  readonly ticks: readonly Mark[];
  readonly legend: readonly {
    readonly kind: 'refresh' | 'refused' | 'done' | 'deadline' | 'now';
    readonly label: string;
  }[];
  /** The same as text, for screen readers. */
  readonly description: string;
}

/** Moments of the timeline as positions and texts. */
interface Scale {
  readonly position: (at: number) => number;
  readonly time: (at: number) => string;
  readonly toSecond: (at: number) => string;
}

/** The timeline: who held the lock, its refreshes and expiry, and our own attempts. */
export function picture(facts: Facts): Picture | undefined {
  const timeline = timelineOf(facts);
  if (!timeline) return undefined;
  const { from, to, now, bars, attempts } = timeline;
  const position = (at: number) => Math.min(1, Math.max(0, (at - from) / (to - from)));
  const time = (at: number) => clockText(at, facts.now);
  const toSecond = (at: number) => clockText(at, facts.now, 'timeToSecond');
  const scale: Scale = { position, time, toSecond };
  const caption = bars.length > 0 ? l10n.t('Who held the lock') : l10n.t('Your attempts');
  const drawn = bars.map((bar) => barOf(bar, timeline, scale));
  const tries = attempts.map(({ at, refused, count }) => ({
    at: position(at),
    refused,
    label: tryText(toSecond(at), refused, count),
  }));
  return {
    caption,
    bars: drawn,
    tries,
    now: { at: position(now), label: l10n.t('Now: {0}', toSecond(now)) },
    ticks: ticksBetween(from, to).map((at) => ({ at: position(at), label: tickText(at, to - from) })),
    legend: legendOf(timeline),
    description: [
      caption,
      ...bars.map((bar) => inWords(bar, scale)),
      ...tries.map(({ label }) => label),
    ].join('. '),
  };
}

function barOf(
  bar: TimelineBar,
  { from, to }: Timeline,
  { position, toSecond }: Scale,
): Picture['bars'][number] {
  const { deadline } = bar;
  return {
    from: position(bar.from),
    to: position(bar.to),
    earlier: bar.from < from,
    kind: bar.self === 'thisWindow' || bar.self === 'elsewhere' ? 'mine' : 'other',
    label: whose(bar),
    refreshes: bar.refreshes
      .filter((at) => at >= from && at <= to)
      .map((at) => ({ at: position(at), label: l10n.t('Refreshed at {0}', toSecond(at)) })),
    ...(deadline !== undefined && {
      end:
        deadline === 'never'
          ? { at: 1, beyond: true, label: l10n.t('never expires') }
          : {
              at: position(deadline),
              beyond: deadline > to,
              label: l10n.t('expires at {0}', toSecond(deadline)),
            },
    }),
  };
}

function legendOf({ bars, attempts, to }: Timeline): Picture['legend'] {
  const ends = ({ deadline }: TimelineBar) => typeof deadline === 'number' && deadline <= to;
  const entries: (Picture['legend'][number] | false)[] = [
    bars.some((bar) => bar.refreshes.length > 0) && { kind: 'refresh', label: l10n.t('refreshed') },
    attempts.some(({ refused }) => refused) && { kind: 'refused', label: l10n.t('you were refused') },
    attempts.some(({ refused }) => !refused) && { kind: 'done', label: l10n.t('you saved or locked') },
    bars.some(ends) && { kind: 'deadline', label: l10n.t('expires') },
    { kind: 'now', label: l10n.t('now') },
  ];
  return entries.filter((entry) => entry !== false);
}

function tryText(at: string, refused: boolean, count: number): string {
  if (count > 1)
    return refused
      ? l10n.t('You were refused {0} times, last at {1}', count, at)
      : l10n.t('You saved or locked {0} times, last at {1}', count, at);
  return refused ? l10n.t('You were refused at {0}', at) : l10n.t('You saved or locked at {0}', at);
}

function whose({ self, name, assertedBy }: TimelineBar): string {
  return holderName({ self, assertedBy, contacts: [], ...(name !== undefined && { name }) });
}

function inWords(bar: TimelineBar, { time, toSecond }: Scale): string {
  const { deadline, refreshes } = bar;
  const span = bar.held
    ? l10n.t('{0}: locked since {1}', whose(bar), time(bar.from))
    : l10n.t('{0}: locked from {1} to {2}', whose(bar), time(bar.from), time(bar.to));
  const refreshed =
    refreshes.length > 0 ? `, ${l10n.t('refreshed at {0}', refreshes.map(toSecond).join(', '))}` : '';
  if (deadline === undefined) return span + refreshed;
  const ends = deadline === 'never' ? l10n.t('never expires') : l10n.t('expires at {0}', toSecond(deadline));
  return `${span}${refreshed}, ${ends}`;
}
