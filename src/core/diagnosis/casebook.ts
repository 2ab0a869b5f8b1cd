import { Emitter } from '../../base/emitter';
import type { Directory } from '../directory';
import { skewIn, statusOf, type Exchanges } from '../exchanges';
import { isFailure } from '../failure';
import type { Leases } from '../leases';
import type { LockAsker } from '../lockAsker';
import type { LockId } from '../lock';
import type { LockHistory } from '../lockHistory';
import type { LockStore } from '../lockStore';
import type { Clock, Rights, ServerOf } from '../ports';
import { serverOf as serverIdOf, type ResourceId, type ServerId } from '../resource';
import type { SeenVersions } from '../seenVersions';
import { compareVersions } from '../version';
import type { Diagnosis } from './diagnosis';
import { diagnose } from './diagnose';
import type { Facts } from './facts';

export interface CasebookDeps {
  readonly asker: LockAsker;
  readonly clock: Clock;
  readonly directory: Directory;
  readonly exchanges: Exchanges;
  readonly history: LockHistory;
  readonly leases: Leases;
  readonly seen: SeenVersions;
  readonly serverOf: ServerOf;
  readonly store: LockStore;
  /** Reads an HTTP date; NaN for what is none. */
  readonly parseDate: (text: string) => number;
}

const writes = new Set(['PUT', 'DELETE', 'MOVE', 'COPY', 'LOCK']);
/** Rights rarely change while somebody looks at them. */
const rightsFreshMs = 60_000;
const keptFormer = 200;

/** Gathers what speaks for and against each cause, and tells the diagnosis. */
export class Casebook {
  private readonly rights = new Map<ResourceId, { readonly known: Rights; readonly at: number }>();
  private readonly former = new Set<LockId>();
  private readonly changed = new Emitter<ResourceId>();
  private readonly subscriptions;

  /** What is known of the resource may explain more now. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly deps: CasebookDeps) {
    const { store, exchanges, history, leases } = deps;
    this.subscriptions = [
      store.onDidChange((ids) => this.looked(ids)),
      exchanges.onDidRecord((exchange) => {
        if (!writes.has(exchange.method)) return;
        history.tried(exchange.resource, exchange.method, statusOf(exchange), exchange.at.wall);
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
    return {
      resource,
      now: clock.now(),
      ...(skewMs !== undefined && { skewMs }),
      state,
      habit: store.habitOf(server),
      history: history.of(resource),
      exchanges: exchanges.onServer(server),
      leases: leases.covering(resource).map(({ id, since }) => ({ id, since: since.wall })),
      formerIds: this.former,
      ...(rights && { rights }),
      content: this.contentOf(resource),
      ...(sameLockOn !== undefined && { sameLockOn }),
    };
  }

  /** Asks what a diagnosis rests on and is not known fresh. Never rejects for a failed question: that is evidence too. */
  async inquire(resource: ResourceId): Promise<void> {
    const { asker, serverOf, clock } = this.deps;
    const known = this.rights.get(resource);
    const stale = !known || clock.now().mono - known.at > rightsFreshMs;
    const asked = asker.ask([resource]);
    try {
      if (stale) {
        const found = await serverOf(resource).rights(resource);
        this.rights.set(resource, { known: found, at: clock.now().mono });
      }
    } catch (error) {
      if (!isFailure(error)) throw error;
    }
    await asked;
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
      history.looked(id, state, skews.get(server));
    }
  }

  private contentOf(resource: ResourceId): Facts['content'] {
    const base = this.deps.seen.of(resource);
    const now = this.deps.directory.recall(resource);
    return base && now ? compareVersions(base.version, now.version) : 'unknown';
  }

  /** On how many known resources the lock is that stands in the way. */
  private sameLock(resource: ResourceId): number | undefined {
    const { store } = this.deps;
    const state = store.stateOf(resource);
    const id = state.kind === 'locked' ? state.locks.find((lock) => lock.id !== undefined)?.id : undefined;
    if (id === undefined) return undefined;
    let count = 0;
    for (const other of store.resources()) {
      const there = store.stateOf(other);
      if (there.kind === 'locked' && there.locks.some((lock) => lock.id === id)) count++;
    }
    return count;
  }
}
