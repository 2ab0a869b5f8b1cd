import { isFailure } from '../../core/model/failure';
import type { CallOptions } from '../../core/model/ports';
import type { ResourceId } from '../../core/model/resource';
import { HttpClient, type HttpOptions } from './client';
import { versionNow } from './content';

const optionsMs = 10_000;

/**
 * Whether a file is there for plain HTTP on a server that does not claim to be WebDAV. A WebDAV server that is out of
 * order for a moment must not be taken for one without locks.
 */
export async function isPlain(
  options: HttpOptions,
  resource: ResourceId,
  { signal }: CallOptions = {},
): Promise<boolean> {
  const client = new HttpClient(options);
  try {
    await versionNow(client, resource, { ...(signal && { signal }) });
    const request = { ...client.plainRequest('OPTIONS', resource), headersMs: optionsMs, signal };
    const answer = await client.send(request);
    void answer.discard();
    return answer.headers['dav'] === undefined;
  } catch (error) {
    if (isFailure(error)) return false;
    throw error;
  }
}
