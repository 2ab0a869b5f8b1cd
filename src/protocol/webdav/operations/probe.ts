import { isFailure, type RemoteFailure } from '../../../core/model/failure';
import { plainLine } from '../../../core/model/plainLine';
import type { CallOptions, Capabilities } from '../../../core/model/ports';
import { type ResourceId, urlOf } from '../../../core/model/resource';
import type { WebdavClient } from '../client';
import { davClasses } from '../headers';
import { refusal } from '../refusal';
import { one } from './propfind';

/** One server never ends the answer for a missing file, and nothing in it is read. */
const optionsMs = 10_000;

/**
 * Finds out what answers at an address: OPTIONS (RFC 4918 section 10.1), and a PROPFIND, because OPTIONS is answered by
 * proxies, without a password, and for what is not there. Fails with `notWebdav` where the PROPFIND is not understood,
 * and with whatever refuses it (`signInNeeded`, `notFound`).
 */
export async function probe(
  client: WebdavClient,
  resource: ResourceId,
  options: CallOptions = {},
): Promise<Capabilities> {
  const classes = await classesOf(client, resource, options);
  const { raw } = await understood(client, resource, options);
  const locks = classes?.has('2') || raw.props.supportsLocks || (classes && false);
  const product = plainLine(client.product ?? '', 100);
  return {
    webdav: true,
    ...(locks === undefined ? {} : { locks }),
    ...(product === '' ? {} : { product }),
  };
}

/** What the server says of itself; undefined where it says nothing: a proxy may have answered in its place. */
async function classesOf(
  client: WebdavClient,
  resource: ResourceId,
  { signal }: CallOptions,
): Promise<ReadonlySet<string> | undefined> {
  const request = { method: 'OPTIONS', resource, url: urlOf(resource), headersMs: optionsMs, signal };
  try {
    const answer = await client.send(request);
    if (answer.status === 401) throw await refusal(answer, request, client.product);
    void answer.discard();
    const classes = davClasses(answer.headers['dav']);
    const isOk = answer.status >= 200 && answer.status < 300;
    return isOk && classes.size > 0 ? classes : undefined;
  } catch (error) {
    // Some servers and proxies break off OPTIONS; the PROPFIND decides.
    if (isFailure(error, 'timeout', 'interrupted', 'redirected', 'badAnswer')) return undefined;
    throw error;
  }
}

async function understood(client: WebdavClient, resource: ResourceId, options: CallOptions) {
  try {
    return await one(client, { resource, depth: '0', url: urlOf(resource), supportedLock: true }, options);
  } catch (error) {
    if (isFailure(error) && isNotUnderstood(error)) throw error.as('notWebdav');
    throw error;
  }
}

/** 400, 405 and 501 are what web servers answer to a method that they do not know; 207 without its XML is no listing. */
function isNotUnderstood({ kind, status }: RemoteFailure): boolean {
  return (
    kind === 'unsupported' ||
    (kind === 'refused' && status === 400) ||
    (kind === 'badAnswer' && status === 207)
  );
}
