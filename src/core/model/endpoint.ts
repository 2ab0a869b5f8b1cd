/** How a file service that is not WebDAV is spoken to, as the person describes it. What is missing is not offered. */
export interface Endpoint {
  readonly files: FilesMapping;
  readonly locks: LocksMapping;
}

export interface FilesMapping {
  readonly list?: ListMapping;
  readonly read?: CallMapping;
  readonly write?: CallMapping;
  readonly delete?: CallMapping;
  readonly move?: CallMapping;
}

export interface LocksMapping {
  readonly status?: StatusMapping;
  readonly lock?: TakeMapping;
  readonly refresh?: TakeMapping;
  readonly unlock?: CallMapping;
  readonly break?: CallMapping;
  readonly submit?: SubmitMapping;
}

/** A request: its address is a URI Template (RFC 6570), and texts in its headers and body have variables too. */
export interface CallMapping {
  /** Absent: the usual method of what is called. */
  readonly method?: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON; texts in it may have variables. */
  readonly body?: unknown;
}

export interface ListMapping extends CallMapping {
  /** Where the list of members is in the answer. */
  readonly members: string;
  readonly name: ValueAt;
  readonly isFolder?: ValueAt;
  readonly size?: ValueAt;
  readonly modified?: TimeAt;
  readonly etag?: ValueAt;
  readonly locks?: LockMapping;
}

/** Where in an answer a lock is described. */
export interface LockMapping {
  readonly id?: ValueAt;
  readonly holder?: ValueAt;
  readonly contact?: ValueAt;
  readonly until?: TimeAt;
  readonly since?: TimeAt;
  readonly mine?: ValueAt;
}

export interface StatusMapping extends CallMapping, LockMapping {
  /** Statuses that mean that there is no lock. */
  readonly freeOn?: readonly number[];
}

/** A request that takes or refreshes a lock. */
export interface TakeMapping extends CallMapping, Pick<LockMapping, 'id' | 'until'> {
  /** Statuses that mean that there is a lock already; the answer names it. */
  readonly heldOn?: readonly number[];
}

/** How a write shows that we hold the lock. */
export interface SubmitMapping {
  readonly headers?: Readonly<Record<string, string>>;
  /** Added to the address. */
  readonly query?: Readonly<Record<string, string>>;
}

/** A value in an answer: at a JSON Pointer (RFC 6901), true or false if compared with a text, or in a header. */
export type ValueAt =
  | { readonly kind: 'pointer'; readonly pointer: string; readonly equals?: string }
  | { readonly kind: 'header'; readonly name: string };

export const timeUnits = ['iso', 'unix', 'unixMs', 'fromNow'] as const;
export type TimeUnit = (typeof timeUnits)[number];

export interface TimeAt {
  readonly value: ValueAt;
  readonly unit: TimeUnit;
}

/**
 * What templates may name. `url`, `base`, `path` and `name` are of the file; `to` and `toUrl` of the target of a move;
 * `id` is the lock's; `newId` is random and new in each request for a lock; `now` is a time as ISO 8601 writes it.
 */
export const variableNames = [
  'url',
  'base',
  'path',
  'name',
  'id',
  'newId',
  'owner',
  'seconds',
  'user',
  'now',
  'to',
  'toUrl',
] as const;
export type VariableName = (typeof variableNames)[number];

/** The variables that a text uses, known or not. */
export function variablesIn(text: string): string[] {
  return [...text.matchAll(/\{[+#./;?&]?([^{}]*)\}/g)].flatMap(([, inside = '']) =>
    inside.split(',').map((name) => name.replace(/(?::\d+|\*)$/, '')),
  );
}
