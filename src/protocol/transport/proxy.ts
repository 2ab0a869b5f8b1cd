import type { ProxySetting } from '../../core/model/ports';
import { withoutUser } from '../../core/settings/settingValues';

/** A way through a proxy that can be tried. */
export interface ProxyHop {
  readonly origin: string;
  readonly authorization: string | undefined;
}

/** No way leads through a proxy of this address, such as one of SOCKS. */
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

/** Throws a {@link BadProxy}. */
export function proxyHop({ url, authorization }: ProxySetting): ProxyHop {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) throw new BadProxy(url);
  const proxy = new URL(url);
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
