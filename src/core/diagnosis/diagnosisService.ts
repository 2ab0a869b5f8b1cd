import { defined } from '../../base/defined';
import { Owner } from '../../base/disposable';
import { Emitter } from '../../base/emitter';
import type { Directory } from '../polling/directory';
import {
  isWriteAttempt,
  clockSkewOf,
  isRefused,
  statusOf,
  type Exchanges,
  type RecordedExchange,
} from '../locks/exchanges';
import { isFailure, orElse, type RemoteFailure } from '../model/failure';
import type { Leases } from '../leases/leases';
import type { LockPoller } from '../polling/lockPoller';
import type { Lock, LockListing } from '../model/lock';
import { isOurs } from '../model/lockView';
import type { LockHistory } from '../locks/lockHistory';
import type { LockStore } from '../locks/lockStore';
import type { Clock, Rights } from '../model/ports';
import type { LockProviders } from '../model/lockProviders';
import { parentOf, serverOf as serverIdOf, type ResourceId, type ServerId } from '../model/resource';
import type { BaseVersions } from '../saving/baseVersions';
import type { BlockedSaves } from '../saving/blockedSaves';
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
  readonly blockedSaves: BlockedSaves;
  readonly lockProviders: LockProviders;
  readonly store: LockStore;
  /** Parses an HTTP date; NaN if invalid. */
  readonly parseDate: (text: string) => number;
}

/** Rights rarely change, so an answer this recent is reused. */
const rightsFreshMs = 60_000;
/** How many parent folders are searched for a lock root. */
const maxFolders = 8;
const maxRoots = 3;

/** With one answer; the first members of a listing are as good as any other. */
const maxHistoriesBegun = 100;

/** Gathers the evidence for and against each cause, and makes the diagnosis. */
export class DiagnosisService extends Owner {
  private readonly rights = new Map<ResourceId, { readonly known: Rights; readonly at: number }>();
  private readonly changed = this.owned.add(new Emitter<ResourceId>());

  /** Fires when new facts may change the resource's diagnosis. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly deps: DiagnosisServiceDeps) {
    super();
    const { store, exchanges, history, leases, blockedSaves } = deps;
    this.owned.add(store.onDidChange((ids) => this.recordObservations(ids)));
    this.owned.add(
      exchanges.onDidRecord((exchange) => {
        if (!isWriteAttempt(exchange)) return;
        history.attempted(exchange);
        this.changed.fire(exchange.resource);
      }),
    );
    this.owned.add(
      leases.onDidLose(({ lease, why }) => history.lost(lease.resource, why, this.deps.clock.now().wall)),
    );
    this.owned.add(
      blockedSaves.onDidRefuse(({ resource, failure }) => this.recordFailedSave(resource, failure)),
    );
    this.owned.add(history.onDidChange((id) => this.changed.fire(id)));
  }

  diagnose(resource: ResourceId): Diagnosis {
    return diagnose(this.facts(resource));
  }

  facts(resource: ResourceId): Facts {
    const { store, exchanges, history, leases, clock } = this.deps;
    const server = serverIdOf(resource);
    const state = store.stateOf(resource);
    const resourceHistory = history.of(resource);
    const recorded = withRefusal(exchanges.onServer(server), resourceHistory.refusal);
    return {
      resource,
      now: clock.now(),
      state,
      listingSupport: store.listingSupportOf(server),
      isLockless: store.isLockless(resource),
      enforcesFullTimeout: this.deps.lockProviders.of(resource).traits(resource).enforcesFullTimeout ?? false,
      history: resourceHistory,
      exchanges: recorded,
      leases: leases.covering(resource).map(({ id, since }) => ({ id, since: since.wall })),
      readsNeedSignIn: exchanges.readsNeedSignIn(server),
      content: this.contentOf(resource),
      lockedElsewhere: this.lockedAmong(recorded),
      ...defined({
        skewMs: this.skewOf(server),
        lost: store.lossOf(resource),
        rights: this.rights.get(resource)?.known,
        sameLockCount: this.countSameLock(resource),
        refusedMembers: refusalToExplain({ history: resourceHistory, state })?.refusal?.members,
      }),
    };
  }

  /** Requests missing or stale facts. Never rejects for a failed request: that is evidence too. */
  async requestFacts(resource: ResourceId): Promise<void> {
    const asked = this.deps.poller.ask([resource]);
    const known = this.rights.get(resource);
    if (!known || this.deps.clock.now().mono - known.at > rightsFreshMs) await this.requestRights(resource);
    await asked;
    await this.findLockRoot(resource);
    for (const root of this.rootsToLookAt(resource)) await this.look(root);
    this.changed.fire(resource);
  }

  /** Asks what this account may do. Never rejects for a failed request. */
  async requestRights(resource: ResourceId): Promise<void> {
    const { lockProviders, clock } = this.deps;
    try {
      const found = await lockProviders.of(resource).rights(resource);
      this.rights.set(resource, { known: found, at: clock.now().mono });
    } catch (error) {
      if (!isFailure(error)) throw error;
    }
  }

  skewOf(server: ServerId): number | undefined {
    return clockSkewOf(this.deps.exchanges.onServer(server), this.deps.parseDate);
  }

  /** Called with thousands of resources at once, mostly few of which were ever locked. */
  private recordObservations(ids: readonly ResourceId[]): void {
    const { store, history } = this.deps;
    const skews = new Map<ServerId, number | undefined>();
    let begun = 0;
    for (const id of ids) {
      // Where a whole folder is locked, its members must not push out the histories of everything else.
      if (!history.has(id) && begun === maxHistoriesBegun) continue;
      const state = store.stateOf(id);
      if (state.kind !== 'locked' && !history.has(id)) continue;
      if (!history.has(id)) begun++;
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
    const lock = this.locksOn(resource).find(({ depth, root }) => depth === 'tree' && root === undefined);
    if (lock?.id === undefined) return;
    let folder = parentOf(resource);
    for (let asked = 0; folder && asked < maxFolders; asked++, folder = parentOf(folder)) {
      // Folders above the shared folder may be inaccessible.
      const listing = await this.look(folder);
      if (!listing?.locks.some(({ id }) => id === lock.id)) return;
    }
  }

  /**
   * Where else the lock may be that refused a write: the roots and members that the refusal names (RFC 4918 section
   * 16), and the folder of a file that does not exist yet.
   */
  private rootsToLookAt(resource: ResourceId): readonly ResourceId[] {
    const { store, history } = this.deps;
    const state = store.stateOf(resource);
    const refusal = refusalToExplain({ history: history.of(resource), state })?.refusal;
    const locked = refusal?.members?.filter(({ status }) => status === 423) ?? [];
    const parent = state.kind === 'unknown' && state.why === 'notFound' ? parentOf(resource) : undefined;
    const named = [...(refusal?.roots ?? []), ...locked.map((member) => member.resource), parent];
    const roots = named.filter((root) => root !== undefined && root !== resource) as ResourceId[];
    return [...new Set(roots)].slice(0, maxRoots);
  }

  /** Undefined if the server does not say. */
  private async look(resource: ResourceId): Promise<LockListing | undefined> {
    const { lockProviders, store, clock } = this.deps;
    const at = clock.now();
    const listing = await orElse(undefined, () => lockProviders.of(resource).look(resource));
    if (listing) store.apply({ kind: 'listed', entries: [{ resource, listing }], at });
    return listing;
  }

  /** A save may fail before it writes, or by an answer with a good status: its write attempt is no record of that. */
  private recordFailedSave(resource: ResourceId, { facts }: RemoteFailure): void {
    const { exchanges, history } = this.deps;
    const last = exchanges
      .onServer(serverIdOf(resource))
      .findLast((exchange) => exchange.resource === resource && exchange.method === facts.method);
    if (!last || last.status !== facts.status) return;
    if (isWriteAttempt(last) && (isRefused(last) || last.status === undefined)) return;
    history.attempted(last, true);
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
    const state = this.deps.store.stateOf(resource);
    if (base && !now && state.kind === 'unknown' && state.why === 'notFound') return 'changed';
    return base && now ? compareVersions(base.version, now.version) : 'unknown';
  }

  /** On how many known resources this resource's lock is listed. */
  private countSameLock(resource: ResourceId): number | undefined {
    // Our own locks say nothing about who holds many files.
    const lock = this.locksOn(resource).find((one) => one.id !== undefined && !isOurs(one));
    const id = lock?.id;
    if (id === undefined) return undefined;
    let count = 0;
    for (const other of this.deps.store.resources()) {
      if (this.locksOn(other).some((one) => one.id === id)) count++;
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
