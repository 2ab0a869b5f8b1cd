import { isFailure } from '../../../../core/model/failure';
import type { RemoteEntry } from '../../../../core/model/ports';
import { type ResourceId, urlOf } from '../../../../core/model/resource';
import type { WebdavClient } from '../../client';
import { entryOf } from '../../reading/entry';
import type { RawLock } from '../../reading/raw';
import { propfindOne, type Send } from '../propfind';

/** The current locks of a resource, tokens included, for use in this layer only. */
export interface ListedLocks {
  /** Whether the server reported lockdiscovery. */
  readonly reported: boolean;
  /** The resource does not exist. */
  readonly missing: boolean;
  readonly locks: readonly RawLock[];
  readonly tokens: readonly string[];
  /** A lock is listed without its token: a token that is not listed proves nothing. */
  readonly hidesTokens: boolean;
  readonly entry?: RemoteEntry;
}

const nothing: ListedLocks = { reported: false, missing: false, locks: [], tokens: [], hidesTokens: false };

/**
 * A PROPFIND that clarifies an ambiguous response. A RemoteFailure counts as not reported and is never thrown. It
 * is not canceled with the operation, because it determines what the operation left behind.
 */
export async function fetchLocks(client: WebdavClient, resource: ResourceId): Promise<ListedLocks> {
  try {
    return await lookForLocks(client, resource);
  } catch (error) {
    if (isFailure(error)) return { ...nothing, missing: isFailure(error, 'notFound') };
    throw error;
  }
}

/**
 * The same, failing with a RemoteFailure where the look does.
 *
 * @param send how the first request is sent; by default as any other.
 */
export async function lookForLocks(
  client: WebdavClient,
  resource: ResourceId,
  send?: Send,
): Promise<ListedLocks & { readonly entry: RemoteEntry }> {
  const query = { resource, depth: '0', url: urlOf(resource) } as const;
  const { raw, context } = await propfindOne(client, query, {}, send);
  const locks = raw.props.locks ?? [];
  return {
    reported: raw.props.locks !== undefined,
    missing: false,
    locks,
    tokens: locks.flatMap(({ token }) => token ?? []),
    hidesTokens: locks.some(({ token }) => token === undefined),
    entry: entryOf(resource, raw, context),
  };
}
