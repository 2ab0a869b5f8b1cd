import { RemoteFailure } from '../../core/model/failure';
import { resourceId } from '../../core/model/resource';
import type { HttpAnswer, HttpRequest } from './http';
import { isSafe } from './methods';

/** Where an answer redirects its request to. */
export interface Redirect {
  /** The target's origin, or what is wrong with it: nothing else of a foreign address goes into a log. */
  readonly code: string;
  /** Undefined where it must not be followed. */
  readonly follow: URL | undefined;
}

const followed = new Set([301, 302, 307, 308]);
/** Longer than any address that a server reads. */
const longestLocation = 16 * 1024;
/** See Other points to a page about the result (RFC 9110 section 15.4.4), which answers only a GET. */
const seeOther = 303;

/**
 * Reads a redirect; undefined for other answers. Only safe methods follow it, and only within the origin, because
 * credentials go nowhere else.
 */
export function redirectOf(answer: HttpAnswer, { method }: HttpRequest, from: URL): Redirect | undefined {
  const { location } = answer.headers;
  if (location === undefined) return undefined;
  if (!followed.has(answer.status) && answer.status !== seeOther) return undefined;
  if (location.length > longestLocation || !URL.canParse(location, from.href))
    return { code: 'BAD_LOCATION', follow: undefined };
  const target = new URL(location, from);
  const isForContent = method === 'GET' || method === 'HEAD';
  const follows = answer.status === seeOther ? isForContent : isSafe(method);
  const within = withinOrigin(target, from);
  if (within && isForContent && !isSamePath(within, from))
    return { code: within.origin + within.pathname, follow: undefined };
  return { code: target.origin, follow: follows ? within : undefined };
}

/** Another path is another page, such as a sign-in form, and must not be shown as the content of the file. */
function isSamePath(target: URL, from: URL): boolean {
  const resourceAt = ({ pathname }: URL) => resourceId(from.origin + pathname);
  return target.search === from.search && resourceAt(target) === resourceAt(from);
}

/** The failure of a request whose redirect is not followed. */
export function redirected(answer: HttpAnswer, request: HttpRequest, code: string): RemoteFailure {
  const { method, resource } = request;
  return new RemoteFailure('redirected', { resource, method, status: answer.status, code });
}

/**
 * A server behind a proxy that terminates TLS writes its inner scheme and port when it adds a trailing slash. The same
 * host with one more slash is followed at the origin that was asked.
 */
function withinOrigin(target: URL, from: URL): URL | undefined {
  if (target.origin === from.origin) return target;
  if (target.hostname !== from.hostname || target.pathname !== `${from.pathname}/`) return undefined;
  return new URL(target.pathname + target.search, from);
}
