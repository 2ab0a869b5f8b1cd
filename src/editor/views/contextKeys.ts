import { commands } from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';
import type { Event } from '../../base/emitter';
import { rootAbove } from '../../core/model/lockView';
import type { ResourceId } from '../../core/model/resource';
import type { LockStore } from '../../core/locks/lockStore';
import type { OpenFiles } from '../files/openFiles';
import type { FileStatuses } from './fileStatus';
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

type Value = string | boolean | readonly string[] | undefined;

/** Sets the context keys for menus, key bindings and welcome texts. The only caller of `setContext`. */
export class ContextKeys implements Disposable {
  private readonly owned = new Disposables();
  private readonly values = new Map<string, string | undefined>();
  private readonly held = new Set<ResourceId>();

  constructor(private readonly deps: ContextKeyDeps) {
    const { statuses, store, openFiles } = deps;
    this.owned.add(
      statuses.onDidChange((resources) => {
        this.updateHeld(resources);
        this.update();
      }),
    );
    this.owned.add(openFiles.onDidChangeActive(() => this.update()));
    this.owned.add(deps.onDidChangeConnected(() => this.update()));
    this.owned.add(deps.copies.onDidCompare(() => this.update()));
    this.owned.add(deps.remote.onDidChange(() => this.update()));
    this.updateHeld([...store.resources()]);
    this.update();
  }

  dispose(): void {
    this.owned.dispose();
    for (const key of this.values.keys()) this.set(key, undefined);
  }

  private updateHeld(resources: readonly ResourceId[]): void {
    for (const resource of resources) {
      const { view } = this.deps.statuses.of(resource);
      // A folder's lock is released on the folder itself.
      if (view.state === 'mine' && view.lock && !rootAbove(view.lock, resource)) this.held.add(resource);
      else this.held.delete(resource);
    }
  }

  private update(): void {
    const active = this.deps.openFiles.active();
    const resource = active && toResource(active);
    this.set('lockStatus.connected', this.deps.connected());
    // For what the Locks view says while it is empty.
    this.set('lockStatus.remote', this.deps.remote.get());
    const status = resource && this.deps.statuses.of(resource);
    this.set('lockStatus.state', status?.view.state);
    this.set('lockStatus.waiting', status?.wait !== undefined);
    this.set('lockStatus.blocked', status?.blockedSave !== undefined);
    // For the explorer's menu, which may be about any file: `resource in lockStatus.held`.
    this.set(
      'lockStatus.held',
      [...this.held].map((id) => toUri(id).toString()),
    );
    // For the title of the diff editor: `resource in lockStatus.compared`.
    this.set(
      'lockStatus.compared',
      [...this.deps.copies.all()].map((id) => toUri(id).toString()),
    );
  }

  private set(key: string, value: Value): void {
    const text = JSON.stringify(value);
    if (this.values.has(key) ? this.values.get(key) === text : value === undefined) return;
    this.values.set(key, text);
    void commands.executeCommand('setContext', key, value);
  }
}
