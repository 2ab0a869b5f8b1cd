import { isFailure, type RemoteFailure } from './failure';
import type { Lease } from './lease';
import type { LockWish, RemoteServer } from './ports';
import type { ResourceId } from './resource';
import type { Etag } from './version';

export type CheckStep =
  | 'create'
  | 'rights'
  | 'lock'
  | 'granted'
  | 'listed'
  | 'enforced'
  | 'ownWrite'
  | 'weakTag'
  | 'ifMatch'
  | 'refresh'
  | 'unlock'
  | 'cleanUp';

/** What a check of a server found; `note` where it is neither good nor bad. */
export interface CheckResult {
  readonly step: CheckStep;
  readonly outcome: 'yes' | 'no' | 'note' | 'failed';
  readonly ms?: number;
  readonly failure?: RemoteFailure;
}

export interface CheckDeps {
  readonly server: RemoteServer;
  /** A file that is not there yet: it is made, locked and taken away again. */
  readonly scratch: ResourceId;
  readonly wish: LockWish;
}

const first = new TextEncoder().encode('Lock Status checks this server.\n');
const second = new TextEncoder().encode('Lock Status checks this server again.\n');
const wrong: Etag = { opaque: 'lock-status-wrong', weak: false };

/** Tries on a file of its own whether the server's locks work, step by step. Never rejects for a refusal: that is a result. */
export async function checkServer({ server, scratch, wish }: CheckDeps): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  const note = (step: CheckStep, outcome: CheckResult['outcome'], more: Partial<CheckResult> = {}) =>
    results.push({ step, outcome, ...more });
  const rights = await server.rights(scratch);
  if (rights.claimsLocks !== undefined) note('rights', rights.claimsLocks ? 'yes' : 'no');
  const made = await failureOf(server.write(scratch, first, { leases: [], mustBeNew: true }));
  if (made) {
    note('create', 'failed', { failure: made });
    return results;
  }
  let lease: Lease | undefined;
  try {
    lease = await server.lock(scratch, wish);
    note('lock', 'yes');
    note('granted', 'note', lease.grantedMs === undefined ? {} : { ms: lease.grantedMs });
    await whileLocked(server, lease, note);
    lease = await refreshed(server, lease, wish.seconds, note);
    const failure = await failureOf(server.unlock(lease));
    note('unlock', failure ? 'failed' : 'yes', failure && { failure });
    if (!failure) lease = undefined;
  } catch (error) {
    if (!isFailure(error)) throw error;
    note('lock', 'failed', { failure: error });
  } finally {
    const leases = lease ? [lease] : [];
    const left = await failureOf(server.remove({ resource: scratch, kind: 'file' }, { leases }));
    note('cleanUp', left && left.kind !== 'notFound' ? 'failed' : 'yes', left && { failure: left });
  }
  return results;
}

type Note = (step: CheckStep, outcome: CheckResult['outcome'], more?: Partial<CheckResult>) => unknown;

async function whileLocked(server: RemoteServer, lease: Lease, note: Note): Promise<void> {
  const { resource } = lease;
  const before = await server.stat(resource, { exact: true });
  note('listed', before.listing.locks.some(({ id }) => id === lease.id) ? 'yes' : 'no');
  const barred = await failureOf(server.write(resource, second, { leases: [] }));
  note('enforced', barred ? 'yes' : 'no');
  const stale = await failureOf(
    server.write(resource, second, { leases: [lease], replaces: { etag: wrong } }),
  );
  note('ifMatch', stale ? 'yes' : 'no');
  const own = await failureOf(server.write(resource, second, { leases: [lease] }));
  note('ownWrite', own ? 'failed' : 'yes', own && { failure: own });
  const tag = (await server.stat(resource, { exact: true })).version.etag;
  if (tag?.weak) note('weakTag', 'note');
}

async function refreshed(server: RemoteServer, lease: Lease, seconds: number, note: Note): Promise<Lease> {
  try {
    const next = await server.refresh(lease, seconds);
    note('refresh', 'yes', next.grantedMs === undefined ? {} : { ms: next.grantedMs });
    return next;
  } catch (error) {
    if (!isFailure(error)) throw error;
    note('refresh', 'failed', { failure: error });
    return lease;
  }
}

async function failureOf(run: Promise<unknown>): Promise<RemoteFailure | undefined> {
  try {
    await run;
    return undefined;
  } catch (error) {
    if (isFailure(error)) return error;
    throw error;
  }
}
