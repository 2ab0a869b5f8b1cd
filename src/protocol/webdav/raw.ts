import type { NextcloudLockProp } from './names';

/** DAV:owner as it was written (RFC 4918 section 14.17 allows anything in it). */
export interface RawOwner {
  /** All character data outside `href`, elements counted as spaces; at most 4,096 units. */
  text: string;
  hrefs: string[];
}

/** DAV:activelock, as texts (section 14.1). */
export interface RawLock {
  scopes: ('exclusive' | 'shared')[];
  depth?: string;
  owner?: RawOwner;
  timeout?: string;
  token?: string;
  root?: string;
  /** oc:ownername: the holder by the server's own word. */
  ownerName?: string;
  /** oc:locktime: when the lock was taken, RFC 3339. */
  since?: string;
}

/** The properties of one propstat that are read; absent ones were not told. */
export interface RawProps {
  collection?: boolean;
  length?: string;
  modified?: string;
  created?: string;
  etag?: string;
  /** Present (even empty) where lockdiscovery was told. */
  locks?: RawLock[];
  /** Whether supportedlock, where told, holds a lockentry. */
  supportsLocks?: boolean;
  nextcloud?: Partial<Record<NextcloudLockProp, string>>;
}

/** DAV:response (section 14.24). */
export interface RawResponse {
  hrefs: string[];
  /** Status of the response itself, in the form without propstat. */
  status?: number;
  /** Merged from all propstats with a 2xx status. */
  props: RawProps;
  /** The statuses of all other propstats. */
  refusals: number[];
  /** Local names of the condition elements in DAV:error, with the hrefs in them. */
  conditions: string[];
  conditionHrefs: string[];
}

export function rawResponse(): RawResponse {
  return { hrefs: [], props: {}, refusals: [], conditions: [], conditionHrefs: [] };
}
