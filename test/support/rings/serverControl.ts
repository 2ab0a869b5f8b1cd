// The servers of the editor ring, and the door by which the suite, which cannot start them itself, restarts them.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { LockServer } from '../servers/server';
import { availableServers, startServer } from '../servers/start';
import { serversVariable, type Order, type ServersAbout } from './suiteServers';

export interface RunningServers {
  /** For the environment of the suite. */
  readonly env: Readonly<Record<string, string>>;
  readonly names: readonly string[];
  stop(): Promise<void>;
}

export async function startServers(): Promise<RunningServers> {
  const { available, skipped } = availableServers();
  const servers: LockServer[] = [];
  const control = createServer((request, response) => void answer(servers, request, response));
  const stop = async (): Promise<void> => {
    control.close();
    control.closeAllConnections();
    for (const server of servers) await server.stop();
  };
  try {
    for (const kind of available) servers.push(await startServer(kind));
    control.listen(0, '127.0.0.1');
    await once(control, 'listening');
  } catch (error) {
    await stop();
    throw error;
  }
  const { port } = control.address() as AddressInfo;
  const about: ServersAbout = {
    control: `http://127.0.0.1:${port}/`,
    servers: servers.map(({ kind, name, version, url, dataDir }) => ({ kind, name, version, url, dataDir })),
    skipped,
  };
  return {
    env: { [serversVariable]: JSON.stringify(about) },
    names: servers.map(({ name, version }) => (name.includes(version) ? name : `${name} ${version}`)),
    stop,
  };
}

/** What the tests run against here: names with versions, and what is missing with the reason. */
export async function describeServers(): Promise<readonly string[]> {
  const servers = await startServers();
  await servers.stop();
  const repositories: string[] = [];
  for (const kind of availableServers().repositories) {
    const server = await startServer(kind);
    repositories.push(server.name);
    await server.stop();
  }
  return [
    ...servers.names,
    ...repositories,
    ...availableServers().skipped.map(({ kind, why }) => `no ${kind} (${why})`),
  ];
}

async function answer(
  servers: readonly LockServer[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const order = JSON.parse(await bodyOf(request)) as Order;
    const server = servers.find((one) => one.kind === order.kind);
    if (!server) throw new Error(`${order.kind} is not running`);
    if (order.action === 'kill') await server.kill();
    else await server.restart({ forgetLocks: order.forgetLocks ?? false });
    response.end();
  } catch (error) {
    response.statusCode = 500;
    response.end(String(error));
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
