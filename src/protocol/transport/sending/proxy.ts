import type { ProxySetting } from '../../../core/model/ports';
import { withoutUser } from '../../../core/settings/settingValues';
import { methodsIn, parseChallenges } from '../authentication/challenges';
import { isSendable } from '../headerText';

/** A proxy that can be used. */
export interface ProxyHop {
  readonly origin: string;
  readonly authorization: string | undefined;
}

/** A proxy address that cannot be used, such as one of SOCKS. */
export class BadProxy extends Error {
  readonly code = 'BAD_PROXY';
  /** As it can be shown. */
  readonly address: string;

  constructor(url: string) {
    const address = withoutUser(url);
    super(`Not an http or https proxy: ${address}`);
    this.address = address;
  }
}

/** The `Proxy-Authorization` that is set contains something that no header can hold. */
class BadProxyAuthorization extends Error {
  readonly code = 'BAD_PROXY_AUTHORIZATION';
}

/** The proxy refused to open a tunnel. */
export class ProxyRefused extends Error {
  readonly code = 'PROXY_REFUSED';
  /** How the proxy wants to be signed in to. */
  readonly methods: readonly string[];

  constructor(
    readonly status: number,
    challenge: string,
  ) {
    super(`The proxy answered ${status}`);
    this.methods = proxyMethods(challenge);
  }
}

/** What a `Proxy-Authenticate` offers, in the words of {@link methodsIn}. */
export function proxyMethods(challenge = ''): string[] {
  return methodsIn(parseChallenges(challenge));
}

/** Throws a {@link BadProxy} or a {@link BadProxyAuthorization}. */
export function proxyHop({ url, authorization }: ProxySetting): ProxyHop {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) throw new BadProxy(url);
  const proxy = new URL(url);
  if (authorization !== undefined && !isSendable(authorization)) throw new BadProxyAuthorization();
  return { origin: proxy.origin, authorization: authorization ?? basic(proxy) };
}

function basic({ username, password, href }: URL): string | undefined {
  if (username === '') return undefined;
  try {
    const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return `Basic ${Buffer.from(pair).toString('base64')}`;
  } catch (error) {
    throw error instanceof URIError ? new BadProxy(href) : error;
  }
}
