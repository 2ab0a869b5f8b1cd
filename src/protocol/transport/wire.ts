import { rootCertificates, type ConnectionOptions } from 'node:tls';
import type { Dispatcher, Pool, ProxyAgent } from 'undici';
import type { ProxySetting } from '../../core/model/ports';
import { isLostConnection } from './networkFailures';
import { proxyHop, type ProxyHop } from './proxy';
import { upload } from './upload';
import type { Watch } from './watch';

/** One request as it goes over the wire, and who is to be told of it. */
export interface WireRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string | undefined;
  readonly onSent: ((bytes: number) => void) | undefined;
  readonly watch: Watch;
  /** Called when the first byte is about to leave: until then a failure has left nothing behind. */
  readonly started: () => void;
}

/** Connections to one origin. */
export interface Wire {
  /** Rejects with errors of Node and undici. An abort rejects at once only for what has a connection already. */
  request(request: WireRequest): Promise<Dispatcher.ResponseData>;
  /** Ends everything under way. */
  close(): Promise<void>;
}

export interface WireOptions {
  readonly ca?: readonly string[];
  readonly rejectUnauthorized?: boolean;
  readonly proxy?: ProxySetting;
}

const connectTimeoutMs = 10_000;

/** One origin's share of sockets; the deadlines are the transport's own, so the pool has none. */
const poolOptions = {
  connections: 6,
  keepAliveTimeout: 60_000,
  headersTimeout: 0,
  bodyTimeout: 0,
  // undici 7.30 fails every PROPFIND with a body over HTTP/2.
  allowH2: false,
} satisfies Pool.Options;

/** Loads undici and opens a wire to `origin`. Rejects with a BadProxy. Its parts are loaded one by one: see undici.d.ts. */
export async function openWire(origin: string, options: WireOptions): Promise<Wire> {
  const { default: request } = await import('undici/lib/api/api-request.js');
  const { dispatcher, route } = await openRoute(origin, options);
  return {
    request: ({ method, url, headers, body, onSent, watch, started }) => {
      const streamed = onSent && body instanceof Uint8Array ? { body, onSent } : undefined;
      const tapped = { dispatch: startNoting(dispatcher, started) };
      const { origin: next, path, headers: extra } = route(url);
      return request.call(tapped, {
        method,
        origin: next,
        path,
        headers: {
          ...headers,
          ...extra,
          ...(streamed && { 'content-length': String(streamed.body.length) }),
        },
        body: streamed ? upload(streamed.body, streamed.onSent) : (body ?? null),
        signal: watch,
      });
    },
    close: () => dispatcher.destroy(),
  };
}

interface Hop {
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface Route {
  readonly dispatcher: Dispatcher;
  readonly route: (url: URL) => Hop;
}

async function openRoute(origin: string, options: WireOptions): Promise<Route> {
  const connect = { ...tlsOptions(options), timeout: connectTimeoutMs };
  const direct = (url: URL): Hop => ({ origin, path: url.pathname + url.search, headers: {} });
  if (!options.proxy) return { dispatcher: await openPool(origin, connect), route: direct };
  const { ca, proxy } = options;
  const hop = proxyHop(proxy);
  // What holds for the server's certificate does not hold for the proxy's.
  const { rejectUnauthorized } = proxy;
  const toProxy = {
    ...tlsOptions({ ...(ca && { ca }), ...(rejectUnauthorized !== undefined && { rejectUnauthorized }) }),
    timeout: connectTimeoutMs,
  };
  if (origin.startsWith('https:'))
    return { dispatcher: await openTunnels(hop, connect, toProxy), route: direct };
  // RFC 9112 section 3.2.2: many proxies refuse to tunnel to port 80, so plain HTTP is asked for by its full address.
  const headers = hop.authorization === undefined ? {} : { 'proxy-authorization': hop.authorization };
  return {
    dispatcher: await openPool(hop.origin, toProxy),
    route: (url) => ({
      origin: hop.origin,
      path: url.origin + url.pathname + url.search,
      headers: { host: url.host, ...headers },
    }),
  };
}

/**
 * Not undici's Agent, which is for many origins: it drops the pool of one when the last connection of an earlier pool
 * for the same origin has closed, so that after a HEAD, which closes its own, every request opened a new one.
 */
async function openPool(origin: string, connect: ConnectOptions): Promise<Pool> {
  const { default: Pool } = await import('undici/lib/dispatcher/pool.js');
  return new Pool(origin, { ...poolOptions, connect });
}

type ConnectOptions = NonNullable<ProxyAgent.Options['requestTls']>;

async function openTunnels(
  { origin: uri, authorization: token }: ProxyHop,
  requestTls: ConnectOptions,
  proxyTls: ConnectOptions,
): Promise<ProxyAgent> {
  const { default: ProxyAgent } = await import('undici/lib/dispatcher/proxy-agent.js');
  const { default: Pool } = await import('undici/lib/dispatcher/pool.js');
  const { default: open } = await import('undici/lib/api/api-connect.js');
  return new ProxyAgent({
    ...poolOptions,
    uri,
    ...(token === undefined ? {} : { token }),
    requestTls,
    proxyTls,
    factory: (target, options) => steady(new Pool(target, options)),
    clientFactory: (origin, options) => {
      const pool = new Pool(origin, { ...options, headersTimeout: connectTimeoutMs });
      // The whole of undici gives every dispatcher a `connect`; loaded in parts, it has to be given.
      return Object.assign(pool, {
        connect: (hop: Dispatcher.ConnectOptions) => tunnel(open.call(pool, hop)),
      });
    },
  });
}

/** The Agent within undici's ProxyAgent is not told that a connection has closed: see {@link openPool}. */
function steady(pool: Pool): Pool {
  const emit = pool.emit.bind(pool) as (event: string, ...facts: unknown[]) => boolean;
  const tell: typeof emit = (event, ...facts) => event !== 'disconnect' && emit(event, ...facts);
  return Object.assign(pool, { emit: tell });
}

/** A proxy that hangs up is a failure: undici would take its own code for that as a reason to try for ever. */
async function tunnel<T>(opening: Promise<T>): Promise<T> {
  try {
    return await opening;
  } catch (error) {
    if (!isLostConnection(error)) throw error;
    throw Object.assign(new Error('The proxy closed the connection', { cause: error }), {
      code: 'ECONNRESET',
    });
  }
}

function tlsOptions({
  ca,
  rejectUnauthorized,
}: Omit<WireOptions, 'proxy'>): Pick<ConnectionOptions, 'ca' | 'rejectUnauthorized'> {
  return {
    // Without extra certificates nothing is said, so that what the host process trusts stays in force.
    ...(ca === undefined || ca.length === 0 ? {} : { ca: [...rootCertificates, ...ca] }),
    ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
  };
}

/** A dispatch that tells when a request is written to a socket; undici itself tells nobody. */
function startNoting(dispatcher: Dispatcher, started: () => void): Dispatcher['dispatch'] {
  return (options, handler) => {
    const onConnect = handler.onConnect?.bind(handler);
    handler.onConnect = (abort) => {
      // A request whose caller gave up while it queued is dropped here, unwritten.
      onConnect?.(abort);
      started();
    };
    return dispatcher.dispatch(options, handler);
  };
}
