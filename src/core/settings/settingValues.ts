/** Takes note of a value that cannot be used; `place` is where below the setting it stands, such as `[1].url`. */
export type Complain = (value: unknown, expected: string, place?: string) => void;

/** Reads a value as it was written; undefined, and a complaint, for what cannot be used. */
export type Read<T> = (value: unknown, complain: Complain) => T | undefined;

/** Reads what passes the check. */
export function reading<T>(check: (value: unknown) => T | undefined, expected: string): Read<T> {
  return (value, complain) => {
    const good = check(value);
    if (good === undefined) complain(value, expected);
    return good;
  };
}

export const text: Read<string> = reading(asText, 'a text');

export const onOrOff: Read<boolean> = reading(
  (value) => (typeof value === 'boolean' ? value : undefined),
  'true or false',
);

export function oneOf<T extends string>(...choices: readonly T[]): Read<T> {
  return reading((value) => choices.find((choice) => choice === value), choices.join(' or '));
}

export function within(least: number, most: number, unit: string): Read<number> {
  const fits = (value: unknown): value is number =>
    typeof value === 'number' && Number.isFinite(value) && value >= least && value <= most;
  return reading((value) => (fits(value) ? value : undefined), `${unit} from ${least} to ${most}`);
}

/** A member of an object; undefined without a complaint where it is not given. */
export function member<T>(
  of: Readonly<Record<string, unknown>>,
  key: string,
  read: Read<T>,
  complain: Complain,
): T | undefined {
  const value = of[key];
  return value === undefined ? undefined : read(value, below(`.${key}`, complain));
}

/** Complains of what stands below a place. */
export function below(place: string, complain: Complain): Complain {
  return (value, expected, deeper = '') => complain(value, expected, place + deeper);
}

export function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An address as it can be shown, whatever is wrong with it: without the name and password that may stand in it. */
export function withoutUser(address: string): string {
  return address.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, '$1…@');
}
