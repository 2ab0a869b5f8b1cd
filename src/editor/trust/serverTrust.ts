import { Owner } from '../../base/disposable';
import { Emitter } from '../../base/emitter';
import { trustIn } from '../../core/settings/connectionSetting';
import { serverOf, type ResourceId, type ServerId } from '../../core/model/resource';
import type { CurrentSettings } from '../connection/settings';
import { isConfiguration } from './configurationFiles';

export type Trust = 'trusted' | 'restricted' | 'undecided';

/** Which servers the person trusts. Kept in the user's settings, which no folder can change. */
export class ServerTrust extends Owner {
  private readonly changed = this.owned.add(new Emitter<ServerId>());
  private known: ReadonlyMap<ServerId, Trust>;

  /** A server became trusted, or is no longer. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly settings: CurrentSettings) {
    super();
    this.known = this.read();
    this.owned.add(settings.onDidChange(() => this.update()));
  }

  of(server: ServerId): Trust {
    return this.known.get(server) ?? 'undecided';
  }

  trusts(server: ServerId): boolean {
    return this.of(server) === 'trusted';
  }

  /** Whether the resource is configuration of a server that the person does not trust. */
  hides(resource: ResourceId): boolean {
    return isConfiguration(resource) && !this.trusts(serverOf(resource));
  }

  /** Keeps the answer with the server's connections, or with a new one for this folder. */
  async decide(folder: ResourceId, trusted: boolean): Promise<void> {
    await this.settings.putTrust(folder, trusted);
  }

  private read(): ReadonlyMap<ServerId, Trust> {
    const { connections } = this.settings.get();
    const servers = new Set(connections.map(({ folder }) => serverOf(folder)));
    return new Map(
      [...servers].map((server) => {
        const trusted = trustIn(connections, server);
        return [server, trusted === undefined ? 'undecided' : trusted ? 'trusted' : 'restricted'];
      }),
    );
  }

  private update(): void {
    const before = this.known;
    this.known = this.read();
    for (const server of new Set([...before.keys(), ...this.known.keys()]))
      if ((before.get(server) ?? 'undecided') !== this.of(server)) this.changed.fire(server);
  }
}
