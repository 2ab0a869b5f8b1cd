import { readConnections, type Connection } from './connectionSetting';
import { asContact } from '../model/contact';
import {
  asText,
  below,
  isObject,
  member,
  oneOf,
  onOrOff,
  reading,
  text,
  within,
  type Complain,
  type Read,
} from './settingValues';

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

/** A value that cannot be used; what can be of its setting is used, and for the rest the default stands in. */
export interface BadSetting {
  /** The setting and where in it, such as `connections[1].url`. */
  readonly place: string;
  readonly value: unknown;
  readonly expected: string;
}

export interface ReadSettings {
  readonly settings: Settings;
  readonly bad: readonly BadSetting[];
}

const reach = 'an address such as mailto:ann@example.org';

const readers: { readonly [K in keyof Settings]: Read<Settings[K]> } = {
  connections: readConnections,
  lockOn: oneOf('edit', 'open', 'manual'),
  requestedTimeout: within(60, 3600, 'seconds'),
  owner: readOwner,
  refreshInterval: within(1, 3600, 'seconds'),
  waitLimit: within(1, 10_080, 'minutes'),
  contacts: readContacts,
  administrator: reading((value) => (value === '' ? value : asAddress(value)), reach),
  decorations: onOrOff,
  codeLens: onOrOff,
};

/** Reads raw values; what cannot be used is named in `bad`, and its default stands in. */
export function readSettings(raw: (setting: keyof Settings) => unknown): ReadSettings {
  const bad: BadSetting[] = [];
  const read = <K extends keyof Settings>(setting: K): Settings[K] => {
    const value = raw(setting);
    if (value === undefined) return defaults[setting];
    const note: Complain = (given, expected, place = '') =>
      bad.push({ place: setting + place, value: given, expected });
    return readers[setting](value, note) ?? defaults[setting];
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

function readOwner(value: unknown, complain: Complain): OwnerSetting | undefined {
  if (!isObject(value)) {
    complain(value, '{ name, contact, host, account }');
    return undefined;
  }
  return {
    name: member(value, 'name', text, complain) ?? defaults.owner.name,
    contact: member(value, 'contact', text, complain) ?? defaults.owner.contact,
    host: member(value, 'host', onOrOff, complain) ?? defaults.owner.host,
    account: member(value, 'account', onOrOff, complain) ?? defaults.owner.account,
  };
}

function readContacts(value: unknown, complain: Complain): Record<string, string> | undefined {
  if (!isObject(value)) {
    complain(value, 'an object of holder and address');
    return undefined;
  }
  const read = reading(asAddress, reach);
  const entries = Object.entries(value).flatMap(([holder, given]) => {
    const address = read(given, below(`[${JSON.stringify(holder)}]`, complain));
    return address === undefined ? [] : [[holder, address] as const];
  });
  return Object.fromEntries(entries);
}

/** What can be opened to reach somebody, as it was written. */
function asAddress(value: unknown): string | undefined {
  const address = asText(value);
  return address !== undefined && asContact(address) ? address : undefined;
}
