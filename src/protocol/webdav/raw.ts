import type { NextcloudLockProp } from '../xml/names';

/** DAV:owner as it was written (RFC 4918 section 14.17 allows anything in it). */
export interface RawOwner {
  /** All character data outside `href`, elements counted as spaces; at most 4,096 units. */
  text: string;
  hrefs: string[];
}

// These are made for every entry of a listing, so each has all its fields from the beginning: an object that grows is
// several objects in turn.

/** DAV:activelock, as texts (section 14.1). */
export interface RawLock {
  scopes: ('exclusive' | 'shared')[];
  depth: string | undefined;
  owner: RawOwner | undefined;
  timeout: string | undefined;
  token: string | undefined;
  root: string | undefined;
  /** oc:ownername: the holder by the server's own word. */
  ownerName: string | undefined;
  /** oc:locktime: when the lock was taken, RFC 3339. */
  since: string | undefined;
}

/** The properties of one propstat that are read; undefined ones were not told. */
export interface RawProps {
  collection: boolean | undefined;
  length: string | undefined;
  modified: string | undefined;
  created: string | undefined;
  etag: string | undefined;
  /** Present (even empty) where lockdiscovery was told. */
  locks: RawLock[] | undefined;
  /** Whether supportedlock, where told, holds a lockentry. */
  supportsLocks: boolean | undefined;
  nextcloud: Partial<Record<NextcloudLockProp, string>> | undefined;
}

/** DAV:response (section 14.24). */
export interface RawResponse {
  hrefs: string[];
  /** Status of the response itself, in the form without propstat. */
  status: number | undefined;
  /** Merged from all propstats with a 2xx status. */
  props: RawProps;
  /** The statuses of all other propstats. */
  refusals: number[] | undefined;
  /** Local names of the condition elements in DAV:error, with the hrefs in them. */
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

/** The properties told before, with those that were told now. */
export function mergedProps(before: RawProps, now: RawProps): RawProps {
  if (before === noProps) return now;
  const told = Object.entries(now).filter(([, value]) => value !== undefined);
  return { ...before, ...Object.fromEntries(told) };
}

const noProps: RawProps = Object.freeze(rawProps());
