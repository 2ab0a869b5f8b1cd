import { Emitter } from '../../base/emitter';
import type { Directory } from '../polling/directory';
import {
  isWriteAttempt,
  clockSkewOf,
  statusOf,
  type Exchanges,
  type RecordedExchange,
} from '../locks/exchanges';
import { isFailure } from '../model/failure';
import type { Leases } from '../leases/leases';
import type { LockPoller } from '../polling/lockPoller';
import type { Lock, LockId } from '../model/lock';
import type { LockHistory } from '../locks/lockHistory';
import type { LockStore } from '../locks/lockStore';
import type { Clock, Rights } from '../model/ports';
import type { LockProviders } from '../model/lockProviders';
import { parentOf, serverOf as serverIdOf, type ResourceId, type ServerId } from '../model/resource';
import type { BaseVersions } from '../saving/baseVersions';
import { compareVersions } from '../model/version';
import type { Diagnosis } from './diagnosis';
import { diagnose } from './diagnose';
import type { Facts } from './facts';
import { isListed } from './locks';
import { refusalToExplain } from './refusals';

export interface DiagnosisServiceDeps {
  readonly poller: LockPoller;
  readonly clock: Clock;
  readonly directory: Directory;
  readonly exchanges: Exchanges;
  readonly history: LockHistory;
  readonly leases: Leases;
  readonly baseVersions: BaseVersions;
  readonly lockProviders: LockProviders;
  readonly store: LockStore;
  /** Parses an HTTP date; NaN if invalid. */
  readonly parseDate: (text: string) => number;
}

/** Rights rarely change, so an answer this recent is reused. */
const rightsFreshMs = 60_000;
const maxLostIds = 200;
/** How many parent folders are searched for a lock root. */
const maxFolders = 8;

/** Gathers the evidence for and against each cause, and makes the diagnosis. */
export class DiagnosisService {
  private readonly rights = new Map<ResourceId, { readonly known: Rights; readonly at: number }>();
  private readonly lostIds = new Set<LockId>();
  private readonly changed = new Emitter<ResourceId>();
  private readonly subscriptions;

  /** Fires when new facts may change the resource's diagnosis. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly deps: DiagnosisServiceDeps) {
    const { store, exchanges, history, leases } = deps;
    this.subscriptions = [
      store.onDidChange((ids) => this.recordObservations(ids)),
      exchanges.onDidRecord((exchange) => {
        if (!isWriteAttempt(exchange)) return;
        history.attempted(exchange);
        this.changed.fire(exchange.resource);
      }),
      leases.onDidLose(({ lease }) => {
        this.lostIds.add(lease.id);
        for (const id of this.lostIds) if (this.lostIds.size > maxLostIds) this.lostIds.delete(id);
      }),
      history.onDidChange((id) => this.changed.fire(id)),
    ];
  }

  diagnose(resource: ResourceId): Diagnosis {
    return diagnose(this.facts(resource));
  }

  facts(resource: ResourceId): Facts {
    const { store, exchanges, history, leases, clock } = this.deps;
    const server = serverIdOf(resource);
    const skewMs = this.skewOf(server);
    const state = store.stateOf(resource);
    const rights = this.rights.get(resource)?.known;
    const sameLockCount = this.countSameLock(resource);
    const resourceHistory = history.of(resource);
    const recorded = withRefusal(exchanges.onServer(server), resourceHistory.refusal);
    const refusedMembers = refusalToExplain({ history: resourceHistory, state })?.refusal?.members;
    return {
      resource,
      now: clock.now(),
      ...(skewMs !== undefined && { skewMs }),
      state,
      listingSupport: store.listingSupportOf(server),
      enforcesFullTimeout: this.deps.lockProviders.of(resource).traits(resource).enforcesFullTimeout ?? false,
      history: resourceHistory,
      exchanges: recorded,
      leases: leases.covering(resource).map(({ id, since }) => ({ id, since: since.wall })),
      lostLockIds: this.lostIds,
      ...(rights && { rights }),
      content: this.contentOf(resource),
      ...(sameLockCount !== undefined && { sameLockCount }),
      lockedElsewhere: this.lockedAmong(recorded),
      ...(refusedMembers && { refusedMembers }),
    };
  }

  /** Requests missing or stale facts. Never rejects for a failed request: that is evidence too. */
  async requestFacts(resource: ResourceId): Promise<void> {
    const { poller, lockProviders, clock } = this.deps;
    const known = this.rights.get(resource);
    const stale = !known || clock.now().mono - known.at > rightsFreshMs;
    const asked = poller.ask([resource]);
    try {
      if (stale) {
        const found = await lockProviders.of(resource).rights(resource);
        this.rights.set(resource, { known: found, at: clock.now().mono });
      }
    } catch (error) {
      if (!isFailure(error)) throw error;
    }
    await asked;
    await this.findLockRoot(resource);
    this.changed.fire(resource);
  }

  skewOf(server: ServerId): number | undefined {
    return clockSkewOf(this.deps.exchanges.onServer(server), this.deps.parseDate);
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.changed.dispose();
  }

  /** Called with thousands of resources at once, few of which were ever locked. */
  private recordObservations(ids: readonly ResourceId[]): void {
    const { store, history } = this.deps;
    const skews = new Map<ServerId, number | undefined>();
    for (const id of ids) {
      const state = store.stateOf(id);
      if (state.kind !== 'locked' && !history.has(id)) continue;
      const server = serverIdOf(id);
      if (!skews.has(server)) skews.set(server, this.skewOf(server));
      history.observed(id, state, skews.get(server));
    }
  }

  /**
   * A server need not report the lock root (RFC 4918 section 14.12). For a folder's lock the parent folders show the
   * same lock, so they are queried upward until one does not.
   */
  private async findLockRoot(resource: ResourceId): Promise<void> {
    const { lockProviders, store, clock } = this.deps;
    const lock = this.locksOn(resource).find(({ depth, root }) => depth === 'tree' && root === undefined);
    if (lock?.id === undefined) return;
    let folder = parentOf(resource);
    for (let asked = 0; folder && asked < maxFolders; asked++, folder = parentOf(folder)) {
      const at = clock.now();
      try {
        const listing = await lockProviders.of(folder).look(folder);
        store.apply({ kind: 'listed', entries: [{ resource: folder, listing }], at });
        if (!listing.locks.some(({ id }) => id === lock.id)) return;
      } catch (error) {
        // Folders above the shared folder may be inaccessible.
        if (isFailure(error)) return;
        throw error;
      }
    }
  }

  private locksOn(resource: ResourceId): readonly Lock[] {
    const state = this.deps.store.stateOf(resource);
    return state.kind === 'locked' ? state.locks : [];
  }

  /** The resources refused with 423 in these exchanges on which the server lists a lock. */
  private lockedAmong(exchanges: readonly RecordedExchange[]): ReadonlySet<ResourceId> {
    const refused = exchanges.filter((exchange) => statusOf(exchange) === 423);
    const resources = new Set(refused.map(({ resource }) => resource));
    return new Set([...resources].filter((id) => this.locksOn(id).some(isListed)));
  }

  private contentOf(resource: ResourceId): Facts['content'] {
    const base = this.deps.baseVersions.of(resource);
    const now = this.deps.directory.cached(resource);
    return base && now ? compareVersions(base.version, now.version) : 'unknown';
  }

  /** On how many known resources this resource's lock is listed. */
  private countSameLock(resource: ResourceId): number | undefined {
    const id = this.locksOn(resource).find((lock) => lock.id !== undefined)?.id;
    if (id === undefined) return undefined;
    let count = 0;
    for (const other of this.deps.store.resources()) {
      if (this.locksOn(other).some((lock) => lock.id === id)) count++;
    }
    return count;
  }
}

/** The refusal is kept longer than the other exchanges, even across a restart. */
function withRefusal(
  exchanges: readonly RecordedExchange[],
  refusal: RecordedExchange | undefined,
): readonly RecordedExchange[] {
  return !refusal || exchanges.includes(refusal) ? exchanges : [refusal, ...exchanges];
}
