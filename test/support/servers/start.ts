// Which servers can run here, and how to start one.
import { ensureDebianPackages, type DebianPackage } from '../debian';
import { apachePackages, startApache } from './apache';
import { lighttpdPackages, startLighttpd } from './lighttpd';
import { startNephele } from './nephele';
import { nginxPackages, startNginx } from './nginx';
import {
  type LockServer,
  type RepositoryKind,
  repositoryKinds,
  type ServerKind,
  serverKinds,
} from './server';
import { startSubversion, subversionPackages } from './subversion';

interface Kind {
  readonly packages: readonly DebianPackage[];
  start(): Promise<LockServer>;
}

type AnyKind = ServerKind | RepositoryKind;

const kinds: Readonly<Record<AnyKind, Kind>> = {
  apache: { packages: apachePackages, start: () => startApache() },
  lighttpd: { packages: lighttpdPackages, start: () => startLighttpd() },
  nginx: { packages: nginxPackages, start: () => startNginx() },
  nephele: { packages: [], start: () => startNephele() },
  subversion: { packages: subversionPackages, start: () => startSubversion() },
};

const allKinds: readonly AnyKind[] = [...serverKinds, ...repositoryKinds];

/** Starts a server with its usual settings; the functions of each server's file take options. */
export function startServer(kind: AnyKind): Promise<LockServer> {
  return kinds[kind].start();
}

export interface Availability {
  readonly available: readonly ServerKind[];
  readonly repositories: readonly RepositoryKind[];
  readonly skipped: readonly { readonly kind: AnyKind; readonly why: string }[];
}

let known: Availability | undefined;

/** Installs what is missing where that is possible; asked once per process. */
export function availableServers(): Availability {
  if (known !== undefined) return known;
  // All at once first: one run of apt instead of three.
  ensureDebianPackages(allKinds.flatMap((kind) => kinds[kind].packages));
  const skipped = allKinds.flatMap((kind) => {
    const installed = ensureDebianPackages(kinds[kind].packages);
    return installed.ok ? [] : [{ kind, why: installed.why }];
  });
  const isThere = (kind: AnyKind) => !skipped.some((one) => one.kind === kind);
  known = { available: serverKinds.filter(isThere), repositories: repositoryKinds.filter(isThere), skipped };
  return known;
}
