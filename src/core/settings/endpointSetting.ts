import {
  timeUnits,
  variableNames,
  variablesIn,
  type CallMapping,
  type Endpoint,
  type ListMapping,
  type LockMapping,
  type StatusMapping,
  type SubmitMapping,
  type TakeMapping,
  type TimeAt,
  type ValueAt,
} from '../model/endpoint';
import { asText, below, isObject, member, oneOf, reading, type Complain, type Read } from './settingValues';

export type Endpoints = Readonly<Record<string, Endpoint>>;

/** Reads the mappings of `lockStatus.endpoints`. A part with a mistake is left out, and is then not offered. */
export function readEndpoints(value: unknown, complain: Complain): Endpoints | undefined {
  if (!isObject(value)) {
    complain(value, 'endpoints');
    return undefined;
  }
  const entries = Object.entries(value).flatMap(([name, given]) => {
    const endpoint = readEndpoint(given, below(`[${JSON.stringify(name)}]`, complain));
    return endpoint ? [[name, endpoint] as const] : [];
  });
  return Object.fromEntries(entries);
}

const readEndpoint = shape<Endpoint>(
  ({ given, complain }) => {
    const files = member(given, 'files', readFiles, complain) ?? {};
    const locks = member(given, 'locks', readLocks, complain) ?? {};
    return { files, locks };
  },
  ['files', 'locks'],
);

const readFiles = parts<Endpoint['files']>(() => ({
  list: readList,
  read: readCall,
  write: readWrite,
  delete: readCall,
  move: readCall,
}));

const readLocks = parts<Endpoint['locks']>(() => ({
  status: readStatus,
  lock: readTake,
  refresh: readTake,
  unlock: readCall,
  break: readCall,
  submit: readSubmit,
}));

const method = reading(
  (value) =>
    typeof value === 'string' && /^[A-Za-z][A-Za-z-]{0,30}$/.test(value) ? value.toUpperCase() : undefined,
  'method',
);

/** Only these can be known before a request is sent; other mistakes are refused when the address is used. */
const address: Read<string> = (value, complain) => {
  const text = asText(value);
  if (
    text !== undefined &&
    /^(?:\{\+?(?:url|base)\}|https?:\/\/)/i.test(text) &&
    /^(?:[^{}\s]|\{[^{}\s]+\})+$/.test(text)
  )
    return unescaped.test(text) ? misused(value, complain) : template(text, complain);
  complain(value, 'requestAddress');
  return undefined;
};

/** With these, the text of a server or a user name could lead to another path. */
const unescaped = /\{[+#/](?:[^{}]*,)?(?:id|user)(?:[:*][^{},]*)?(?:,[^{}]*)?\}/;

function misused(value: unknown, complain: Complain): undefined {
  complain(value, 'escapedVariables');
}

const template: Read<string> = (value, complain) => {
  const text = asText(value);
  if (text === undefined) complain(value, 'text');
  const unknown = variablesIn(text ?? '').filter(
    (name) => !(variableNames as readonly string[]).includes(name),
  );
  if (unknown.length > 0) complain(value, { kind: 'variables', names: variableNames });
  return unknown.length > 0 ? undefined : text;
};

const pointerPattern = /^(?:\/(?:[^~/=]|~[01])*)*$/;

const pointer = reading(
  (value) => (typeof value === 'string' && pointerPattern.test(value) ? value : undefined),
  'pointer',
);

const valueAt: Read<ValueAt> = (value, complain) => {
  const text = asText(value) ?? '';
  const [, name] = /^header:([!#$%&'*+.^_`|~\w-]+)$/.exec(text) ?? [];
  if (name !== undefined) return { kind: 'header', name: name.toLowerCase() };
  const [, at, equals] = /^([^=]*)(?:=(.*))?$/s.exec(text) ?? [];
  if (!at || !pointerPattern.test(at)) {
    complain(value, 'value');
    return undefined;
  }
  if (equals === undefined) return { kind: 'pointer', pointer: at };
  return template(equals, complain) === undefined ? undefined : { kind: 'pointer', pointer: at, equals };
};

const timeAt: Read<TimeAt> = (value, complain) => {
  if (!isObject(value)) {
    const read = valueAt(value, complain);
    return read && { value: read, unit: 'iso' };
  }
  const read = required(value, 'pointer', valueAt, complain);
  const unit = value.unit === undefined ? 'iso' : oneOf(...timeUnits)(value.unit, below('.unit', complain));
  return read && unit && { value: read, unit };
};

const statuses: Read<readonly number[]> = reading(
  (value) =>
    Array.isArray(value) && value.every((one) => Number.isInteger(one) && one >= 200 && one < 600)
      ? (value as number[])
      : undefined,
  'statuses',
);

const texts: Read<Record<string, string>> = (value, complain) => {
  if (!isObject(value)) {
    complain(value, 'texts');
    return undefined;
  }
  const read = Object.entries(value).map(
    ([name, text]) => [name, template(text, below(`[${JSON.stringify(name)}]`, complain))] as const,
  );
  return read.some(([, text]) => text === undefined)
    ? undefined
    : (Object.fromEntries(read) as Record<string, string>);
};

const body: Read<unknown> = (value, complain) => {
  if (typeof value === 'string') return template(value, complain);
  if (typeof value !== 'object' || value === null) return value;
  const isGood = Object.entries(value).every(([key, inner]) => {
    if (inner === null) return true;
    return body(inner, below(Array.isArray(value) ? `[${key}]` : `.${key}`, complain)) !== undefined;
  });
  return isGood ? value : undefined;
};

const callKeys = ['method', 'url', 'headers', 'body'];
const lockReaders = {
  id: valueAt,
  holder: valueAt,
  contact: valueAt,
  until: timeAt,
  since: timeAt,
  mine: valueAt,
};

/** `{ "url": … }` with what else a request has. */
function callIn({ given, complain }: Given): CallMapping | undefined {
  const url = required(given, 'url', address, complain);
  const rest = optional<Omit<CallMapping, 'url'>>(given, { method, headers: texts, body }, complain);
  return url === undefined || !rest ? undefined : { url, ...rest };
}

const readCall = shape<CallMapping>(callIn, callKeys);

/** The body of a write is the content. */
const readWrite = shape<CallMapping>(
  callIn,
  callKeys.filter((key) => key !== 'body'),
);

const readList = shape<ListMapping>(
  (read) => {
    const { given, complain } = read;
    const call = callIn(read);
    const members = required(given, 'members', pointer, complain);
    const name = required(given, 'name', valueAt, complain);
    const readers = { isFolder: valueAt, size: valueAt, modified: timeAt, etag: valueAt, locks: readLockAt };
    const rest = optional<Omit<ListMapping, keyof CallMapping | 'members' | 'name'>>(
      given,
      readers,
      complain,
    );
    return call && members !== undefined && name && rest ? { ...call, members, name, ...rest } : undefined;
  },
  [...callKeys, 'members', 'name', 'isFolder', 'size', 'modified', 'etag', 'locks'],
);

const readLockAt = shape<LockMapping>(
  ({ given, complain }) => optional<LockMapping>(given, lockReaders, complain),
  Object.keys(lockReaders),
);

const readStatus = shape<StatusMapping>(
  (read) => {
    const call = callIn(read);
    const rest = optional<Omit<StatusMapping, keyof CallMapping>>(
      read.given,
      { ...lockReaders, freeOn: statuses },
      read.complain,
    );
    return call && rest && { ...call, ...rest };
  },
  [...callKeys, ...Object.keys(lockReaders), 'freeOn'],
);

const readTake = shape<TakeMapping>(
  (read) => {
    const call = callIn(read);
    const readers = { id: valueAt, until: timeAt, heldOn: statuses };
    const rest = optional<Omit<TakeMapping, keyof CallMapping>>(read.given, readers, read.complain);
    return call && rest && { ...call, ...rest };
  },
  [...callKeys, 'id', 'until', 'heldOn'],
);

const readSubmit = shape<SubmitMapping>(
  ({ given, complain }) => optional<SubmitMapping>(given, { headers: texts, query: texts }, complain),
  ['headers', 'query'],
);

interface Given {
  readonly given: Readonly<Record<string, unknown>>;
  readonly complain: Complain;
}

/** Reads an object that has no members but these. */
function shape<T>(read: (given: Given) => T | undefined, keys: readonly string[]): Read<T> {
  return (value, complain) => {
    if (!isObject(value)) {
      complain(value, { kind: 'object', names: keys });
      return undefined;
    }
    const unknown = Object.keys(value).filter((key) => !keys.includes(key));
    for (const key of unknown)
      complain(value[key], { kind: 'partName', names: keys }, `[${JSON.stringify(key)}]`);
    return read({ given: value, complain });
  };
}

/** Reads an object whose members stand for themselves: one with a mistake does not affect the others. */
function parts<T extends object>(
  readersOf: () => { [K in keyof T]-?: Read<Exclude<T[K], undefined>> },
): Read<T> {
  return (value, complain) => {
    const readers = readersOf();
    return shape<T>(({ given, complain: note }) => {
      const read = Object.entries<Read<unknown>>(readers).flatMap(([key, reader]) => {
        const good = member(given, key, reader, note);
        return good === undefined ? [] : [[key, good] as const];
      });
      return Object.fromEntries(read) as T;
    }, Object.keys(readers))(value, complain);
  };
}

/** Members that may be missing; undefined if one has a mistake. */
function optional<T extends object>(
  given: Readonly<Record<string, unknown>>,
  readers: { [K in keyof T]-?: Read<Exclude<T[K], undefined>> },
  complain: Complain,
): T | undefined {
  const present = Object.entries<Read<unknown>>(readers).filter(([key]) => given[key] !== undefined);
  const read = present.map(([key, reader]) => [key, reader(given[key], below(`.${key}`, complain))] as const);
  return read.some(([, value]) => value === undefined) ? undefined : (Object.fromEntries(read) as T);
}

function required<T>(
  given: Readonly<Record<string, unknown>>,
  key: string,
  read: Read<T>,
  complain: Complain,
): T | undefined {
  return read(given[key], below(`.${key}`, complain));
}
