// Plays a state: what the window did and was answered goes through the readers and the core as in the extension.
import type { Diagnosis } from '../../../src/core/diagnosis/diagnosis';
import type { Core } from '../../../src/core/createCore';
import { OwnLocks } from '../../../src/core/leases/ownLocks';
import { Exchanges } from '../../../src/core/locks/exchanges';
import { refusedBy } from '../../../src/core/locks/refusedBy';
import { isFailure, type RemoteFailure } from '../../../src/core/model/failure';
import type { LockId } from '../../../src/core/model/lock';
import { ownerText } from '../../../src/core/model/ownerText';
import { resourceId, serverOf, type ResourceId } from '../../../src/core/model/resource';
import { parseEtag } from '../../../src/core/model/version';
import { createWebdavServer } from '../../../src/protocol/webdav/server';
import { testCore } from '../core/core';
import { settle } from '../core/fakeClock';
import type { ExchangeStep, State, Step } from './state';
import { origin, Wire } from './wire';

const start = Date.parse('2026-11-23T10:00:00Z');
/** Tells our locks from those of others, where the server keeps the owner text. */
const mark = 'k3x9q2';

export interface Played {
  readonly core: Core;
  readonly file: ResourceId;
  readonly diagnosis: Diagnosis;
}

export async function play(state: State): Promise<Played> {
  const player = new Player(state);
  for (const [index, step] of state.steps.entries()) await player.take(step, state.steps.slice(index + 1));
  return player.ask();
}

class Player {
  private ms = 0;
  private core: Core;
  private wire: Wire;
  private server: ReturnType<typeof createWebdavServer>;
  private awaitsBase = true;
  private readonly files: readonly ResourceId[];
  /** Locks of windows before a reload, as the lease store keeps them. */
  private readonly earlier = new Set<LockId>();

  constructor(private readonly state: State) {
    this.files = Object.keys(state.files).map((path) => resourceId(origin + path));
    ({ core: this.core, wire: this.wire, server: this.server } = this.window());
    const id = serverOf(this.file);
    const folder = resourceId(origin);
    if (state.listsLocks === 'none') this.core.store.apply({ kind: 'lockless', folder, is: true });
    else this.core.store.restoreListingSupport(id, state.listsLocks);
  }

  async ask(): Promise<Played> {
    this.ms = this.state.askedAt;
    await settle();
    return { core: this.core, file: this.file, diagnosis: this.core.diagnosisService.diagnose(this.file) };
  }

  async take(step: Step, later: readonly Step[]): Promise<void> {
    this.ms = step.at;
    if ('event' in step) {
      if (step.event === 'reload') this.reload();
      else this.lose(resourceId(origin + step.path), step.why);
    } else {
      const next = later.find((one): one is ExchangeStep => 'do' in one);
      await this.exchange(step, next);
    }
    await settle();
  }

  private get file(): ResourceId {
    const [first] = this.files;
    if (!first) throw new Error('A state is about a file.');
    return first;
  }

  private window() {
    const { account, owner } = this.state;
    const clock = {
      now: () => ({ mono: 1_000_000 + this.ms, wall: start + this.ms }),
      after: () => ({ dispose: () => undefined }),
      random: () => 0.5,
    };
    const exchanges = new Exchanges();
    const ownLocks = new OwnLocks();
    const wire = new Wire(exchanges, clock);
    const server = createWebdavServer({
      transport: wire,
      now: clock.now,
      identity: {
        ownsLock: (id: LockId) => ownLocks.owns(id),
        mayOwn: (id: LockId) => ownLocks.mayOwn(id),
        heldOn: (resource) => ownLocks.heldOn(resource)?.id,
        ownsElsewhere: (id: LockId) => this.earlier.has(id),
        isMyAccount: (other) => other === account,
      },
    });
    const name = owner === undefined ? {} : { name: owner };
    const text = ownerText({ ...name, contacts: [], app: 'VS Code', mark });
    const lockRequest = () => ({ seconds: 600, owner: text, mark });
    return { wire, server, core: testCore({ clock, server, exchanges, ownLocks, lockRequest }) };
  }

  private reload(): void {
    const { store, history, leases } = this.core;
    for (const { id } of leases.held()) this.earlier.add(id);
    const kept = JSON.parse(JSON.stringify(history.all())) as ReturnType<typeof history.all>;
    const support = store.listingSupportOf(serverOf(this.file));
    ({ core: this.core, wire: this.wire, server: this.server } = this.window());
    this.core.store.restoreListingSupport(serverOf(this.file), support);
    this.core.history.restore(kept, { mono: 1_000_000 + this.ms, wall: start + this.ms });
  }

  private lose(resource: ResourceId, why: Parameters<Core['leases']['declareLost']>[1]): void {
    const [lease] = this.core.leases.covering(resource);
    if (lease) this.core.leases.declareLost(lease, why);
  }

  private async exchange(step: ExchangeStep, next: ExchangeStep | undefined): Promise<void> {
    this.wire.expect(step, next?.do === 'PROPFIND' ? [next] : []);
    const resource = resourceId(origin + step.path);
    try {
      await this.send(step, resource);
    } catch (error) {
      if (!isFailure(error)) throw error;
      this.refused(step, resource, error);
    }
    this.wire.expect(undefined);
  }

  private async send(step: ExchangeStep, resource: ResourceId): Promise<unknown> {
    const { leases, directory, diagnosisService } = this.core;
    switch (step.do) {
      case 'PUT':
        return this.put(step, resource);
      case 'PROPFIND':
        await (step.depth === 1 ? directory.list(resource, -1) : directory.stat(resource, -1));
        if (step.depth !== 1) this.seen(resource);
        this.wire.expect(undefined, [step]);
        return diagnosisService.requestRights(resource);
      case 'OPTIONS':
        this.wire.recordOnly(step);
        this.wire.expect(undefined, [step]);
        return diagnosisService.requestRights(resource);
      case 'LOCK': {
        const [held] = leases.covering(resource);
        if (step.sent?.includes('if') !== true) return leases.take(resource, 'hand', { mayCreate: true });
        return held ? leases.verify(held) : this.wire.recordOnly(step);
      }
      case 'UNLOCK':
        return leases.release(resource);
      case 'GET':
        return this.read(resource);
      case 'HEAD':
        return this.head(step, resource);
      default:
        return this.wire.recordOnly(step);
    }
  }

  private async put(step: ExchangeStep, resource: ResourceId): Promise<void> {
    const { leases, baseVersions, blockedSaves, directory } = this.core;
    const isLocked = step.sent?.includes('if') === true;
    const bytes = new Uint8Array();
    const guard = { leases: isLocked ? leases.covering(resource) : [] };
    const version = await this.server.files.write(resource, bytes, guard);
    this.awaitsBase = version.etag === undefined;
    baseVersions.setShown(resource, { version, bytes, certain: true });
    directory.wrote(resource, version, 0);
    await blockedSaves.landed(resource, bytes);
  }

  private async read(resource: ResourceId): Promise<void> {
    const { bytes, version } = await this.server.files.read(resource);
    this.awaitsBase = false;
    this.core.baseVersions.setShown(resource, { version, bytes, certain: true });
  }

  /** A look at the version after a write that told none. */
  private head(step: ExchangeStep, resource: ResourceId): void {
    this.wire.recordOnly(step);
    const etag = parseEtag(step.headers?.['etag']);
    if (!this.awaitsBase || !etag) return;
    this.awaitsBase = false;
    this.core.baseVersions.setShown(resource, { version: { etag }, certain: true });
  }

  /** What the window saw before its first refusal is what the user sees. */
  private seen(resource: ResourceId): void {
    const version = this.core.directory.cached(resource)?.version;
    if (resource !== this.file || !this.awaitsBase || !version) return;
    this.awaitsBase = false;
    this.core.baseVersions.setShown(resource, { version, certain: true });
  }

  private refused(step: ExchangeStep, resource: ResourceId, failure: RemoteFailure): void {
    const { blockedSaves, store, history } = this.core;
    const since = { mono: 1_000_000 + this.ms, wall: start + this.ms };
    if (step.do === 'PUT') this.awaitsBase = false;
    if (step.do === 'PUT' && failure.kind === 'locked') store.apply(refusedBy(failure, since));
    // A save looks before it writes: a look that fails with nothing refused yet is the save that failed.
    const isLook = step.do === 'PROPFIND' && !history.of(resource).refusal && resource === this.file;
    if (step.do !== 'PUT' && !isLook) return;
    blockedSaves.keep({ resource, bytes: new Uint8Array(), base: undefined, since, failure });
  }
}
