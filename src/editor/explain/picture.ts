import { l10n } from 'vscode';
import { minute, type Facts } from '../../core/diagnosis/facts';
import { timelineOf, type TimelineBar } from '../../core/diagnosis/timeline';
import { plain } from '../words/plainText';
import { clockText } from '../words/time';

/** Positions run from 0 to 1 along the time axis; texts are ready for display. */
export interface Picture {
  readonly caption: string;
  readonly bars: readonly {
    readonly from: number;
    readonly to: number;
    readonly kind: 'mine' | 'other';
    readonly open: boolean;
    readonly label: string;
    readonly refreshes: readonly number[];
    readonly deadline?: number;
  }[];
  readonly tries: readonly { readonly at: number; readonly refused: boolean; readonly label: string }[];
  readonly now: number;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
  readonly legend: readonly {
    readonly kind: 'refresh' | 'refused' | 'done' | 'deadline' | 'now';
    readonly label: string;
  }[];
  /** The same as text, for screen readers. */
  readonly told: readonly string[];
}

const ticks = 5;

/** The timeline: who held the lock, its refreshes and expiry, and our own attempts. */
export function picture(facts: Facts): Picture | undefined {
  const timeline = timelineOf(facts);
  if (!timeline) return undefined;
  const { from, to, now, bars, attempts } = timeline;
  const position = (at: number) => Math.min(1, Math.max(0, (at - from) / (to - from)));
  const time = (at: number) => clockText(at, facts.now);
  // Each tick needs a different label.
  const tickStyle = (to - from) / ticks < minute ? 'timeToSecond' : 'time';
  const refreshes = bars.some((bar) => bar.refreshes.length > 0);
  const legend: (Picture['legend'][number] | false)[] = [
    refreshes && { kind: 'refresh', label: l10n.t('refreshed') },
    attempts.some(({ refused }) => refused) && { kind: 'refused', label: l10n.t('you were refused') },
    attempts.some(({ refused }) => !refused) && { kind: 'done', label: l10n.t('you saved or locked') },
    bars.some(({ deadline }) => deadline !== undefined) && { kind: 'deadline', label: l10n.t('ends') },
    { kind: 'now', label: l10n.t('now') },
  ];
  return {
    caption: bars.length > 0 ? l10n.t('Who held the lock') : l10n.t('What you tried'),
    bars: bars.map((bar) => ({
      from: position(bar.from),
      to: position(bar.to),
      kind: bar.self === 'thisWindow' || bar.self === 'elsewhere' ? 'mine' : 'other',
      open: bar.held,
      label: whose(bar),
      refreshes: bar.refreshes.map(position),
      ...(bar.deadline !== undefined && { deadline: position(bar.deadline) }),
    })),
    tries: attempts.map(({ at, refused, count }) => ({
      at: position(at),
      refused,
      label: count > 1 ? `${time(at)} ×${count}` : time(at),
    })),
    now: position(now),
    ticks: Array.from({ length: ticks }, (_, step) => {
      const at = from + ((to - from) * (step + 0.5)) / ticks;
      return { at: position(at), label: clockText(at, facts.now, tickStyle) };
    }),
    legend: legend.filter((entry) => entry !== false),
    told: [
      ...bars.map((bar) => inWords(bar, time)),
      ...attempts.map(({ at, refused }) =>
        refused ? l10n.t('{0}: you were refused', time(at)) : l10n.t('{0}: you saved or locked', time(at)),
      ),
    ],
  };
}

function whose({ self, name }: TimelineBar): string {
  if (self === 'thisWindow') return l10n.t('You');
  if (self === 'elsewhere') return l10n.t('You elsewhere');
  return name === undefined ? l10n.t('someone') : plain(name, 40);
}

function inWords(bar: TimelineBar, time: (at: number) => string): string {
  const span = bar.held
    ? l10n.t('{0}: locked since {1}', whose(bar), time(bar.from))
    : l10n.t('{0}: locked from {1} to {2}', whose(bar), time(bar.from), time(bar.to));
  const refreshed =
    bar.refreshes.length > 0 ? `, ${l10n.t('refreshed at {0}', bar.refreshes.map(time).join(', '))}` : '';
  const ends = bar.deadline === undefined ? '' : `, ${l10n.t('ends at {0}', time(bar.deadline))}`;
  return span + refreshed + ends;
}
