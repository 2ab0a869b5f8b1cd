// Which servers can run here, and how to start one.
import { ensureDebianPackages, type DebianPackage } from '../debian';
import { apachePackages, startApache } from './apache';
import { lighttpdPackages, startLighttpd } from './lighttpd';
import { startNephele } from './nephele';
import { nginxPackages, startNginx } from './nginx';
import { type LockServer, type ServerKind, serverKinds } from './server';

interface Kind {
  readonly packages: readonly DebianPackage[];
  start(): Promise<LockServer>;
}

const kinds: Readonly<Record<ServerKind, Kind>> = {
  apache: { packages: apachePackages, start: () => startApache() },
  lighttpd: { packages: lighttpdPackages, start: () => startLighttpd() },
  nginx: { packages: nginxPackages, start: () => startNginx() },
  nephele: { packages: [], start: () => startNephele() },
};

/** Starts a server with its usual settings; the functions of each server's file take options. */
export function startServer(kind: ServerKind): Promise<LockServer> {
  return kinds[kind].start();
}

export interface Availability {
  readonly available: readonly ServerKind[];
  readonly skipped: readonly { readonly kind: ServerKind; readonly why: string }[];
}

let known: Availability | undefined;

/** Installs what is missing where that is possible; asked once per process. */
export function availableServers(): Availability {
  if (known !== undefined) return known;
  // All at once first: one run of apt instead of three.
  ensureDebianPackages(serverKinds.flatMap((kind) => kinds[kind].packages));
  const available: ServerKind[] = [];
  const skipped: { kind: ServerKind; why: string }[] = [];
  for (const kind of serverKinds) {
    const installed = ensureDebianPackages(kinds[kind].packages);
    if (installed.ok) available.push(kind);
    else skipped.push({ kind, why: installed.why });
  }
  known = { available, skipped };
  return known;
}
