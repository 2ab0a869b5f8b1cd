import { asObject } from '../../base/untrusted';
import type { ReportedHolder } from '../../core/model/refusalInfo';
import { parseHolder, parseMoment } from './values';

/** Common field names for each meaning, without case and separators. */
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
  until: [
    'lockexpires',
    'lockexpiresat',
    'lockexpiration',
    'expires',
    'expiresat',
    'lockeduntil',
    'until',
    'expirationdatetime',
    'leaseexpiresat',
    'expiry',
  ],
  since: ['lockedat', 'lockedsince', 'created', 'createdat', 'createddatetime', 'since'],
  why: [
    'reason',
    'detail',
    'message',
    'error_description',
    'errormessage',
    'description',
    'info',
    'title',
    'error',
  ],
  code: ['code', 'errorcode', 'error', 'status'],
} as const;

/** Outside an object about the lock, these name the user who sent the request. */
const requesterNames = new Set(['user', 'username']);

const maxDepth = 4;
const maxKeys = 200;

/** The first value with this meaning, outermost objects first. */
export function pick(json: Readonly<Record<string, unknown>>, meaning: keyof typeof names): unknown {
  return find(json, names[meaning], (value) =>
    typeof value === 'string' || typeof value === 'number' ? value : undefined,
  );
}

export function pickMoment(
  json: Readonly<Record<string, unknown>>,
  meaning: 'until' | 'since',
): number | undefined {
  return find(json, names[meaning], parseMoment);
}

/** A name, or an object with a name. The application writes it, so it counts as asserted by the server. */
export function pickHolder(json: Readonly<Record<string, unknown>>): ReportedHolder | undefined {
  return find(json, names.holder, (value) => {
    const object = asObject(value);
    if (!object) return typeof value === 'string' ? parseHolder(value, 'server') : undefined;
    const name = object.displayName ?? object.display_name ?? object.name ?? object.username ?? object.login;
    return parseHolder(name, 'server', object.email ?? object.mail ?? object.login);
  });
}

/** Fields that name a holder only of a lock, and fields whose object is a lock. */
const lockHolders = new Set(['lockedby', 'lockowner', 'lockholder', 'lockholdername', 'checkedoutby']);
const lockObjects = new Set([
  'lock',
  'currentlock',
  'existinglock',
  'activelock',
  'lockinfo',
  'lease',
  'checkout',
]);

/** Whether the holder stands in a field that is only used for locks: the other words need not mention one then. */
export function namesLock(json: Readonly<Record<string, unknown>>, depth = maxDepth): boolean {
  return Object.entries(json)
    .slice(0, maxKeys)
    .some(([key, value]) => {
      const name = normalized(key);
      if (lockHolders.has(name)) return pickHolder({ [key]: value }) !== undefined;
      const inner = asObject(value);
      if (!inner) return false;
      return (
        (lockObjects.has(name) && pickHolder(inner) !== undefined) ||
        (depth > 1 && namesLock(inner, depth - 1))
      );
    });
}

/** An object, and whether it describes the lock, judged by its key or by lock times in it. */
interface Candidate {
  readonly object: Readonly<Record<string, unknown>>;
  readonly aboutLock: boolean;
}

function find<T>(
  json: Readonly<Record<string, unknown>>,
  wanted: readonly string[],
  read: (value: unknown) => T | undefined,
): T | undefined {
  let level: Candidate[] = [{ object: json, aboutLock: hasTimes(json) }];
  for (let depth = 0; depth < maxDepth && level.length > 0; depth++) {
    for (const name of wanted) {
      for (const { object, aboutLock } of level) {
        if (!aboutLock && requesterNames.has(name)) continue;
        for (const [key, value] of Object.entries(object).slice(0, maxKeys)) {
          const found = normalized(key) === normalized(name) ? read(value) : undefined;
          if (found !== undefined) return found;
        }
      }
    }
    level = level.flatMap(childrenOf).slice(0, maxKeys);
  }
  return undefined;
}

function childrenOf({ object, aboutLock }: Candidate): Candidate[] {
  return Object.entries(object)
    .slice(0, maxKeys)
    .flatMap(([key, value]) => {
      const values: unknown[] = Array.isArray(value) ? value.slice(0, 10) : [value];
      const isAboutLock = aboutLock || /lock|lease|checkout|checkedout/.test(normalized(key));
      return values
        .map(asObject)
        .filter((one) => one !== undefined)
        .map((one) => ({ object: one, aboutLock: isAboutLock || hasTimes(one) }));
    });
}

function hasTimes(object: Readonly<Record<string, unknown>>): boolean {
  const times: readonly string[] = [...names.until, ...names.since];
  return Object.keys(object)
    .slice(0, maxKeys)
    .some((key) => times.includes(normalized(key)));
}

function normalized(key: string): string {
  return key
    .slice(0, 60)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
}
