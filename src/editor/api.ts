import { Emitter } from '../base/emitter';
import { Uri, type Event } from 'vscode';
import type { BlockedSaves } from '../core/blockedSaves';
import type { Lock } from '../core/lock';
import type { LockAsker } from '../core/lockAsker';
import type { LockStore } from '../core/lockStore';
import { lockView, rootAbove, type LockView, type LockWord } from '../core/lockView';
import type { Clock } from '../core/ports';
import type { ResourceId } from '../core/resource';
import type { WaitList } from '../core/waitList';
import { asContact } from '../core/contact';
import { isRemote, toResource, toUri } from './uris';
import { unknownText } from './words/status';

/** What other extensions may use, version 1. */
export interface LockStatusApi {
  readonly version: 1;
  /** Asks the server unless what is known is fresher than `maxAgeMs` (default 5000). Never rejects: an error is the state `unknown` with its reason. */
  getLockStatus(uri: Uri, options?: { maxAgeMs?: number }): Promise<LockStatus>;
  readonly onDidChangeLockStatus: Event<readonly Uri[]>;
  /** Files with a blocked save or a wait, newest first. */
  blockedSaves(): readonly { uri: Uri; since: Date; waiting: boolean }[];
}

export interface LockStatus {
  readonly uri: Uri;
  readonly state: LockWord;
  /** For `unknown`, a sentence. */
  readonly reason?: string;
  readonly locks: readonly LockFacts[];
}

export interface LockFacts {
  /** Plain text. */
  readonly holder?: string;
  readonly contact?: Uri;
  readonly since?: Date;
  readonly until?: Date | 'never';
  readonly scope: 'exclusive' | 'shared';
  readonly depth: 'file' | 'tree';
  /** Where a tree lock sits. */
  readonly root?: Uri;
}

export interface ApiDeps {
  readonly store: LockStore;
  readonly asker: LockAsker;
  readonly blocked: BlockedSaves;
  readonly waits: WaitList;
  readonly clock: Clock;
}

export class Api implements LockStatusApi {
  readonly version = 1;
  readonly #deps: ApiDeps;
  readonly #changed = new Emitter<readonly Uri[]>();
  readonly #subscription;

  readonly onDidChangeLockStatus: Event<readonly Uri[]> = this.#changed.event;

  constructor(deps: ApiDeps) {
    this.#deps = deps;
    this.#subscription = deps.store.onDidChange((ids) => this.#changed.fire(ids.map(toUri)));
  }

  async getLockStatus(uri: Uri, { maxAgeMs = 5_000 }: { maxAgeMs?: number } = {}): Promise<LockStatus> {
    if (!isRemote(uri)) return { uri, state: 'unknown', reason: 'Not a remote file.', locks: [] };
    const id = toResource(uri);
    const { store, asker, clock } = this.#deps;
    const { at } = store.stateOf(id);
    if (at === undefined || clock.now().mono - at.mono > maxAgeMs) await asker.ask([id]);
    return statusOf(uri, id, lockView(store.stateOf(id), store.lossOf(id)));
  }

  blockedSaves(): readonly { uri: Uri; since: Date; waiting: boolean }[] {
    const { blocked, waits } = this.#deps;
    const since = new Map<ResourceId, number>();
    for (const wait of waits.all()) since.set(wait.resource, wait.since.wall);
    for (const save of blocked.all()) since.set(save.resource, save.since.wall);
    return [...since]
      .sort(([, one], [, other]) => other - one)
      .map(([id, wall]) => ({ uri: toUri(id), since: new Date(wall), waiting: waits.of(id) !== undefined }));
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }
}

function statusOf(uri: Uri, id: ResourceId, view: LockView): LockStatus {
  return {
    uri,
    state: view.word,
    ...(view.word === 'unknown' && { reason: `${unknownText(view.why ?? 'notAsked')}.` }),
    locks: view.locks.map((lock) => factsOf(lock, id)),
  };
}

function factsOf(lock: Lock, id: ResourceId): LockFacts {
  const { holder, expiry, since, scope, depth } = lock;
  const contact = holder.contacts.map(({ uri }) => asContact(uri)).find((found) => found !== undefined);
  const root = rootAbove(lock, id);
  return {
    scope,
    depth: depth === 'tree' ? 'tree' : 'file',
    ...(holder.name !== undefined && { holder: holder.name }),
    ...(contact && { contact: Uri.parse(contact.uri) }),
    ...(since && { since: new Date(since.wall) }),
    ...(expiry.kind === 'at' && { until: new Date(expiry.at.wall) }),
    ...(expiry.kind === 'never' && { until: 'never' as const }),
    ...(root && { root: toUri(root) }),
  };
}
