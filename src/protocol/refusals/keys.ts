import type { ReportedHolder } from '../../core/model/refusalInfo';
import { holder, moment } from './values';

/** What people call these things, without case and separators. */
const names = {
  holder: [
    'lockedby',
    'lockowner',
    'lockholder',
    'lockholdername',
    'holder',
    'checkedoutby',
    'who',
    'owner',
    'user',
    'username',
    'createdby',
  ],
  until: ['expires', 'expiresat', 'lockeduntil', 'until', 'expirationdatetime', 'leaseexpiresat', 'expiry'],
  since: ['lockedat', 'lockedsince', 'created', 'createdat', 'createddatetime', 'since'],
  why: ['reason', 'detail', 'message', 'error_description', 'errormessage', 'description', 'info', 'title'],
  code: ['code', 'errorcode', 'error', 'status'],
} as const;

/** Beside a mere message, these tell who asked. */
const elsewhereOthers = new Set(['user', 'username']);

const mostDepth = 4;
const mostKeys = 200;

/** The first value of that meaning, the outermost first. */
export function pick(json: Readonly<Record<string, unknown>>, meaning: keyof typeof names): unknown {
  return find(json, names[meaning], (value) =>
    typeof value === 'string' || typeof value === 'number' ? value : undefined,
  );
}

export function pickMoment(
  json: Readonly<Record<string, unknown>>,
  meaning: 'until' | 'since',
): number | undefined {
  return find(json, names[meaning], moment);
}

/** A name, or an object that has one. The application says it, so it is the server's word. */
export function pickHolder(json: Readonly<Record<string, unknown>>): ReportedHolder | undefined {
  return find(json, names.holder, (value) => {
    const object = asObject(value);
    if (!object) return typeof value === 'string' ? holder(value, 'server') : undefined;
    const name = object.displayName ?? object.display_name ?? object.name ?? object.username ?? object.login;
    return holder(name, 'server', object.email ?? object.mail ?? object.login);
  });
}

/** Undefined for what is no JSON. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

/** An object, and whether it is about the lock: by the name that it has, or by times of a lock in it. */
interface Found {
  readonly object: Readonly<Record<string, unknown>>;
  readonly ofLock: boolean;
}

function find<T>(
  json: Readonly<Record<string, unknown>>,
  wanted: readonly string[],
  read: (value: unknown) => T | undefined,
): T | undefined {
  let level: Found[] = [{ object: json, ofLock: hasTimes(json) }];
  for (let depth = 0; depth < mostDepth && level.length > 0; depth++) {
    for (const name of wanted) {
      for (const { object, ofLock } of level) {
        if (!ofLock && elsewhereOthers.has(name)) continue;
        for (const [key, value] of Object.entries(object).slice(0, mostKeys)) {
          const found = bare(key) === bare(name) ? read(value) : undefined;
          if (found !== undefined) return found;
        }
      }
    }
    level = level.flatMap(inner).slice(0, mostKeys);
  }
  return undefined;
}

function inner({ object, ofLock }: Found): Found[] {
  return Object.entries(object)
    .slice(0, mostKeys)
    .flatMap(([key, value]) => {
      const values: unknown[] = Array.isArray(value) ? value.slice(0, 10) : [value];
      const isOfLock = ofLock || /lock|lease|checkout|checkedout/.test(bare(key));
      return values
        .map(asObject)
        .filter((one) => one !== undefined)
        .map((one) => ({ object: one, ofLock: isOfLock || hasTimes(one) }));
    });
}

function hasTimes(object: Readonly<Record<string, unknown>>): boolean {
  const times: readonly string[] = [...names.until, ...names.since];
  return Object.keys(object)
    .slice(0, mostKeys)
    .some((key) => times.includes(bare(key)));
}

function bare(key: string): string {
  return key
    .slice(0, 60)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
}
