import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { Exchanges } from '../core/locks/exchanges';
import type { OwnLocks } from '../core/leases/ownLocks';
import type { BrowserSignIns } from '../core/model/browserSignIn';
import { ownerText } from '../core/model/ownerText';
import type { LockRequest } from '../core/model/ports';
import { serverOf as serverIdOf, type ResourceId, type ServerId } from '../core/model/resource';
import { certificatesIn, clientCertificateIn, hasClientCertificate } from '../editor/connection/certificates';
import { systemClock as clock } from '../editor/clock';
import type { CredentialStore } from '../editor/connection/secrets';
import type * as protocolPart from '../protocol/protocol';
import { Servers } from '../protocol/servers';
import type { Identity } from '../protocol/webdav/identity';
import type { EditorParts } from './parts';

/** What speaks with servers. */
export type Protocol = typeof protocolPart;

interface ConnectDeps extends Pick<
  EditorParts,
  'owned' | 'context' | 'settings' | 'log' | 'reachability' | 'storage'
> {
  readonly secrets: CredentialStore;
  readonly exchanges: Exchanges;
  readonly ownLocks: OwnLocks;
  readonly protocol: () => Protocol;
}

/** The servers that resources live on, and what our locks there say about us. */
export function connectServers(deps: ConnectDeps) {
  const { owned, context, settings, secrets, log, exchanges, ownLocks, reachability, protocol } = deps;
  const { leaseStore } = deps.storage;
  const users = new Map<ServerId, string | undefined>();
  const { version } = context.extension.packageJSON as { version: string };

  const routes = new Map<ServerId, string>();
  const routeTo = (origin: ServerId) => {
    const { tls, auth } = settings.connectionTo(origin) ?? {};
    const endpoints = settings.endpointsOn(origin);
    return { tls, unsigned: auth === 'none', proxy: settings.proxyFor(origin), endpoints };
  };
  /** How a server is reached, whoever signs in. */
  const wireTo = (origin: ServerId) => {
    const { tls, proxy } = routeTo(origin);
    const ca = tls?.ca === undefined ? undefined : certificatesIn(tls.ca, log);
    return {
      origin,
      ...(tls &&
        hasClientCertificate(tls) && {
          clientCertificate: async () => {
            const [files, passphrase] = await Promise.all([
              clientCertificateIn(tls),
              secrets.passphraseOf(origin),
            ]);
            return { ...files, ...(passphrase && { passphrase }) };
          },
        }),
      userAgent: `LockStatus/${version}`,
      ...(ca !== undefined && { ca: [ca] }),
      ...(tls?.rejectUnauthorized !== undefined && { rejectUnauthorized: tls.rejectUnauthorized }),
      ...(proxy !== undefined && { proxy }),
      now: () => clock.now().mono,
    };
  };
  const servers = new Servers((origin) => {
    const { createOriginFiles, createTransport, readRefusal, secretFieldsOf, toRecordedExchange } =
      protocol();
    const route = routeTo(origin);
    routes.set(origin, JSON.stringify(route));
    const { unsigned, endpoints } = route;
    const secretFields = secretFieldsOf(endpoints.map(({ endpoint }) => endpoint));
    const transport = createTransport({
      ...wireTo(origin),
      credentials: async (realm) => {
        const credentials = unsigned ? undefined : await secrets.forRealm(origin, realm);
        if (credentials || realm === undefined) users.set(origin, credentials?.user);
        return credentials;
      },
      onDigestAccepted: (realm) => {
        secrets
          .note(origin, realm, { digest: true })
          .catch((error: unknown) => log.failure('Storing how to sign in to a server', error));
      },
      readRefusal: (refused) => readRefusal(refused, secretFields),
      onExchange: (exchange) => {
        log.exchange(exchange);
        reachability.note(exchange);
        exchanges.record(toRecordedExchange(exchange, clock.now()));
      },
      onFault: (error) => log.failure('Recording an exchange', error),
    });
    const identity: Identity = {
      ownsLock: (id) => ownLocks.owns(id),
      ownsElsewhere: (id) => leaseStore.isOurs(id),
      mayOwn: (id) => ownLocks.mayOwn(id),
      heldOn: (resource) => ownLocks.heldOn(resource)?.id,
      lockByMark: (mark, resource) => leaseStore.lockByMark(mark, resource),
      awaits: (mark, resource) => ownLocks.unconfirmed.awaits(mark, resource),
      isMyAccount: (account) => account === users.get(origin),
    };
    const onHiddenMembers = (folder: ResourceId, count: number) =>
      log.warn(`${folder}: ${count} members are not listed, because their names cannot be shown safely`);
    const now = () => clock.now();
    const user = () => users.get(origin);
    const files = createOriginFiles({ transport, now, identity, onHiddenMembers, user, endpoints });
    return { transport, files, locksOf: (resource) => files.locksOf(resource) };
  });

  owned.add(
    settings.onDidChange(() => {
      for (const [origin, route] of routes) {
        if (route === JSON.stringify(routeTo(origin))) continue;
        routes.delete(origin);
        void servers.reset(origin);
      }
    }),
  );

  const lockRequest = (resource: ResourceId): LockRequest => {
    const { owner, requestedTimeout } = settings.get();
    const account = owner.account ? users.get(serverIdOf(resource)) : undefined;
    const mark = randomBytes(9).toString('hex');
    const text = ownerText({
      name: owner.name,
      contacts: owner.contact === '' ? [] : [owner.contact],
      app: 'VS Code',
      mark,
      ...(owner.host && { host: hostname() }),
      ...(account !== undefined && { account }),
    });
    return { seconds: requestedTimeout, owner: text, mark };
  };

  const signIns = () => {
    const { createTransport, loginFlows } = protocol();
    const credentials = () => Promise.resolve(undefined);
    return loginFlows((origin) => createTransport({ ...wireTo(origin), credentials }));
  };
  const browserSignIns: BrowserSignIns = {
    mayOffer: (folder) => signIns().mayOffer(folder),
    start: (folder) => signIns().start(folder),
  };

  return { servers, lockRequest, browserSignIns };
}
