// Rounds in which all contenders take their turn, so that a noisy machine is noisy for all of them.

export type Metrics = Readonly<Record<string, number>>;
export type Runs = Readonly<Record<string, () => Promise<Metrics>>>;

/** What was measured of one contender, round by round. */
export class Samples {
  private readonly values = new Map<string, number[]>();

  add(metrics: Metrics): void {
    for (const [name, value] of Object.entries(metrics)) {
      const known = this.values.get(name);
      if (known) known.push(value);
      else this.values.set(name, [value]);
    }
  }

  of(metric: string): readonly number[] {
    return this.values.get(metric) ?? [];
  }

  median(metric: string): number {
    return quantile(this.of(metric), 0.5);
  }

  /** Median, and in brackets the middle half. */
  shown(metric: string, digits = 1): string {
    if (this.of(metric).length === 0) return '–';
    const [low, middle, high] = [0.25, 0.5, 0.75].map((part) => quantile(this.of(metric), part));
    return `${num(middle, digits)} (${num(low, digits)}–${num(high, digits)})`;
  }
}

/** How one stands to another, round by round, because the machine is not the same in each. */
export function ratio(one: Samples, other: Samples, metric = 'ms'): string {
  const each = new Samples();
  for (const [round, value] of one.of(metric).entries())
    each.add({ ratio: value / (other.of(metric)[round] ?? NaN) });
  return each.shown('ratio', 2);
}

export const rounds = Number(process.env['BENCH_ROUNDS'] ?? 7);

/** Each round begins with another contender, so that none always comes after the same one. */
export async function interleaved(runs: Runs, times = rounds): Promise<Record<string, Samples>> {
  const samples: Record<string, Samples> = {};
  for (const name of Object.keys(runs)) samples[name] = new Samples();
  const order = Object.entries(runs);
  for (let round = 0; round < times; round++) {
    for (const [name, run] of order) samples[name]?.add(await run());
    order.push(...order.splice(0, 1));
  }
  return samples;
}

export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  const place = (sorted.length - 1) * part;
  const below = sorted[Math.floor(place)] ?? NaN;
  const above = sorted[Math.ceil(place)] ?? NaN;
  return below + (above - below) * (place - Math.floor(place));
}

export function num(value: number | undefined, digits = 1): string {
  return value === undefined || Number.isNaN(value)
    ? '–'
    : value.toLocaleString('en-US', { maximumFractionDigits: digits });
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
