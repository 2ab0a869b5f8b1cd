const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** Distances between ticks, each a whole number of minutes. */
const steps = [1, 2, 5, 10, 15, 30].map((minutes) => minutes * minute);
const longSteps = [1, 2, 3, 6, 12, 24].map((hours) => hours * hour);
const maxTicks = 6;

/** Moments on whole minutes of the wall clock between `from` and `to`, evenly apart, at most six. */
export function ticksBetween(from: number, to: number): readonly number[] {
  const all = [...steps, ...longSteps];
  const step = all.find((one) => Math.floor((to - from) / one) < maxTicks) ?? 24 * hour;
  const ticks: number[] = [];
  // Counted from local midnight: in some time zones a whole hour of UTC is none.
  const midnight = new Date(from).setHours(0, 0, 0, 0);
  for (let at = midnight + Math.ceil((from - midnight) / step) * step; at <= to; at += step) ticks.push(at);
  return ticks;
}
