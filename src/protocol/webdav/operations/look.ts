import { isFailure } from '../../../core/model/failure';
import type { RemoteEntry } from '../../../core/model/ports';
import { type ResourceId, urlOf } from '../../../core/model/resource';
import type { WebdavClient } from '../client';
import { entryOf } from '../entry';
import type { RawLock } from '../raw';
import { one } from './propfind';

/** What a second look shows of a resource's locks, tokens included: for this layer alone. */
export interface ListedLocks {
  /** Whether the server said anything about locks. */
  readonly reported: boolean;
  /** The resource is not there. */
  readonly missing: boolean;
  readonly locks: readonly RawLock[];
  readonly tokens: readonly string[];
  readonly entry?: RemoteEntry;
}

const nothing: ListedLocks = { reported: false, missing: false, locks: [], tokens: [] };

/**
 * A PROPFIND that settles what an answer meant. Never rejects with a RemoteFailure: where it cannot be had, nothing was
 * told. It is not cancelled with the operation, because it decides what that operation left behind.
 */
export async function look(client: WebdavClient, resource: ResourceId): Promise<ListedLocks> {
  try {
    const { raw, context } = await one(client, { resource, depth: '0', url: urlOf(resource) });
    const locks = raw.props.locks ?? [];
    return {
      reported: raw.props.locks !== undefined,
      missing: false,
      locks,
      tokens: locks.flatMap(({ token }) => token ?? []),
      entry: entryOf(resource, raw, context),
    };
  } catch (error) {
    if (isFailure(error)) return { ...nothing, missing: isFailure(error, 'notFound') };
    throw error;
  }
}
