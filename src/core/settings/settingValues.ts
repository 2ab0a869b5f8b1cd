/** What a valid value would have been. The editor has the words for it. */
export type Expected =
  | 'text'
  | 'onOrOff'
  | 'contact'
  | 'contacts'
  | 'connections'
  | 'webAddress'
  | 'endpoints'
  | 'endpointName'
  | 'method'
  | 'requestAddress'
  | 'escapedVariables'
  | 'pointer'
  | 'value'
  | 'statuses'
  | 'texts'
  | { readonly kind: 'number'; readonly unit: Unit; readonly least: number; readonly most: number }
  | { readonly kind: 'choice' | 'object' | 'partName' | 'variables'; readonly names: readonly string[] };

export type Unit = 'seconds' | 'minutes';

/** Reports an invalid value; `place` is its path within the setting, such as `[1].url`. */
export type Complain = (value: unknown, expected: Expected, place?: string) => void;

/** Reads a raw value; if it is invalid, reports it and returns undefined. */
export type Read<T> = (value: unknown, complain: Complain) => T | undefined;

/** Accepts values that pass the check. */
export function reading<T>(check: (value: unknown) => T | undefined, expected: Expected): Read<T> {
  return (value, complain) => {
    const good = check(value);
    if (good === undefined) complain(value, expected);
    return good;
  };
}

export const text: Read<string> = reading(asText, 'text');

export const onOrOff: Read<boolean> = reading(
  (value) => (typeof value === 'boolean' ? value : undefined),
  'onOrOff',
);

export function oneOf<T extends string>(...choices: readonly T[]): Read<T> {
  return reading((value) => choices.find((choice) => choice === value), { kind: 'choice', names: choices });
}

export function within(least: number, most: number, unit: Unit): Read<number> {
  const fits = (value: unknown): value is number =>
    typeof value === 'number' && Number.isFinite(value) && value >= least && value <= most;
  return reading((value) => (fits(value) ? value : undefined), { kind: 'number', unit, least, most });
}

/** Reads a member of an object; undefined without a report if it is absent. */
export function member<T>(
  of: Readonly<Record<string, unknown>>,
  key: string,
  read: Read<T>,
  complain: Complain,
): T | undefined {
  const value = of[key];
  return value === undefined ? undefined : read(value, below(`.${key}`, complain));
}

/** Reports values below the given path. */
export function below(place: string, complain: Complain): Complain {
  return (value, expected, deeper = '') => complain(value, expected, place + deeper);
}

export function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An address that is safe to show, even if invalid: without a user name and password. */
export function withoutUser(address: string): string {
  return address.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, '$1…@');
}
