import { getProxyForUrl } from 'proxy-from-env';
import { ConfigurationTarget, l10n, workspace, type Uri } from 'vscode';
import { Owner } from '../../base/disposable';
import { Emitter } from '../../base/emitter';
import {
  withConnection,
  withoutFolder,
  withoutServer,
  withTrust,
  type Connection,
  type WrittenConnection,
} from '../../core/settings/connectionSetting';
import { isLoopback } from '../../core/model/loopback';
import type { Endpoint } from '../../core/model/endpoint';
import type { ProxySetting } from '../../core/model/ports';
import { nameOf, serverOf, urlOf, type ResourceId, type ServerId } from '../../core/model/resource';
import { readSettings, type BadSetting, type Settings } from '../../core/settings/settings';
import { endpointNamed } from '../../core/settings/shippedEndpoints';
import { HumanError } from '../messages/humanError';
import { isExempt } from './noProxy';

/** The user's settings, read once per change. */
export class CurrentSettings extends Owner {
  private readonly changed = this.owned.add(new Emitter<Settings>());
  private current: Settings;
  /** The invalid settings that were reported last. */
  private reported: string | undefined;

  readonly onDidChange = this.changed.event;

  constructor(private readonly onBad: (bad: readonly BadSetting[]) => void) {
    super();
    this.current = this.read();
    this.owned.add(
      workspace.onDidChangeConfiguration((event) => {
        // The `http` settings contain VS Code's proxy, which our requests use.
        if (!event.affectsConfiguration('lockStatus') && !event.affectsConfiguration('http')) return;
        this.current = this.read();
        this.changed.fire(this.current);
      }),
    );
  }

  get(): Settings {
    return this.current;
  }

  /** The proxy for an address: VS Code's own settings, else those of the environment. Undefined where there is none. */
  proxyFor(origin: string): ProxySetting | undefined {
    const http = workspace.getConfiguration('http');
    if (http.get('proxySupport') === 'off' || isLoopback(new URL(origin).hostname)) return undefined;
    if (isExempt(http.get<readonly string[]>('noProxy') ?? [], origin)) return undefined;
    const url = http.get<string>('proxy') || getProxyForUrl(origin);
    if (!url) return undefined;
    const authorization = http.get<string | null>('proxyAuthorization');
    return {
      url,
      ...(authorization && { authorization }),
      ...(http.get('proxyStrictSSL') === false && { rejectUnauthorized: false }),
    };
  }

  /** What VS Code's own search leaves out in a folder. Entries with a condition are about files on disk. */
  searchExcludes(folder: Uri): string[] {
    return ['files.exclude', 'search.exclude'].flatMap((name) => {
      const patterns = workspace.getConfiguration(undefined, folder).get<Record<string, unknown>>(name) ?? {};
      return Object.keys(patterns).filter((pattern) => patterns[pattern] === true);
    });
  }

  /** The connection settings of a server: its first connection counts. */
  connectionTo(server: ServerId): Connection | undefined {
    return this.current.connections.find(({ folder }) => serverOf(folder) === server);
  }

  /** The folders of a server whose connection names an endpoint, with its mapping. */
  endpointsOn(server: ServerId): { readonly base: ResourceId; readonly endpoint: Endpoint }[] {
    const { connections, endpoints } = this.current;
    return connections.flatMap(({ folder, endpoint = '' }) => {
      const mapping = endpointNamed(endpoint, endpoints);
      return mapping && serverOf(folder) === server ? [{ base: folder, endpoint: mapping }] : [];
    });
  }

  /**
   * Adds or updates a connection in the user's settings. Rejects with a HumanError if that would overwrite a
   * setting that is not a list.
   */
  async putConnection(folder: ResourceId, more: WrittenConnection): Promise<void> {
    const fresh = { name: nameOf(folder), url: urlOf(folder, 'collection') };
    const connections = withConnection(writtenConnections(), folder, fresh, more);
    if (!connections)
      throw new HumanError(
        l10n.t(
          'The setting "lockStatus.connections" isn’t a list, so {0} can’t be added to it. Correct the setting, then try again.',
          fresh.url,
        ),
      );
    await writeConnections(connections);
  }

  /** Writes whether the server of this folder is trusted; adds a connection to the folder if the server has none. */
  async putTrust(folder: ResourceId, trusted: boolean): Promise<void> {
    const connections = withTrust(writtenConnections(), serverOf(folder), trusted);
    if (connections) await writeConnections(connections);
    else await this.putConnection(folder, { trusted });
  }

  async removeConnection(folder: ResourceId): Promise<void> {
    const connections = withoutFolder(writtenConnections(), folder);
    if (connections) await writeConnections(connections);
  }

  async removeConnections(server: ServerId): Promise<void> {
    const connections = withoutServer(writtenConnections(), server);
    if (connections) await writeConnections(connections);
  }

  private read(): Settings {
    const configuration = workspace.getConfiguration('lockStatus');
    const { settings, bad } = readSettings((name) => configuration.get(name));
    // Report invalid settings once, not whenever another setting changes.
    const text = JSON.stringify(bad);
    if (bad.length > 0 && text !== this.reported) this.onBad(bad);
    this.reported = text;
    return settings;
  }
}

/** The setting as written: entries that cannot be read must not be lost when it is written back. */
function writtenConnections(): unknown {
  return workspace.getConfiguration('lockStatus').inspect('connections')?.globalValue;
}

async function writeConnections(connections: readonly unknown[]): Promise<void> {
  await workspace
    .getConfiguration('lockStatus')
    .update('connections', connections, ConfigurationTarget.Global);
}
