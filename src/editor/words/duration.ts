import { l10n } from 'vscode';

const minute = 60_000;
const hour = 60 * minute;

/** A duration: `40 s`, `12 min`, `3 h`. */
export function durationText(ms: number): string {
  if (ms < minute) return l10n.t('{0} s', Math.round(ms / 1000));
  if (ms < 2 * hour) return l10n.t('{0} min', Math.round(ms / minute));
  return l10n.t('{0} h', Math.round(ms / hour));
}
