import { parsedJson } from '../../base/untrusted';
import type { BrowserSignIn, BrowserSignIns } from '../../core/model/browserSignIn';
import { RemoteFailure } from '../../core/model/failure';
import { isLoopback } from '../../core/model/loopback';
import { plainLine } from '../../core/model/plainLine';
import { serverOf, type ResourceId, type ServerId } from '../../core/model/resource';
import { Secret } from '../../core/model/secret';
import type { HttpAnswer, HttpRequest, Transport } from '../transport/http';
import { statusFailure } from '../transport/failures/statusKinds';

const formType = 'application/x-www-form-urlencoded';
const maxBytes = 64 * 1024;
const maxText = 4096;

/**
 * Sign-in by browser in the way of Nextcloud ("Login flow v2" in its developer manual): an anonymous POST gives an
 * address for the browser and a token, with which the app password is asked for until the person has granted it.
 *
 * @param connect opens a connection that sends no credentials and records nothing, because its answers are secrets.
 */
export function loginFlows(connect: (server: ServerId) => Transport): BrowserSignIns {
  return {
    mayOffer: (folder) => baseOf(folder) !== undefined,
    start: async (folder) => {
      const base = baseOf(folder);
      if (base === undefined) throw new RemoteFailure('unsupported', { resource: folder, method: 'POST' });
      const transport = connect(serverOf(folder));
      try {
        return await start(transport, folder, `${base}/index.php/login/v2`);
      } catch (error) {
        await transport.close();
        throw error;
      }
    },
  };
}

/**
 * What stands before `/remote.php/`, the entry point of the file access. Undefined also where others could read the
 * password on its way.
 */
function baseOf(folder: ResourceId): string | undefined {
  const { protocol, hostname } = new URL(folder);
  if (protocol !== 'https:' && !isLoopback(hostname)) return undefined;
  const at = `${folder}/`.indexOf('/remote.php/');
  return at < 0 ? undefined : folder.slice(0, at);
}

async function start(transport: Transport, resource: ResourceId, url: string): Promise<BrowserSignIn> {
  const begun = await post(transport, { resource, url, body: '' });
  if ([400, 404, 405, 501].includes(begun.status))
    throw new RemoteFailure('unsupported', { resource, method: 'POST', status: begun.status });
  if (begun.status !== 200) throw statusFailure(begun, { method: 'POST', resource });
  const { poll, login } = await jsonOf(begun, resource);
  const { token, endpoint } = recordOf(poll);
  const address = ownAddress(login, resource);
  const pollUrl = ownAddress(endpoint, resource);
  if (address === undefined || pollUrl === undefined || !isText(token)) throw unreadable(begun, resource);
  const body = new URLSearchParams({ token }).toString();
  return {
    url: address,
    poll: async () => {
      const answer = await post(transport, { resource, url: pollUrl, body });
      if (answer.status === 404) {
        await answer.discard();
        return undefined;
      }
      if (answer.status !== 200) throw statusFailure(answer, { method: 'POST', resource });
      const { loginName, appPassword } = await jsonOf(answer, resource);
      if (!isText(loginName) || !isText(appPassword) || plainLine(loginName, maxText) !== loginName)
        throw unreadable(answer, resource);
      return { user: loginName, password: new Secret(appPassword) };
    },
    close: () => transport.close(),
  };
}

function post(
  transport: Transport,
  request: Pick<HttpRequest, 'resource' | 'url' | 'body'>,
): Promise<HttpAnswer> {
  return transport.send({ ...request, method: 'POST', headers: { 'content-type': formType }, maxBytes });
}

async function jsonOf(answer: HttpAnswer, resource: ResourceId): Promise<Record<string, unknown>> {
  const json = parsedJson(await answer.text(maxBytes));
  if (json === undefined) throw unreadable(answer, resource);
  return recordOf(json);
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= maxText;
}

/** Of the server that was asked: a person must not be led to sign in elsewhere, nor may the token go there. */
function ownAddress(value: unknown, resource: ResourceId): string | undefined {
  if (!isText(value) || !URL.canParse(value)) return undefined;
  const { origin, href, username, password } = new URL(value);
  return origin === serverOf(resource) && username === '' && password === '' ? href : undefined;
}

function unreadable({ status }: HttpAnswer, resource: ResourceId): RemoteFailure {
  return new RemoteFailure('badAnswer', { resource, method: 'POST', status });
}
