import type { SubmitMapping, TakeMapping } from '../../core/model/endpoint';
import { RemoteFailure } from '../../core/model/failure';
import type { Lease } from '../../core/model/lease';
import type { LockListing } from '../../core/model/lock';
import type {
  CallOptions,
  LockProvider,
  LockRequest,
  LockToBreak,
  LockTraits,
  Rights,
} from '../../core/model/ports';
import { parentOf, type ResourceId } from '../../core/model/resource';
import { Secret } from '../../core/model/secret';
import type { HttpAnswer, HttpRequest } from '../transport/http';
import { later } from '../webdav/reading/timeout';
import { lockIdOf } from '../webdav/reading/token';
import { headersOf, type HttpClient } from './client';
import { listMembers } from './listing';
import { expiryOf, readLock, type FoundLock } from './lockReader';
import { doubtful, isSuccess, refused } from './refused';
import { expandText, type Variables } from './templates';
import { textOf, timeOf, type Source } from './values';

/** A lock that was released or never was: there is nothing to release. */
const goneStatuses = new Set([404, 410]);
const heldStatuses = [409, 423];
const lostStatuses = new Set([404, 409, 410, 412, 423]);

/** What a look finds; `isReported` is false if no answer says anything about locks. */
export interface Look {
  readonly isReported: boolean;
  readonly found?: FoundLock;
}

/** The locks of a mapped endpoint; of plain HTTP, which has none. */
export class HttpLocks implements LockProvider {
  readonly id = 'http';

  constructor(private readonly client: HttpClient) {}

  async look(resource: ResourceId, options: CallOptions = {}): Promise<LockListing> {
    const { isReported, found } = await this.find(resource, options);
    return { locks: found ? [found.lock] : [], reported: isReported };
  }

  traits(): LockTraits {
    return {};
  }

  rights(): Promise<Rights> {
    return Promise.resolve({ lock: this.client.locks.lock !== undefined });
  }

  async lock(resource: ResourceId, asked: LockRequest, { signal }: CallOptions = {}): Promise<Lease> {
    const { lock } = this.client.locks;
    if (!lock || asked.depth === 'tree') throw unsupported(resource, 'LOCK');
    const variables = this.client.variablesOf(resource, {
      owner: asked.owner,
      seconds: String(asked.seconds),
    });
    const request = this.client.requestOf(lock, { resource, method: 'POST', variables });
    const answer = await this.client.send({ ...request, signal });
    if (!isSuccess(answer)) throw await refusedLock(answer, request, lock);
    const source = await this.client.sourceOf(answer, variables);
    const id = lock.id ? textOf(lock.id, source) : variables.newId;
    // A lock without its id could never be used or released.
    if (id === undefined)
      throw new RemoteFailure('badAnswer', {
        resource,
        method: request.method,
        code: 'NO_LOCK_ID',
        maybeDone: true,
      });
    return leaseOf(resource, id, { take: lock, source, seconds: asked.seconds });
  }

  async refresh(lease: Lease, seconds: number): Promise<Lease> {
    const { refresh } = this.client.locks;
    if (!refresh) return this.confirmed(lease);
    const { resource } = lease;
    const variables = { ...this.variablesFor(lease), seconds: String(seconds) };
    const request = this.client.requestOf(refresh, { resource, method: 'PUT', variables });
    const answer = await this.client.send(request);
    if (isHeld(answer, refresh)) return this.stillHeld(lease, answer, { take: refresh, variables });
    if (!isSuccess(answer)) throw await this.refusedRefresh(lease, await failed(answer, request));
    const source = await this.client.sourceOf(answer, variables);
    const id = refresh.id && textOf(refresh.id, source);
    if (takesAnew(refresh)) throw await this.takenAnew(lease, answer, id);
    if (id !== undefined && lockIdOf(id) !== lease.id)
      throw new RemoteFailure('leaseLost', { resource, method: request.method, status: answer.status });
    return leaseOf(resource, lease.token.reveal(), { take: refresh, source, seconds, mark: lease.mark });
  }

  async release(lease: Lease): Promise<{ readonly wasHeld: boolean }> {
    const { resource } = lease;
    const { unlock } = this.client.locks;
    // Nothing can be sent: the lock ends by its timeout.
    if (!unlock) throw unsupported(resource, 'UNLOCK');
    const request = this.client.requestOf(unlock, {
      resource,
      method: 'DELETE',
      variables: this.variablesFor(lease),
    });
    return this.ended(request);
  }

  async breakLock({ resource, id }: LockToBreak): Promise<{ readonly wasHeld: boolean }> {
    const call = this.client.locks.break;
    if (!call) throw unsupported(resource, 'DELETE');
    const { isReported, found } = await this.find(resource);
    if (!isReported) throw unsupported(resource, 'DELETE');
    if (!found) return { wasHeld: false };
    // Never a lock that was taken after the person saw this one.
    if (id !== undefined && found.lock.id !== undefined && found.lock.id !== id) return { wasHeld: false };
    const variables = this.client.variablesOf(resource, { ...(found.id !== undefined && { id: found.id }) });
    const request = this.client.requestOf(call, { resource, method: 'DELETE', variables });
    return this.ended(request);
  }

  /** The lock as the server shows it, with its id. */
  async find(resource: ResourceId, { signal }: CallOptions = {}): Promise<Look> {
    const { status } = this.client.locks;
    if (!status) return this.findListed(resource, { ...(signal && { signal }) });
    const variables = this.client.variablesOf(resource);
    const request = this.client.requestOf(status, { resource, method: 'GET', variables });
    const answer = await this.client.send({ ...request, signal });
    if (status.freeOn?.includes(answer.status)) {
      await answer.discard();
      return { isReported: true };
    }
    if (!isSuccess(answer)) throw await failed(answer, request);
    const source = await this.client.sourceOf(answer, variables);
    const found = readLock(resource, status, source, this.client.lockReading);
    if (found) return { isReported: true, found };
    // Where a status says that there is no lock, an answer that was not understood does not say it too.
    const saysFree = !status.freeOn && (answer.status === 204 || source.json !== undefined);
    return { isReported: saysFree };
  }

  /** Where only the list of the folder shows locks. */
  private async findListed(resource: ResourceId, options: CallOptions): Promise<Look> {
    const { list } = this.client.files;
    const folder = parentOf(resource);
    if (!list?.locks || !folder) return { isReported: false };
    const members = await listMembers(this.client, { folder, list }, options);
    const member = members.find(({ entry }) => entry.resource === resource);
    const [lock] = member?.entry.listing.locks ?? [];
    if (!member || !lock) return { isReported: member !== undefined };
    return { isReported: true, found: { ...(member.lockId !== undefined && { id: member.lockId }), lock } };
  }

  private variablesFor(lease: Lease): Variables {
    return this.client.variablesOf(lease.resource, { id: lease.token.reveal() });
  }

  private async ended(request: HttpRequest): Promise<{ readonly wasHeld: boolean }> {
    const answer = await this.client.send(request);
    if (!isSuccess(answer) && !goneStatuses.has(answer.status)) throw await failed(answer, request);
    await answer.discard();
    return { wasHeld: !goneStatuses.has(answer.status) };
  }

  /** Statuses that mean that the lock is lost may mean something else, if the server still shows it. */
  private async refusedRefresh(lease: Lease, failure: RemoteFailure): Promise<RemoteFailure> {
    if (!lostStatuses.has(failure.status ?? 0)) return failure;
    const { found } = await this.find(lease.resource);
    return found?.lock.id === lease.id ? failure : failure.as('leaseLost');
  }

  /** The server says that there is a lock, and which: it may be ours. */
  private async stillHeld(
    lease: Lease,
    answer: HttpAnswer,
    { take, variables }: { readonly take: TakeMapping; readonly variables: Variables },
  ): Promise<Lease> {
    const source = await this.client.sourceOf(answer, variables);
    const id = textOf(take.id, source);
    if (id === lease.token.reveal()) return { ...lease, since: source.sentAt };
    throw new RemoteFailure('leaseLost', { resource: lease.resource, status: answer.status });
  }

  /**
   * The lock was free, so it was lost, and others may have written since. What was just granted is released: it would
   * hide the loss. The loss is reported even if it cannot be released.
   */
  private async takenAnew(
    lease: Lease,
    { status }: HttpAnswer,
    id: string | undefined,
  ): Promise<RemoteFailure> {
    const granted = id === undefined ? lease : { ...lease, token: new Secret(id) };
    const lost = { resource: lease.resource, status };
    try {
      await this.release(granted);
      return new RemoteFailure('leaseLost', lost);
    } catch (cause) {
      return new RemoteFailure('leaseLost', { ...lost, cause });
    }
  }

  /** Where no request refreshes a lock, a look tells whether we still hold it; without one, only its end does. */
  private async confirmed(lease: Lease): Promise<Lease> {
    const { isReported, found } = await this.find(lease.resource);
    const isOurs = found?.lock.id === lease.id;
    const now = this.client.now();
    const isOver = lease.expiry.kind === 'at' && now.mono >= lease.expiry.at.mono;
    if (isReported ? !isOurs : isOver) throw new RemoteFailure('leaseLost', { resource: lease.resource });
    return found ? { ...lease, expiry: found.lock.expiry } : lease;
  }
}

/** How a write shows that we hold the lock. */
export function submitted(
  submit: SubmitMapping | undefined,
  lease: Lease | undefined,
  client: HttpClient,
): { headers: Record<string, string>; query: readonly (readonly [string, string])[] } {
  if (!submit || !lease) return { headers: {}, query: [] };
  const variables = client.variablesOf(lease.resource, { id: lease.token.reveal() });
  return {
    headers: headersOf(submit.headers, variables, lease.resource),
    query: Object.entries(submit.query ?? {}).map(
      ([name, text]) => [name, expandText(text, variables)] as const,
    ),
  };
}

function isHeld({ status }: HttpAnswer, { heldOn, id }: TakeMapping): boolean {
  return id !== undefined && (heldOn ?? []).includes(status);
}

/** A refresh that asks for the lock again: only its refusal shows that the lock is still held. */
function takesAnew({ method, heldOn = [], id }: TakeMapping): boolean {
  return method === 'LOCK' && heldOn.length > 0 && id !== undefined;
}

function refusedLock(
  answer: HttpAnswer,
  request: HttpRequest,
  { heldOn }: TakeMapping,
): Promise<RemoteFailure> {
  const isSuccessful = answer.status < 300;
  return isSuccessful && !heldOn?.includes(answer.status)
    ? doubtful(answer, request)
    : refused(answer, request, heldOn ?? heldStatuses);
}

function failed(answer: HttpAnswer, request: HttpRequest): Promise<RemoteFailure> {
  return answer.status < 300 ? doubtful(answer, request) : refused(answer, request);
}

interface Granted {
  readonly take: TakeMapping;
  readonly source: Source;
  /** Requested. */
  readonly seconds: number;
  readonly mark?: string | undefined;
}

function leaseOf(resource: ResourceId, id: string, { take, source, seconds, mark }: Granted): Lease {
  const until = timeOf(take.until, source);
  const expiry = expiryOf(until, source);
  // Refreshed at half of what was granted; no more than twice the request is trusted, as with any server.
  const granted = expiry.kind === 'at' ? expiry.at.mono - source.sentAt.mono : seconds * 1000;
  const grantedMs = Math.min(granted, 2 * seconds * 1000);
  const isCapped = expiry.kind === 'at' && granted > grantedMs;
  return {
    resource,
    token: new Secret(id),
    id: lockIdOf(id),
    scope: 'exclusive',
    depth: 'self',
    expiry: isCapped ? { kind: 'at', at: later(source.sentAt, grantedMs) } : expiry,
    grantedMs,
    ...(mark !== undefined && { mark }),
    since: source.sentAt,
  };
}

function unsupported(resource: ResourceId, method: string): RemoteFailure {
  return new RemoteFailure('unsupported', { resource, method });
}
