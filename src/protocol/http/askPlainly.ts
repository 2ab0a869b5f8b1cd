import { isFailure, orElse } from '../../core/model/failure';
import type { CallOptions } from '../../core/model/ports';
import { pathOf, type ResourceId } from '../../core/model/resource';
import { HttpClient, type HttpOptions } from './client';
import { versionNow } from './content';

const optionsMs = 10_000;

/** What plain HTTP finds: a file, nothing of that name, or a server that it says nothing about. */
export type PlainAnswer = 'file' | 'missing' | 'unknown';

/**
 * Looks for a file by plain HTTP on a server that does not claim to be WebDAV. A WebDAV server that is out of order for
 * a moment must not be taken for one without locks.
 */
export async function askPlainly(
  options: HttpOptions,
  resource: ResourceId,
  { signal }: CallOptions = {},
): Promise<PlainAnswer> {
  // The root of a server is a page or a list, never a file to edit.
  if (pathOf(resource) === '') return 'unknown';
  const client = new HttpClient(options);
  const call = signal ? { signal } : {};
  try {
    const found = await isThere(client, resource, call);
    const request = { ...client.plainRequest('OPTIONS', resource), headersMs: optionsMs, ...call };
    const answer = await client.send(request);
    void answer.discard();
    if (answer.headers['dav'] !== undefined) return 'unknown';
    return found ? 'file' : 'missing';
  } catch (error) {
    if (isFailure(error)) return 'unknown';
    throw error;
  }
}

async function isThere(client: HttpClient, resource: ResourceId, call: CallOptions): Promise<boolean> {
  return (await orElse(undefined, () => versionNow(client, resource, call), 'notFound')) !== undefined;
}
