import { readConnections, type Connection } from './connectionSetting';
import { readEndpoints, type Endpoints } from './endpointSetting';
import { asContact } from '../model/contact';
import { endpointNamed } from './shippedEndpoints';
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
  type Expected,
  type Read,
} from './settingValues';

/** User settings under `lockStatus.`. A test compares the manifest with these. */
export interface Settings {
  readonly connections: readonly Connection[];
  /** How servers that are not WebDAV are spoken to, by the names that connections use. */
  readonly endpoints: Endpoints;
  readonly lockOn: 'edit' | 'open' | 'manual';
  /** Seconds. */
  readonly requestedTimeout: number;
  readonly owner: OwnerSetting;
  /** Seconds between two polls of what is visible. */
  readonly refreshInterval: number;
  /** Minutes after which waiting ends. */
  readonly waitLimit: number;
  /** Holder's name as the server shows it → address. */
  readonly contacts: Readonly<Record<string, string>>;
  /** Address of the server's administrator; empty if there is none. */
  readonly administrator: string;
  readonly decorations: boolean;
  readonly codeLens: boolean;
}

/** What our locks say about their holder; empty parts are omitted. */
export interface OwnerSetting {
  readonly name: string;
  readonly contact: string;
  /** Whether to include the machine's name. */
  readonly host: boolean;
  /** Whether to include the user name on the server. */
  readonly account: boolean;
}

export const defaults: Settings = {
  connections: [],
  endpoints: {},
  lockOn: 'edit',
  requestedTimeout: 600,
  owner: { name: '', contact: '', host: false, account: false },
  refreshInterval: 30,
  waitLimit: 480,
  contacts: {},
  administrator: '',
  decorations: true,
  codeLens: true,
};

/** An invalid value; the valid parts of its setting are used, and the default replaces the rest. */
export interface BadSetting {
  /** The setting and the path within it, such as `connections[1].url`. */
  readonly place: string;
  readonly value: unknown;
  readonly expected: Expected;
}

export interface ReadSettings {
  readonly settings: Settings;
  readonly bad: readonly BadSetting[];
}

const readers: { readonly [K in keyof Settings]: Read<Settings[K]> } = {
  connections: readConnections,
  endpoints: readEndpoints,
  lockOn: oneOf('edit', 'open', 'manual'),
  requestedTimeout: within(60, 3600, 'seconds'),
  owner: readOwner,
  refreshInterval: within(1, 3600, 'seconds'),
  waitLimit: within(1, 10_080, 'minutes'),
  contacts: readContacts,
  administrator: reading((value) => (value === '' ? value : asAddress(value)), 'contact'),
  decorations: onOrOff,
  codeLens: onOrOff,
};

/** Reads raw values; lists invalid ones in `bad` and replaces them with their defaults. */
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
    endpoints: read('endpoints'),
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
  for (const { name, endpoint } of settings.connections)
    if (endpoint !== undefined && !endpointNamed(endpoint, settings.endpoints))
      bad.push({
        place: `connections[${JSON.stringify(name)}].endpoint`,
        value: endpoint,
        expected: 'endpointName',
      });
  return { settings, bad };
}

function readOwner(value: unknown, complain: Complain): OwnerSetting | undefined {
  if (!isObject(value)) {
    complain(value, { kind: 'object', names: Object.keys(defaults.owner) });
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
    complain(value, 'contacts');
    return undefined;
  }
  const read = reading(asAddress, 'contact');
  const entries = Object.entries(value).flatMap(([holder, given]) => {
    const address = read(given, below(`[${JSON.stringify(holder)}]`, complain));
    return address === undefined ? [] : [[holder, address] as const];
  });
  return Object.fromEntries(entries);
}

/** A contact address that can be opened, unchanged. */
function asAddress(value: unknown): string | undefined {
  const address = asText(value);
  return address !== undefined && asContact(address) ? address : undefined;
}
