import { isFailure, type FailureKind, type RemoteFailure } from '../model/failure';
import type { Lease } from '../model/lease';
import type { LockRequest, RemoteServer } from '../model/ports';
import type { ResourceId } from '../model/resource';
import type { Etag } from '../model/version';

export type CheckStep =
  | 'create'
  | 'rights'
  | 'supported'
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

/** What a check of a server found; `note` where it is neither good nor bad, `failed` where nothing was found out or done. */
export interface CheckResult {
  readonly step: CheckStep;
  readonly outcome: 'yes' | 'no' | 'note' | 'failed';
  readonly ms?: number;
  readonly failure?: RemoteFailure;
}

/** All that a check found. */
export interface ServerCheck {
  /** Unix milliseconds. */
  readonly at: number;
  readonly results: readonly CheckResult[];
}

export interface CheckDeps {
  readonly server: RemoteServer;
  /** A file that is not there yet: it is made, locked and taken away again. */
  readonly scratch: ResourceId;
  readonly lockRequest: LockRequest;
}

const first = new TextEncoder().encode('Lock Status checks this server.\n');
const second = new TextEncoder().encode('Lock Status checks this server again.\n');
const wrong: Etag = { opaque: 'lock-status-wrong', weak: false };

/** How a write is refused by what protects a file. Every other failure says nothing about that. */
const barring: readonly FailureKind[] = ['locked', 'preconditionFailed', 'forbidden'];

/** Tries on a file of its own whether the server's locks work, step by step. Never rejects for a refusal: that is a result. */
export async function checkServer({
  server,
  scratch,
  lockRequest,
}: CheckDeps): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  const note: Note = (step, outcome, more = {}) => void results.push({ step, outcome, ...more });
  const made = await failureOf(server.write(scratch, first, { leases: [], mustBeNew: true }));
  await claims(server, scratch, note);
  if (made) note('create', 'failed', { failure: made });
  // An answer that never came leaves a file behind all the same.
  if (made && made.facts.maybeDone !== true) return results;
  let lease: Lease | undefined;
  try {
    if (!made) lease = await tried(server, { scratch, lockRequest }, note);
  } finally {
    const leases = lease ? [lease] : [];
    const left = await failureOf(server.remove({ resource: scratch, kind: 'file' }, { leases }));
    note('cleanUp', left && left.kind !== 'notFound' ? 'failed' : 'yes', left && { failure: left });
  }
  return results;
}

type Note = (step: CheckStep, outcome: CheckResult['outcome'], more?: Partial<CheckResult>) => void;

/** What the server says of itself. */
async function claims(server: RemoteServer, scratch: ResourceId, note: Note): Promise<void> {
  const rights = await answerOf(server.rights(scratch));
  if (isFailure(rights)) return;
  if (rights.claimsLocks !== undefined) note('rights', rights.claimsLocks ? 'yes' : 'no');
  if (rights.lock !== undefined) note('supported', rights.lock ? 'yes' : 'no');
}

/** The lock that is left over, if one is. */
async function tried(
  server: RemoteServer,
  { scratch, lockRequest }: Pick<CheckDeps, 'scratch' | 'lockRequest'>,
  note: Note,
): Promise<Lease | undefined> {
  const granted = await answerOf(server.lock(scratch, lockRequest));
  if (isFailure(granted)) {
    note('lock', 'failed', { failure: granted });
    return undefined;
  }
  note('lock', 'yes');
  note('granted', 'note', granted.grantedMs === undefined ? {} : { ms: granted.grantedMs });
  await whileLocked(server, granted, note);
  const lease = await refreshed(server, granted, lockRequest.seconds, note);
  const failure = await failureOf(server.unlock(lease));
  note('unlock', failure ? 'failed' : 'yes', failure && { failure });
  return failure && lease;
}

async function whileLocked(server: RemoteServer, lease: Lease, note: Note): Promise<void> {
  const { resource } = lease;
  const listed = await answerOf(server.stat(resource, { exact: true }));
  if (isFailure(listed)) note('listed', 'failed', { failure: listed });
  else note('listed', listed.listing.locks.some(({ id }) => id === lease.id) ? 'yes' : 'no');
  noteBarred('enforced', await failureOf(server.write(resource, second, { leases: [] })), note);
  const stale = server.write(resource, second, { leases: [lease], replaces: { etag: wrong } });
  noteBarred('ifMatch', await failureOf(stale), note);
  const own = await failureOf(server.write(resource, second, { leases: [lease] }));
  note('ownWrite', own ? 'failed' : 'yes', own && { failure: own });
  const after = await answerOf(server.stat(resource, { exact: true }));
  if (!isFailure(after) && after.version.etag?.weak) note('weakTag', 'note');
}

function noteBarred(step: 'enforced' | 'ifMatch', failure: RemoteFailure | undefined, note: Note): void {
  if (!failure) note(step, 'no');
  else if (barring.includes(failure.kind)) note(step, 'yes');
  else note(step, 'failed', { failure });
}

async function refreshed(server: RemoteServer, lease: Lease, seconds: number, note: Note): Promise<Lease> {
  const next = await answerOf(server.refresh(lease, seconds));
  if (isFailure(next)) {
    note('refresh', 'failed', { failure: next });
    return lease;
  }
  note('refresh', 'yes', next.grantedMs === undefined ? {} : { ms: next.grantedMs });
  return next;
}

async function failureOf(run: Promise<unknown>): Promise<RemoteFailure | undefined> {
  const answer = await answerOf(run);
  return isFailure(answer) ? answer : undefined;
}

async function answerOf<T>(run: Promise<T>): Promise<T | RemoteFailure> {
  try {
    return await run;
  } catch (error) {
    if (isFailure(error)) return error;
    throw error;
  }
}
