import type { ConnectOptions, LockInfo, LockStatus, LockStatusApi } from '../../lock-status';
import { Emitter } from '../base/emitter';
import { l10n, Uri, type Event } from 'vscode';
import type { Lock, UnknownReason } from '../core/model/lock';
import { rootAbove, type LockView } from '../core/model/lockView';
import type { LockProviderId } from '../core/model/ports';
import type { ResourceId } from '../core/model/resource';
import { asContact } from '../core/model/contact';
import { connectTo } from './connection/connectTo';
import { plain } from './words/plainText';
import { isRemote, toResource, toUri } from './uris';
import type { FileStatuses } from './views/fileStatus';
import { unknownText } from './words/status';
import type { Needs } from './commands/commandContext';

export interface ApiDeps extends Needs<
  'blockedSaves' | 'clock' | 'connections' | 'lockProviders' | 'poller' | 'store' | 'waits'
> {
  readonly statuses: FileStatuses;
}

/** The expiry is computed from the seconds left in each answer, so it varies a little for the same lock. */
const sameEndMs = 5_000;

type Answer = Omit<LockStatus, 'uri'>;

/** What `activate` returns; `lock-status.d.ts` describes it to other extensions. */
export class Api implements LockStatusApi {
  readonly version = 1;
  readonly #deps: ApiDeps;
  readonly #changed = new Emitter<readonly Uri[]>();
  readonly #subscription;
  /** The last reported status of each file, unless it equals `#initial`. */
  readonly #reported = new Map<ResourceId, Answer>();
  readonly #initial: Answer = { state: 'unknown', reason: reasonOf('notAsked'), locks: [] };

  readonly onDidChangeLockStatus: Event<readonly Uri[]> = this.#changed.event;

  constructor(deps: ApiDeps) {
    this.#deps = deps;
    this.#subscription = deps.statuses.onDidChange((ids) => this.#reportChanges(ids));
  }

  async getLockStatus(uri: Uri, options?: { maxAgeMs?: number }): Promise<LockStatus> {
    try {
      if (!isRemote(uri)) return unknown(uri, l10n.t('This isn’t the address of a remote file.'));
      const id = toResource(uri);
      const { store, poller, clock } = this.#deps;
      const { at } = store.stateOf(id);
      const maxAgeMs = options?.maxAgeMs ?? 5_000;
      if (at === undefined || clock.now().mono - at.mono > maxAgeMs) await poller.ask([id]);
      return { uri, ...this.#answer(id) };
    } catch (error) {
      return unknown(uri, l10n.t('Can’t check the lock: {0}.', plain(String(error))));
    }
  }

  connect(options: ConnectOptions): Promise<void> {
    return connectTo(this.#deps.connections, options);
  }

  blockedSaves(): readonly { uri: Uri; since: Date; waiting: boolean }[] {
    const { blockedSaves, waits } = this.#deps;
    const since = new Map<ResourceId, number>();
    for (const wait of waits.all()) since.set(wait.resource, wait.since.wall);
    for (const save of blockedSaves.all()) since.set(save.resource, save.since.wall);
    return [...since]
      .sort(([, one], [, other]) => other - one)
      .map(([id, wall]) => ({ uri: toUri(id), since: new Date(wall), waiting: waits.of(id) !== undefined }));
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }

  /** The store reports every recheck; listeners only hear of files whose status differs. */
  #reportChanges(ids: readonly ResourceId[]): void {
    const changed = ids.filter((id) => {
      const answer = this.#answer(id);
      if (sameAnswer(answer, this.#reported.get(id) ?? this.#initial)) return false;
      if (sameAnswer(answer, this.#initial)) this.#reported.delete(id);
      else this.#reported.set(id, answer);
      return true;
    });
    if (changed.length > 0) this.#changed.fire(changed.map(toUri));
  }

  #answer(id: ResourceId): Answer {
    const { lockProviders, store } = this.#deps;
    return answerOf(id, store.viewOf(id), lockProviders.find(id)?.id ?? 'webdav');
  }
}

function unknown(uri: Uri, reason: string): LockStatus {
  return { uri, state: 'unknown', reason, locks: [] };
}

function answerOf(id: ResourceId, view: LockView, provider: LockProviderId): Answer {
  return {
    state: view.state,
    ...(view.state === 'unknown' && { reason: reasonOf(view.why) }),
    locks: view.locks.map((lock) => ({ provider, ...infoOf(lock, id) })),
  };
}

function reasonOf(why: UnknownReason = 'notAsked'): string {
  return `${unknownText(why)}.`;
}

function sameAnswer(one: Answer, other: Answer): boolean {
  return (
    one.state === other.state &&
    one.reason === other.reason &&
    one.locks.length === other.locks.length &&
    one.locks.every((lock, index) => sameLock(lock, other.locks[index]))
  );
}

function sameLock({ until: end, ...one }: LockInfo, another: LockInfo | undefined): boolean {
  if (!another) return false;
  const { until: otherEnd, ...other } = another;
  const sameEnd =
    end instanceof Date && otherEnd instanceof Date
      ? Math.abs(end.getTime() - otherEnd.getTime()) <= sameEndMs
      : end === otherEnd;
  return sameEnd && JSON.stringify(one) === JSON.stringify(other);
}

function infoOf(lock: Lock, id: ResourceId): Omit<LockInfo, 'provider'> {
  const { holder, expiry, since, scope, depth } = lock;
  const contact = holder.contacts.map(({ uri }) => asContact(uri)).find((found) => found !== undefined);
  const root = rootAbove(lock, id);
  return {
    scope,
    depth: depth === 'tree' ? 'tree' : 'file',
    ...(holder.name !== undefined && {
      holder: holder.name,
      verified: holder.assertedBy === 'server',
    }),
    ...(contact && { contact: Uri.parse(contact.uri) }),
    ...(since && { since: new Date(since.wall) }),
    ...(expiry.kind === 'at' && { until: new Date(expiry.at.wall) }),
    ...(expiry.kind === 'never' && { until: 'never' as const }),
    ...(root && { root: toUri(root) }),
  };
}
