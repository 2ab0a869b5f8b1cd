import { Emitter } from '../../base/emitter';
import type { Directory } from '../polling/directory';
import { isTry, skewIn, statusOf, type Exchanges, type RecordedExchange } from '../locks/exchanges';
import { isFailure } from '../model/failure';
import type { Leases } from '../leases/leases';
import type { LockPoller } from '../polling/lockPoller';
import type { Lock, LockId } from '../model/lock';
import type { LockHistory } from '../locks/lockHistory';
import type { LockStore } from '../locks/lockStore';
import type { Clock, Rights, ServerOf } from '../model/ports';
import { parentOf, serverOf as serverIdOf, type ResourceId, type ServerId } from '../model/resource';
import type { BaseVersions } from '../saving/baseVersions';
import { compareVersions } from '../model/version';
import type { Diagnosis } from './diagnosis';
import { diagnose } from './diagnose';
import type { Facts } from './facts';
import { isListed } from './locks';
import { refusalIn } from './refusals';

export interface DiagnosisServiceDeps {
  readonly poller: LockPoller;
  readonly clock: Clock;
  readonly directory: Directory;
  readonly exchanges: Exchanges;
  readonly history: LockHistory;
  readonly leases: Leases;
  readonly baseVersions: BaseVersions;
  readonly serverOf: ServerOf;
  readonly store: LockStore;
  /** Reads an HTTP date; NaN for what is none. */
  readonly parseDate: (text: string) => number;
}

/** Rights rarely change while somebody looks at them. */
const rightsFreshMs = 60_000;
const keptFormer = 200;
/** How many folders up a lock's place is looked for. */
const mostFolders = 8;

/** Gathers what speaks for and against each cause, and tells the diagnosis. */
export class DiagnosisService {
  private readonly rights = new Map<ResourceId, { readonly known: Rights; readonly at: number }>();
  private readonly former = new Set<LockId>();
  private readonly changed = new Emitter<ResourceId>();
  private readonly subscriptions;

  /** What is known of the resource may explain more now. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly deps: DiagnosisServiceDeps) {
    const { store, exchanges, history, leases } = deps;
    this.subscriptions = [
      store.onDidChange((ids) => this.looked(ids)),
      exchanges.onDidRecord((exchange) => {
        if (!isTry(exchange)) return;
        history.attempted(exchange);
        this.changed.fire(exchange.resource);
      }),
      leases.onDidLose(({ lease }) => {
        this.former.add(lease.id);
        for (const id of this.former) if (this.former.size > keptFormer) this.former.delete(id);
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
    const sameLockOn = this.sameLock(resource);
    const known = history.of(resource);
    const seen = withRefusal(exchanges.onServer(server), known.refusal);
    const members = refusalIn({ history: known, state })?.refusal?.members;
    return {
      resource,
      now: clock.now(),
      ...(skewMs !== undefined && { skewMs }),
      state,
      listingSupport: store.listingSupportOf(server),
      endsUnseen: this.deps.serverOf(resource).traits(resource).endsUnseen ?? false,
      history: known,
      exchanges: seen,
      leases: leases.covering(resource).map(({ id, since }) => ({ id, since: since.wall })),
      formerIds: this.former,
      ...(rights && { rights }),
      content: this.contentOf(resource),
      ...(sameLockOn !== undefined && { sameLockOn }),
      lockedElsewhere: this.lockedAmong(seen),
      ...(members && { members }),
    };
  }

  /** Asks what a diagnosis rests on and is not known fresh. Never rejects for a failed question: that is evidence too. */
  async inquire(resource: ResourceId): Promise<void> {
    const { poller, serverOf, clock } = this.deps;
    const known = this.rights.get(resource);
    const stale = !known || clock.now().mono - known.at > rightsFreshMs;
    const asked = poller.ask([resource]);
    try {
      if (stale) {
        const found = await serverOf(resource).rights(resource);
        this.rights.set(resource, { known: found, at: clock.now().mono });
      }
    } catch (error) {
      if (!isFailure(error)) throw error;
    }
    await asked;
    await this.findPlace(resource);
    this.changed.fire(resource);
  }

  skewOf(server: ServerId): number | undefined {
    return skewIn(this.deps.exchanges.onServer(server), this.deps.parseDate);
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.changed.dispose();
  }

  /** Called with thousands at once, of which few were ever locked. */
  private looked(ids: readonly ResourceId[]): void {
    const { store, history } = this.deps;
    const skews = new Map<ServerId, number | undefined>();
    for (const id of ids) {
      const state = store.stateOf(id);
      if (state.kind !== 'locked' && !history.follows(id)) continue;
      const server = serverIdOf(id);
      if (!skews.has(server)) skews.set(server, this.skewOf(server));
      history.observed(id, state, skews.get(server));
    }
  }

  /**
   * A server need not say where a lock on a whole folder sits (RFC 4918 section 14.12). The folders that show the same
   * lock do, and are asked upwards from the file as long as they do.
   */
  private async findPlace(resource: ResourceId): Promise<void> {
    const { serverOf, store, clock } = this.deps;
    const lock = this.locksOn(resource).find(({ depth, root }) => depth === 'tree' && root === undefined);
    if (lock?.id === undefined) return;
    let folder = parentOf(resource);
    for (let asked = 0; folder && asked < mostFolders; asked++, folder = parentOf(folder)) {
      const at = clock.now();
      try {
        const entry = await serverOf(folder).stat(folder);
        store.apply({ kind: 'listed', entries: [entry], at });
        if (!entry.listing.locks.some(({ id }) => id === lock.id)) return;
      } catch (error) {
        // What lies above the shared folder is nobody's business.
        if (isFailure(error)) return;
        throw error;
      }
    }
  }

  private locksOn(resource: ResourceId): readonly Lock[] {
    const state = this.deps.store.stateOf(resource);
    return state.kind === 'locked' ? state.locks : [];
  }

  /** The resources among those of the exchanges that were refused and that the server lists a lock on. */
  private lockedAmong(exchanges: readonly RecordedExchange[]): ReadonlySet<ResourceId> {
    const refused = exchanges.filter((exchange) => statusOf(exchange) === 423);
    const resources = new Set(refused.map(({ resource }) => resource));
    return new Set([...resources].filter((id) => this.locksOn(id).some(isListed)));
  }

  private contentOf(resource: ResourceId): Facts['content'] {
    const base = this.deps.baseVersions.of(resource);
    const now = this.deps.directory.recall(resource);
    return base && now ? compareVersions(base.version, now.version) : 'unknown';
  }

  /** On how many known resources the lock is that stands in the way. */
  private sameLock(resource: ResourceId): number | undefined {
    const id = this.locksOn(resource).find((lock) => lock.id !== undefined)?.id;
    if (id === undefined) return undefined;
    let count = 0;
    for (const other of this.deps.store.resources()) {
      if (this.locksOn(other).some((lock) => lock.id === id)) count++;
    }
    return count;
  }
}

/** What was refused is kept for longer than all else that was answered, also over a restart. */
function withRefusal(
  exchanges: readonly RecordedExchange[],
  refusal: RecordedExchange | undefined,
): readonly RecordedExchange[] {
  return !refusal || exchanges.includes(refusal) ? exchanges : [refusal, ...exchanges];
}
