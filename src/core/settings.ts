/** What a person can set, under `lockStatus.`. The manifest is checked against these. */
export interface Settings {
  readonly connections: readonly Connection[];
  readonly lockOn: 'edit' | 'open' | 'manual';
  /** Seconds. */
  readonly requestedTimeout: number;
  readonly owner: OwnerSetting;
  /** Seconds between two looks at what is on the screen. */
  readonly refreshInterval: number;
  /** Minutes after which waiting gives up. */
  readonly waitLimit: number;
  /** Holder's name as the server shows it → address. */
  readonly contacts: Readonly<Record<string, string>>;
  /** Address of who looks after the server; empty where there is none. */
  readonly administrator: string;
  readonly decorations: boolean;
  readonly codeLens: boolean;
}

export interface Connection {
  readonly name: string;
  /** http or https address of the folder. */
  readonly url: string;
  readonly user?: string;
  readonly auth?: 'password' | 'token' | 'none';
  readonly tls?: { readonly ca?: string; readonly rejectUnauthorized?: boolean };
}

/** What our locks say about their holder; an empty part is left out. */
export interface OwnerSetting {
  readonly name: string;
  readonly contact: string;
  /** Whether to tell the machine's name. */
  readonly host: boolean;
  /** Whether to tell the user name on the server. */
  readonly account: boolean;
}

export const defaults: Settings = {
  connections: [],
  lockOn: 'edit',
  requestedTimeout: 600,
  owner: { name: '', contact: '', host: true, account: true },
  refreshInterval: 30,
  waitLimit: 480,
  contacts: {},
  administrator: '',
  decorations: true,
  codeLens: true,
};

/** A setting whose value cannot be used; the default stands in for it. */
export interface BadSetting {
  readonly setting: keyof Settings;
  readonly value: unknown;
  readonly expected: string;
}

export interface ReadSettings {
  readonly settings: Settings;
  readonly bad: readonly BadSetting[];
}

type Check<T> = (value: unknown) => T | undefined;

const checks: {
  readonly [K in keyof Settings]: { readonly expected: string; readonly check: Check<Settings[K]> };
} = {
  connections: { expected: 'a list of { name, url }', check: (value) => listOf(value, asConnection) },
  lockOn: {
    expected: 'edit, open or manual',
    check: (value) => (value === 'edit' || value === 'open' || value === 'manual' ? value : undefined),
  },
  requestedTimeout: { expected: 'seconds from 60 to 3600', check: within(60, 3600) },
  owner: { expected: '{ name, contact, host, account }', check: asOwner },
  refreshInterval: { expected: 'seconds from 1 to 3600', check: within(1, 3600) },
  waitLimit: { expected: 'minutes from 1 to 10080', check: within(1, 10_080) },
  contacts: { expected: 'an object of holder and address', check: asContacts },
  administrator: { expected: 'an address such as mailto:admin@example.org', check: asText },
  decorations: { expected: 'true or false', check: asBoolean },
  codeLens: { expected: 'true or false', check: asBoolean },
};

/** Reads raw values; what cannot be used is named in `bad`, and its default stands in. */
export function readSettings(raw: (setting: keyof Settings) => unknown): ReadSettings {
  const bad: BadSetting[] = [];
  const read = <K extends keyof Settings>(setting: K): Settings[K] => {
    const value = raw(setting);
    if (value === undefined) return defaults[setting];
    const { check, expected } = checks[setting];
    const good = check(value);
    if (good === undefined) bad.push({ setting, value, expected });
    return good ?? defaults[setting];
  };
  const settings: Settings = {
    connections: read('connections'),
    lockOn: read('lockOn'),
    requestedTimeout: read('requestedTimeout'),
    owner: read('owner'),
    refreshInterval: read('refreshInterval'),
    waitLimit: read('waitLimit'),
    contacts: read('contacts'),
    administrator: read('administrator'),
    decorations: read('decorations'),
    codeLens: read('codeLens'),
  };
  return { settings, bad };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listOf<T>(value: unknown, read: Check<T>): T[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const items = value.map(read);
  return items.every((item) => item !== undefined) ? items : undefined;
}

function within(least: number, most: number): Check<number> {
  return (value) =>
    typeof value === 'number' && Number.isFinite(value) && value >= least && value <= most
      ? value
      : undefined;
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function asBoolean(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

function asConnection(value: unknown): Connection | undefined {
  if (!isObject(value) || typeof value.url !== 'string' || !/^https?:\/\/[^/]/i.test(value.url))
    return undefined;
  const { name, url, user, auth, tls } = value;
  const known: Pick<Connection, 'auth'> =
    auth === 'password' || auth === 'token' || auth === 'none' ? { auth } : {};
  return {
    name: typeof name === 'string' && name !== '' ? name : url,
    url,
    ...(typeof user === 'string' && { user }),
    ...known,
    ...(isObject(tls) && { tls: asTls(tls) }),
  };
}

function asTls({ ca, rejectUnauthorized }: Record<string, unknown>): NonNullable<Connection['tls']> {
  return {
    ...(typeof ca === 'string' && { ca }),
    ...(typeof rejectUnauthorized === 'boolean' && { rejectUnauthorized }),
  };
}

function asOwner(value: unknown): OwnerSetting | undefined {
  if (!isObject(value)) return undefined;
  return {
    name: asText(value.name) ?? defaults.owner.name,
    contact: asText(value.contact) ?? defaults.owner.contact,
    host: asBoolean(value.host) ?? defaults.owner.host,
    account: asBoolean(value.account) ?? defaults.owner.account,
  };
}

function asContacts(value: unknown): Record<string, string> | undefined {
  if (!isObject(value)) return undefined;
  const entries = Object.entries(value);
  return entries.every((entry): entry is [string, string] => typeof entry[1] === 'string')
    ? Object.fromEntries(entries)
    : undefined;
}
