import { rootCertificates, type ConnectionOptions } from 'node:tls';
import type { Client, Dispatcher } from 'undici';
import openConnection from 'undici/lib/api/api-connect.js';
import request from 'undici/lib/api/api-request.js';
import connector from 'undici/lib/core/connect.js';
import Pool from 'undici/lib/dispatcher/pool.js';
import ProxyAgent from 'undici/lib/dispatcher/proxy-agent.js';
import type { ProxySetting } from '../../../core/model/ports';
import { certificateOptions } from '../authentication/clientCertificate';
import type { ClientCertificate } from '../http';
import { isLostConnection } from '../failures/networkFailures';
import { clientOfMatchingAnswers } from './misplaced';
import { pipelining, type ConnectionHabits, type WithNext } from './pipelining';
import { proxyHop, ProxyRefused, type ProxyHop } from './proxy';
import { TlsAlerts } from '../failures/tlsAlerts';
import { upload } from './upload';
import type { Watch } from './watch';

/** One request as it goes over the wire. */
export interface WireRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string | undefined;
  readonly onSent: ((bytes: number) => void) | undefined;
  readonly watch: Watch;
  /** Called when the first byte is about to be written: a failure before that has changed nothing on the server. */
  readonly started: () => void;
  /** Called with the connection's own wire if another request may be sent on it right behind this one. */
  readonly next?: (wire: Pick<Wire, 'request'>) => void;
}

/** Connections to one origin. */
export interface Wire {
  /** Whether an answer came to which there was no request. */
  readonly answersTwice: boolean;
  /** Rejects with errors of Node and undici. An abort rejects at once only if the request has a connection already. */
  request(request: WireRequest): Promise<Dispatcher.ResponseData>;
  /** Ends all requests. */
  close(): Promise<void>;
}

export interface WireOptions {
  readonly ca?: readonly string[];
  readonly rejectUnauthorized?: boolean;
  readonly clientCertificate?: () => Promise<ClientCertificate>;
  readonly proxy?: ProxySetting;
}

const connectTimeoutMs = 10_000;

/**
 * Methods whose body is expected (RFC 4918 section 9.10, RFC 3253 section 3.6, RFC 5323 section 2): after a body that it
 * does not know of, undici gives the connection up.
 */
const withBody = new Set(['LOCK', 'REPORT', 'SEARCH']);

/** Limits of one origin. The transport has its own deadlines, so the pool has none. */
const poolOptions = {
  connections: 6,
  keepAliveTimeout: 60_000,
  headersTimeout: 0,
  bodyTimeout: 0,
  // undici 7.30 fails every PROPFIND with a body over HTTP/2.
  allowH2: false,
} satisfies Pool.Options;

/**
 * Opens a wire to `origin` with parts of undici, see undici.d.ts. Rejects with a BadProxy, a BadProxyAuthorization or a
 * BadClientCertificate.
 */
export async function openWire(origin: string, options: WireOptions): Promise<Wire> {
  const alerts = new TlsAlerts();
  const habits: ConnectionHabits = { areKept: false, closings: 0, answersTwice: false };
  const { dispatcher, route } = await openRoute(origin, { ...options, habits }, alerts);
  const over = (connection: Pick<Dispatcher, 'dispatch'>): Pick<Wire, 'request'> => ({
    request: async ({ method, url, headers, body, onSent, watch, started, next }) => {
      const streamed = onSent && body instanceof Uint8Array ? { body, onSent } : undefined;
      const dispatch = startNoting(connection, started);
      const withNext: WithNext = next ? { next: (same) => next(over(same)) } : {};
      const tapped: Pick<Dispatcher, 'dispatch'> = {
        dispatch: (options, handler) => dispatch({ ...options, ...withNext }, handler),
      };
      const { origin: hop, path, headers: extra } = route(url);
      const sending = request.call(tapped, {
        method,
        origin: hop,
        path,
        headers: {
          ...headers,
          ...extra,
          ...(streamed && { 'content-length': String(streamed.body.length) }),
        },
        body: streamed ? upload(streamed.body, streamed.onSent) : (body ?? null),
        signal: watch,
        ...(withBody.has(method) && { reset: false }),
      });
      try {
        return await sending;
      } catch (error) {
        throw alerts.behind(error);
      }
    },
  });
  return {
    ...over(dispatcher),
    get answersTwice() {
      return habits.answersTwice;
    },
    close: () => dispatcher.destroy(),
  };
}

type ClientFactory = (to: URL, options: Client.Options) => Client;

interface Hop {
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface Route {
  readonly dispatcher: Dispatcher;
  readonly route: (url: URL) => Hop;
}

interface RouteOptions extends WireOptions {
  readonly habits: ConnectionHabits;
}

async function openRoute(origin: string, options: RouteOptions, alerts: TlsAlerts): Promise<Route> {
  const { ca, proxy, clientCertificate, habits } = options;
  const certificate = clientCertificate && (await certificateOptions(clientCertificate));
  const connect = { ...tlsOptions(options), ...certificate, timeout: connectTimeoutMs };
  const direct = (url: URL): Hop => ({ origin, path: url.pathname + url.search, headers: {} });
  if (!proxy) {
    // Not through a proxy, which may close a connection on which two requests arrive at once.
    const factory: ClientFactory = (to, own) => pipelining(clientOfMatchingAnswers(to, own, habits), habits);
    return { dispatcher: openPool(origin, alerts.heard(connector(connect)), { factory }), route: direct };
  }
  const hop = proxyHop(proxy);
  // The settings for the server's certificate do not apply to the proxy's.
  const { rejectUnauthorized } = proxy;
  const toProxy = {
    ...tlsOptions({ ...(ca && { ca }), ...(rejectUnauthorized !== undefined && { rejectUnauthorized }) }),
    timeout: connectTimeoutMs,
  };
  const factory: ClientFactory = (to, own) => clientOfMatchingAnswers(to, own, habits);
  if (origin.startsWith('https:'))
    return { dispatcher: openTunnels(hop, { connect, toProxy, factory }), route: direct };
  // Many proxies refuse to tunnel to port 80, so plain HTTP is requested in absolute form (RFC 9112 section 3.2.2).
  const headers = hop.authorization === undefined ? {} : { 'proxy-authorization': hop.authorization };
  return {
    dispatcher: openPool(hop.origin, toProxy, { factory }),
    route: (url) => ({
      origin: hop.origin,
      path: url.origin + url.pathname + url.search,
      headers: { host: url.host, ...headers },
    }),
  };
}

/**
 * A pool and not undici's Agent, which handles many origins: the Agent drops an origin's pool when the last connection of
 * an earlier pool closes, so after a HEAD, which closes its connection, every request opened a new one.
 */
function openPool(
  origin: string,
  connect: NonNullable<Pool.Options['connect']>,
  options: { readonly factory: ClientFactory },
): Pool {
  return new Pool(origin, { ...poolOptions, ...options, connect });
}

type ConnectOptions = NonNullable<ProxyAgent.Options['requestTls']>;

interface TunnelOptions {
  readonly connect: ConnectOptions;
  readonly toProxy: ConnectOptions;
  readonly factory: ClientFactory;
}

function openTunnels(
  { origin: uri, authorization: token }: ProxyHop,
  { connect: requestTls, toProxy: proxyTls, factory }: TunnelOptions,
): ProxyAgent {
  return new ProxyAgent({
    ...poolOptions,
    uri,
    ...(token === undefined ? {} : { token }),
    requestTls,
    proxyTls,
    factory: (target, options: Pool.Options) => steady(new Pool(target, { ...options, factory })),
    clientFactory: (origin, options) => {
      const pool = new Pool(origin, { ...options, headersTimeout: connectTimeoutMs });
      // The whole of undici adds `connect` to every dispatcher; loaded in parts, it is added here.
      return Object.assign(pool, {
        connect: (hop: Dispatcher.ConnectOptions) => tunnel(openConnection.call(pool, hop)),
      });
    },
  });
}

/** Keeps the Agent in undici's ProxyAgent from seeing that a connection has closed, for the reason in {@link openPool}. */
function steady(pool: Pool): Pool {
  const emit = pool.emit.bind(pool) as (event: string, ...facts: unknown[]) => boolean;
  const tell: typeof emit = (event, ...facts) => event !== 'disconnect' && emit(event, ...facts);
  return Object.assign(pool, { emit: tell });
}

/** A proxy that hangs up is a failure: undici would take its own code for that as a reason to retry forever. */
async function tunnel(opening: Promise<Dispatcher.ConnectData>): Promise<Dispatcher.ConnectData> {
  try {
    const opened = await opening;
    if (opened.statusCode !== 200) {
      // The socket may still fail with what the proxy goes on to say.
      opened.socket.on('error', () => opened.socket.destroy()).destroy();
      const challenge = opened.headers['proxy-authenticate'] ?? '';
      throw new ProxyRefused(opened.statusCode, [challenge].flat().join(', '));
    }
    return opened;
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
}: Pick<WireOptions, 'ca' | 'rejectUnauthorized'>): Pick<ConnectionOptions, 'ca' | 'rejectUnauthorized'> {
  return {
    // Left out without extra certificates, so that the editor's own trusted certificates still apply.
    ...(ca === undefined || ca.length === 0 ? {} : { ca: [...rootCertificates, ...ca] }),
    ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
  };
}

/** A dispatch that reports when a request is written to a socket, which undici itself does not. */
function startNoting(dispatcher: Pick<Dispatcher, 'dispatch'>, started: () => void): Dispatcher['dispatch'] {
  return (options, handler) => {
    const onConnect = handler.onConnect?.bind(handler);
    handler.onConnect = (abort) => {
      // undici throws here for a request that was canceled while it was queued.
      onConnect?.(abort);
      started();
    };
    return dispatcher.dispatch(options, handler);
  };
}
