import { commands } from 'vscode';
import { Owner } from '../../base/disposable';
import type { Event } from '../../base/emitter';
import type { ResourceId } from '../../core/model/resource';
import type { LockStore } from '../../core/locks/lockStore';
import type { OpenFiles } from '../files/openFiles';
import type { FileStatuses } from './fileStatus';
import { offerNames, offersOn, type OfferName } from './offers';
import { toResource, toUri } from '../uris';
import type { ServerCopies } from '../files/serverCopies';
import type { RemoteState } from './remoteState';

export interface ContextKeyDeps {
  readonly statuses: FileStatuses;
  readonly store: LockStore;
  readonly openFiles: Pick<OpenFiles, 'active' | 'onDidChangeActive'>;
  /** Whether a remote folder is open or a connection is stored. */
  connected(): boolean;
  readonly onDidChangeConnected: Event<unknown>;
  /** The files that are compared with the server. */
  readonly copies: Pick<ServerCopies, 'all' | 'onDidCompare'>;
  readonly remote: Pick<RemoteState, 'get' | 'onDidChange'>;
}

/** A menu about more files than this, as in a locked folder, offers all and says by a sentence what cannot work. */
const maxFiles = 500;

type Value = string | boolean | readonly string[] | undefined;

/** Sets the context keys for menus, key bindings and welcome texts. The only caller of `setContext`. */
export class ContextKeys extends Owner {
  private readonly values = new Map<string, string | undefined>();
  private readonly files: Readonly<Record<OfferName, Set<ResourceId>>> = {
    release: new Set(),
    blocking: new Set(),
    lock: new Set(),
    wait: new Set(),
    ask: new Set(),
    break: new Set(),
  };

  constructor(private readonly deps: ContextKeyDeps) {
    super();
    const { statuses, store, openFiles } = deps;
    this.owned.add(
      statuses.onDidChange((resources) => {
        this.remember(resources);
        this.update();
      }),
    );
    this.owned.add(openFiles.onDidChangeActive(() => this.update()));
    this.owned.add(deps.onDidChangeConnected(() => this.update()));
    this.owned.add(deps.copies.onDidCompare(() => this.update()));
    this.owned.add(deps.remote.onDidChange(() => this.update()));
    this.remember([...store.resources()]);
    this.update();
  }

  override dispose(): void {
    super.dispose();
    for (const key of this.values.keys()) this.set(key, undefined);
  }

  private remember(resources: readonly ResourceId[]): void {
    for (const resource of resources) {
      const offers = offersOn(this.deps.statuses.of(resource));
      for (const name of offerNames) {
        if (offers[name]) this.files[name].add(resource);
        else this.files[name].delete(resource);
      }
    }
  }

  private update(): void {
    const active = this.deps.openFiles.active();
    const resource = active && toResource(active);
    this.set('lockStatus.connected', this.deps.connected());
    // For what the Locks view says while it is empty.
    this.set('lockStatus.remote', this.deps.remote.get());
    const status = resource && this.deps.statuses.of(resource);
    const offers = status && offersOn(status);
    this.set('lockStatus.state', status?.view.state);
    this.set('lockStatus.waiting', status?.wait !== undefined);
    this.set('lockStatus.canLock', offers?.lock);
    this.set('lockStatus.canWait', offers?.wait);
    this.set('lockStatus.canAsk', offers?.ask);
    this.set('lockStatus.canBreak', offers?.break);
    // For menus that may be about any file: `resource in lockStatus.held`.
    this.set('lockStatus.held', this.uris('release'));
    this.set('lockStatus.blocking', this.uris('blocking'));
    this.set('lockStatus.askable', this.uris('ask'));
    this.set('lockStatus.unsaved', this.uris('wait'));
    // For the title of the diff editor: `resource in lockStatus.compared`.
    this.set(
      'lockStatus.compared',
      [...this.deps.copies.all()].map((id) => toUri(id).toString()),
    );
  }

  private uris(name: OfferName): readonly string[] {
    return [...this.files[name]].slice(0, maxFiles).map((id) => toUri(id).toString());
  }

  private set(key: string, value: Value): void {
    const text = JSON.stringify(value);
    if (this.values.has(key) ? this.values.get(key) === text : value === undefined) return;
    this.values.set(key, text);
    void commands.executeCommand('setContext', key, value);
  }
}
