import type { NextcloudLockProp } from '../../xml/names';

/** DAV:owner as received (RFC 4918 section 14.17 allows any content). */
export interface RawOwner {
  /** All character data outside `href`, with tags replaced by spaces, at most 4,096 UTF-16 units. */
  text: string;
  hrefs: string[];
}

// One of each is created per listing entry, with all fields present from the start: adding fields later makes V8
// reallocate the object.

/** The text values of DAV:activelock (section 14.1). */
export interface RawLock {
  scopes: ('exclusive' | 'shared')[];
  depth: string | undefined;
  owner: RawOwner | undefined;
  timeout: string | undefined;
  token: string | undefined;
  root: string | undefined;
  /** oc:ownername: the holder as asserted by the server. */
  ownerName: string | undefined;
  /** When the lock was taken, RFC 3339: oc:locktime, or as the server reports it beside the lock. */
  since: string | undefined;
  /** The account that holds the lock, as the server reports it beside the lock. */
  account: string | undefined;
  /** DAV:owner is a comment on the lock. */
  isCommented: boolean;
}

/** The properties of one propstat. Undefined means not reported. */
export interface RawProps {
  collection: boolean | undefined;
  length: string | undefined;
  modified: string | undefined;
  created: string | undefined;
  etag: string | undefined;
  /** Present, possibly empty, if lockdiscovery was reported. */
  locks: RawLock[] | undefined;
  /** Whether supportedlock, if reported, has a lockentry. */
  supportsLocks: boolean | undefined;
  nextcloud: Partial<Record<NextcloudLockProp, string>> | undefined;
}

/** DAV:response (section 14.24). */
export interface RawResponse {
  hrefs: string[];
  /** The status of a response without propstat. */
  status: number | undefined;
  /** Merged from all propstats with a 2xx status. */
  props: RawProps;
  /** The statuses of all other propstats. */
  refusals: number[] | undefined;
  /** Local names of the condition elements in DAV:error; `conditionHrefs` are the hrefs in them. */
  conditions: string[] | undefined;
  conditionHrefs: string[] | undefined;
}

export function rawLock(): RawLock {
  return {
    scopes: [],
    depth: undefined,
    owner: undefined,
    timeout: undefined,
    token: undefined,
    root: undefined,
    ownerName: undefined,
    since: undefined,
    account: undefined,
    isCommented: false,
  };
}

export function rawProps(): RawProps {
  return {
    collection: undefined,
    length: undefined,
    modified: undefined,
    created: undefined,
    etag: undefined,
    locks: undefined,
    supportsLocks: undefined,
    nextcloud: undefined,
  };
}

export function rawResponse(): RawResponse {
  return {
    hrefs: [],
    status: undefined,
    props: noProps,
    refusals: undefined,
    conditions: undefined,
    conditionHrefs: undefined,
  };
}

/** Where one response says a thing twice, the cautious reading wins: every lock counts, and no disputed tag. */
export function mergedProps(before: RawProps, now: RawProps): RawProps {
  if (before === noProps) return now;
  const present = Object.entries(now).filter(([, value]) => value !== undefined);
  const merged: RawProps = { ...before, ...Object.fromEntries(present) };
  if (before.locks && now.locks) merged.locks = [...before.locks, ...now.locks];
  if (before.etag !== undefined && now.etag !== undefined && before.etag !== now.etag)
    merged.etag = undefined;
  return merged;
}

/** The responses for one resource, as one: it exists if either says so. */
export function mergedResponses(before: RawResponse, now: RawResponse): RawResponse {
  const isRefused = ({ status }: RawResponse) => status !== undefined && status >= 300;
  if (isRefused(before) || isRefused(now)) return isRefused(before) ? now : before;
  return { ...before, props: mergedProps(before.props, now.props) };
}

const noProps: RawProps = Object.freeze(rawProps());
