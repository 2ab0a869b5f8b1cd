import { l10n, workspace } from 'vscode';
import { Owner } from '../../base/disposable';
import { Emitter } from '../../base/emitter';
import { serverOf, type ServerId } from '../../core/model/resource';
import type { Connections } from '../connection/connections';
import { openFolders } from '../connection/openFolders';
import type { Reachability } from '../connection/reachability';

/** What the window shows of remote folders at all. */
/** `toOpen`: a folder that was asked for opens after a sign-in. */
export type RemoteStateName = 'nothingOpen' | 'toOpen' | 'signedOut' | 'offline' | 'open';

export interface RemoteStateDeps {
  readonly connections: Pick<Connections, 'declined' | 'onDidChangeDeclined'>;
  readonly reachability: Reachability;
}

/** Whether the servers of the open folders can be asked about locks. */
export class RemoteState extends Owner {
  private readonly changed = this.owned.add(new Emitter<void>());

  readonly onDidChange = this.changed.event;

  constructor(private readonly deps: RemoteStateDeps) {
    super();
    const fire = () => this.changed.fire();
    this.owned.add(deps.connections.onDidChangeDeclined(fire));
    this.owned.add(deps.reachability.onDidChange(fire));
    this.owned.add(workspace.onDidChangeWorkspaceFolders(fire));
  }

  get(): RemoteStateName {
    const servers = openServers();
    if (servers.length === 0)
      return this.deps.connections.declined().some(({ isToOpen }) => isToOpen) ? 'toOpen' : 'nothingOpen';
    if (this.silent().length > 0) return 'offline';
    return this.signedOut().length > 0 ? 'signedOut' : 'open';
  }

  /** The hosts of the open folders. */
  hosts(): string {
    return openServers().map(hostNamed).join(', ');
  }

  /** What is wrong, for above the locks that are known from before; undefined where nothing is. */
  trouble(): string | undefined {
    const silent = this.silent();
    if (silent.length > 0)
      return l10n.t(
        'Can’t reach {0}, so what is shown here may be out of date.',
        silent.map(hostNamed).join(', '),
      );
    const signedOut = this.signedOut();
    if (signedOut.length === 0) return undefined;
    return l10n.t(
      'You’re not signed in to {0}, so what is shown here may be out of date.',
      signedOut.map(hostNamed).join(', '),
    );
  }

  private silent(): ServerId[] {
    return openServers().filter((server) => this.deps.reachability.whySilent(server) !== undefined);
  }

  private signedOut(): ServerId[] {
    const declined = this.deps.connections.declined().map(({ folder }) => serverOf(folder));
    return openServers().filter((server) => declined.includes(server));
  }
}

function openServers(): ServerId[] {
  return [...new Set(openFolders().map(serverOf))];
}

function hostNamed(server: ServerId): string {
  return new URL(server).host;
}
