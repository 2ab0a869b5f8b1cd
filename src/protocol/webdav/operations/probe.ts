import { isFailure, type RemoteFailure } from '../../../core/model/failure';
import { plainLine } from '../../../core/model/plainLine';
import type { CallOptions, Capabilities } from '../../../core/model/ports';
import { type ResourceId, urlOf } from '../../../core/model/resource';
import type { WebdavClient } from '../client';
import { davClasses } from '../headers';
import { refusal } from '../refusal';
import { propfindOne } from './propfind';

/** One server never ends its response for a missing file, and the body is not read anyway. */
const optionsMs = 10_000;

/**
 * Detects the server's capabilities with OPTIONS (RFC 4918 section 10.1) and a PROPFIND, because OPTIONS may be
 * answered by a proxy, without a password, or for a missing resource. Fails with `notWebdav` if PROPFIND is not
 * supported, or with its refusal (`signInNeeded`, `notFound`).
 */
export async function probe(
  client: WebdavClient,
  resource: ResourceId,
  options: CallOptions = {},
): Promise<Capabilities> {
  const classes = await classesOf(client, resource, options);
  const { raw } = await propfindOf(client, resource, options);
  const locks = classes?.has('2') || raw.props.supportsLocks || (classes && false);
  const product = plainLine(client.product ?? '', 100);
  return {
    webdav: true,
    ...(locks === undefined ? {} : { locks }),
    ...(product === '' ? {} : { product }),
  };
}

/** The classes in the DAV header. Undefined if there are none: a proxy may have answered. */
async function classesOf(
  client: WebdavClient,
  resource: ResourceId,
  { signal }: CallOptions,
): Promise<ReadonlySet<string> | undefined> {
  const request = { method: 'OPTIONS', resource, url: urlOf(resource), headersMs: optionsMs, signal };
  try {
    const answer = await client.send(request);
    if (answer.status === 401) throw await refusal(answer, request);
    void answer.discard();
    const classes = davClasses(answer.headers['dav']);
    const isOk = answer.status >= 200 && answer.status < 300;
    return isOk && classes.size > 0 ? classes : undefined;
  } catch (error) {
    // Some servers and proxies abort OPTIONS, so only the PROPFIND decides.
    if (isFailure(error, 'timeout', 'interrupted', 'redirected', 'badAnswer')) return undefined;
    throw error;
  }
}

async function propfindOf(client: WebdavClient, resource: ResourceId, options: CallOptions) {
  try {
    return await propfindOne(
      client,
      { resource, depth: '0', url: urlOf(resource), supportedLock: true },
      options,
    );
  } catch (error) {
    if (isFailure(error) && isUnsupported(error)) throw error.as('notWebdav');
    throw error;
  }
}

/** Web servers answer 400, 405 or 501 to an unknown method, and a 207 with unreadable XML is not WebDAV. */
function isUnsupported({ kind, status }: RemoteFailure): boolean {
  return (
    kind === 'unsupported' ||
    (kind === 'refused' && status === 400) ||
    (kind === 'badAnswer' && status === 207)
  );
}
