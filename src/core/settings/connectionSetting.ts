import { defined } from '../../base/defined';
import { parseWebAddress, serverOf, type ResourceId, type ServerId } from '../model/resource';
import {
  asText,
  below,
  isObject,
  member,
  oneOf,
  onOrOff,
  text,
  withoutUser,
  type Complain,
} from './settingValues';

/** A valid entry of `lockStatus.connections`. */
export interface Connection {
  readonly name: string;
  readonly folder: ResourceId;
  readonly user?: string;
  /** How to sign in; if absent, the user is asked. */
  readonly auth?: 'password' | 'token' | 'none';
  readonly tls?: {
    readonly ca?: string;
    readonly rejectUnauthorized?: boolean;
    /** The client certificate: PEM files, or one PKCS#12 file. A private key is never in the setting itself. */
    readonly cert?: string;
    readonly key?: string;
    readonly pfx?: string;
  };
  /** Whether the editor may read configuration from this server; if absent, the user is asked. */
  readonly trusted?: boolean;
  /** The entry of `lockStatus.endpoints` that says how to speak to a server that is not WebDAV. */
  readonly endpoint?: string;
}

/** What we write into an entry: never a secret. */
export interface WrittenConnection {
  readonly name?: string;
  readonly user?: string;
  readonly trusted?: boolean;
}

/** Whether a server is trusted: a single no counts more than any yes. Undefined if no connection says. */
export function trustIn(connections: readonly Connection[], server: ServerId): boolean | undefined {
  const answers = connections
    .filter(({ folder }) => serverOf(folder) === server)
    .flatMap(({ trusted }) => trusted ?? []);
  return answers.length === 0 ? undefined : answers.every((trusted) => trusted);
}

/** Reads the valid entries; an invalid one does not affect the others. */
export function readConnections(value: unknown, complain: Complain): Connection[] | undefined {
  if (Array.isArray(value))
    return value.flatMap((entry, index) => readConnection(entry, below(`[${index}]`, complain)) ?? []);
  complain(value, 'connections');
  return undefined;
}

/**
 * The list to write, with the folder's entry in it; everything else stays as the user wrote it, even if invalid.
 * `fresh` is the entry to add if there is none. Undefined if the setting is not a list.
 */
export function withConnection(
  written: unknown,
  folder: ResourceId,
  fresh: Required<Pick<WrittenConnection, 'name'>> & { readonly url: string },
  more: WrittenConnection,
): readonly unknown[] | undefined {
  if (written === undefined) return [{ ...fresh, ...more }];
  if (!Array.isArray(written)) return undefined;
  const entries: readonly unknown[] = written;
  const known = entries.findIndex((entry) => folderOf(entry) === folder);
  if (known < 0) return [...entries, { ...fresh, ...more }];
  return entries.map((entry, index) =>
    index === known && isObject(entry) ? { name: fresh.name, ...entry, ...more } : entry,
  );
}

/** The list to write, with the same trust in all entries of a server. Undefined if it has none. */
export function withTrust(
  written: unknown,
  server: ServerId,
  trusted: boolean,
): readonly unknown[] | undefined {
  if (!Array.isArray(written)) return undefined;
  const entries: readonly unknown[] = written;
  const isOf = (entry: unknown) => {
    const folder = folderOf(entry);
    return folder !== undefined && serverOf(folder) === server;
  };
  if (!entries.some(isOf)) return undefined;
  return entries.map((entry) => (isOf(entry) && isObject(entry) ? { ...entry, trusted } : entry));
}

/** The list to write, without one folder's entry. Undefined if there is none. */
export function withoutFolder(written: unknown, folder: ResourceId): readonly unknown[] | undefined {
  if (!Array.isArray(written)) return undefined;
  const entries: readonly unknown[] = written;
  const rest = entries.filter((entry) => folderOf(entry) !== folder);
  return rest.length < entries.length ? rest : undefined;
}

/** The list to write, without the server's entries. Undefined if there are none. */
export function withoutServer(written: unknown, server: ServerId): readonly unknown[] | undefined {
  if (!Array.isArray(written)) return undefined;
  const entries: readonly unknown[] = written;
  const rest = entries.filter((entry) => {
    const folder = folderOf(entry);
    return folder === undefined || serverOf(folder) !== server;
  });
  return rest.length < entries.length ? rest : undefined;
}

function folderOf(entry: unknown): ResourceId | undefined {
  return readConnection(entry, () => undefined)?.folder;
}

function readConnection(value: unknown, complain: Complain): Connection | undefined {
  if (!isObject(value)) {
    complain(value, { kind: 'object', names: ['name', 'url'] });
    return undefined;
  }
  const url = asText(value.url);
  const folder = url === undefined ? undefined : parseWebAddress(url);
  if (url === undefined || folder === undefined) {
    complain(url === undefined ? value.url : withoutUser(url), 'webAddress', '.url');
    return undefined;
  }
  return {
    folder,
    ...defined({
      user: member(value, 'user', text, complain),
      auth: member(value, 'auth', oneOf('password', 'token', 'none'), complain),
      tls: member(value, 'tls', readTls, complain),
      trusted: member(value, 'trusted', onOrOff, complain),
      endpoint: member(value, 'endpoint', text, complain) || undefined,
    }),
    name: member(value, 'name', text, complain) || url,
  };
}

function readTls(value: unknown, complain: Complain): Connection['tls'] {
  if (!isObject(value)) {
    complain(value, { kind: 'object', names: ['ca', 'rejectUnauthorized', 'cert', 'key', 'pfx'] });
    return undefined;
  }
  return defined({
    ca: member(value, 'ca', text, complain),
    cert: member(value, 'cert', text, complain) || undefined,
    key: member(value, 'key', text, complain) || undefined,
    pfx: member(value, 'pfx', text, complain) || undefined,
    rejectUnauthorized: member(value, 'rejectUnauthorized', onOrOff, complain),
  });
}
