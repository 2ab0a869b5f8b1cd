import { isFailure, type FailureKind, type RemoteFailure } from '../model/failure';
import type { Lease } from '../model/lease';
import type { LockProvider, LockRequest, RemoteFiles } from '../model/ports';
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

/** Result of one step. `note`: neither good nor bad; `failed`: the step could not be completed. */
export interface CheckResult {
  readonly step: CheckStep;
  readonly outcome: 'yes' | 'no' | 'note' | 'failed';
  readonly ms?: number;
  readonly failure?: RemoteFailure;
}

export interface ServerCheck {
  /** Unix milliseconds. */
  readonly at: number;
  readonly results: readonly CheckResult[];
}

export interface CheckDeps {
  readonly files: RemoteFiles;
  readonly locks: LockProvider;
  /** A file that does not exist yet: the check creates, locks and deletes it. */
  readonly scratch: ResourceId;
  readonly lockRequest: LockRequest;
}

const first = new TextEncoder().encode('Lock Status checks this server.\n');
const second = new TextEncoder().encode('Lock Status checks this server again.\n');
const wrongEtag: Etag = { opaque: 'lock-status-wrong', weak: false };

/** Failures that show that the file is protected; any other failure shows nothing about that. */
const protectedKinds: readonly FailureKind[] = ['locked', 'preconditionFailed', 'forbidden'];

/** Checks step by step on a scratch file whether the server's locks work. A refusal is a result and never rejects. */
export async function checkServer(deps: CheckDeps): Promise<readonly CheckResult[]> {
  const { files, locks, scratch } = deps;
  const results: CheckResult[] = [];
  const note: Note = (step, outcome, more = {}) => void results.push({ step, outcome, ...more });
  const createFailure = await failureOf(files.write(scratch, first, { leases: [], mustBeNew: true }));
  await checkRights(locks, scratch, note);
  if (createFailure) note('create', 'failed', { failure: createFailure });
  // A request without a response may still have created the file.
  if (createFailure && createFailure.facts.maybeDone !== true) return results;
  let lease: Lease | undefined;
  try {
    if (!createFailure) lease = await checkLock(deps, note);
  } finally {
    const leases = lease ? [lease] : [];
    const removeFailure = await failureOf(files.remove({ resource: scratch, kind: 'file' }, { leases }));
    note(
      'cleanUp',
      removeFailure && removeFailure.kind !== 'notFound' ? 'failed' : 'yes',
      removeFailure && { failure: removeFailure },
    );
  }
  return results;
}

type Note = (step: CheckStep, outcome: CheckResult['outcome'], more?: Partial<CheckResult>) => void;

/** Notes what the server claims to support. */
async function checkRights(locks: LockProvider, scratch: ResourceId, note: Note): Promise<void> {
  const rights = await answerOf(locks.rights(scratch));
  if (isFailure(rights)) return;
  if (rights.claimsLocks !== undefined) note('rights', rights.claimsLocks ? 'yes' : 'no');
  if (rights.lock !== undefined) note('supported', rights.lock ? 'yes' : 'no');
}

/** Returns the lease if it could not be released. */
async function checkLock(
  { files, locks, scratch, lockRequest }: CheckDeps,
  note: Note,
): Promise<Lease | undefined> {
  const granted = await answerOf(locks.lock(scratch, lockRequest));
  if (isFailure(granted)) {
    note('lock', 'failed', { failure: granted });
    return undefined;
  }
  note('lock', 'yes');
  note('granted', 'note', granted.grantedMs === undefined ? {} : { ms: granted.grantedMs });
  await checkWhileLocked(files, granted, note);
  const lease = await checkRefresh(locks, granted, lockRequest.seconds, note);
  const failure = await failureOf(locks.release(lease));
  note('unlock', failure ? 'failed' : 'yes', failure && { failure });
  return failure && lease;
}

async function checkWhileLocked(files: RemoteFiles, lease: Lease, note: Note): Promise<void> {
  const { resource } = lease;
  const listed = await answerOf(files.stat(resource, { exact: true }));
  if (isFailure(listed)) note('listed', 'failed', { failure: listed });
  else note('listed', listed.listing.locks.some(({ id }) => id === lease.id) ? 'yes' : 'no');
  noteProtected('enforced', await failureOf(files.write(resource, second, { leases: [] })), note);
  const stale = files.write(resource, second, { leases: [lease], replaces: { etag: wrongEtag } });
  noteProtected('ifMatch', await failureOf(stale), note);
  const own = await failureOf(files.write(resource, second, { leases: [lease] }));
  note('ownWrite', own ? 'failed' : 'yes', own && { failure: own });
  const after = await answerOf(files.stat(resource, { exact: true }));
  if (!isFailure(after) && after.version.etag?.weak) note('weakTag', 'note');
}

function noteProtected(step: 'enforced' | 'ifMatch', failure: RemoteFailure | undefined, note: Note): void {
  if (!failure) note(step, 'no');
  else if (protectedKinds.includes(failure.kind)) note(step, 'yes');
  else note(step, 'failed', { failure });
}

async function checkRefresh(locks: LockProvider, lease: Lease, seconds: number, note: Note): Promise<Lease> {
  const next = await answerOf(locks.refresh(lease, seconds));
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
