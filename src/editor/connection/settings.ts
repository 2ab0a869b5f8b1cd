import { getProxyForUrl } from 'proxy-from-env';
import { ConfigurationTarget, l10n, workspace } from 'vscode';
import { Emitter } from '../../base/emitter';
import {
  withConnection,
  withoutServer,
  type Connection,
  type WrittenConnection,
} from '../../core/settings/connectionSetting';
import { isLoopback } from '../../core/model/loopback';
import type { ProxySetting } from '../../core/model/ports';
import { nameOf, serverOf, urlOf, type ResourceId, type ServerId } from '../../core/model/resource';
import { readSettings, type BadSetting, type Settings } from '../../core/settings/settings';
import { HumanError } from '../messages/humanError';
import { isExempt } from './noProxy';

/** The person's settings, read once per change. */
export class CurrentSettings {
  private readonly changed = new Emitter<Settings>();
  private current: Settings;
  /** Which bad settings the person has been told of. */
  private told: string | undefined;
  private readonly subscription;

  readonly onDidChange = this.changed.event;

  constructor(private readonly onBad: (bad: readonly BadSetting[]) => void) {
    this.current = this.read();
    this.subscription = workspace.onDidChangeConfiguration((event) => {
      // The way to a server leads over VS Code's own proxy settings.
      if (!event.affectsConfiguration('lockStatus') && !event.affectsConfiguration('http')) return;
      this.current = this.read();
      this.changed.fire(this.current);
    });
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

  /** What the person has set for a server: the first of its connections says it. */
  connectionTo(server: ServerId): Connection | undefined {
    return this.current.connections.find(({ folder }) => serverOf(folder) === server);
  }

  /**
   * Puts a connection into the person's own settings, in the place of what is known of it. Rejects with a HumanError
   * where that would cost what stands there.
   */
  async putConnection(folder: ResourceId, more: WrittenConnection): Promise<void> {
    const fresh = { name: nameOf(folder), url: urlOf(folder, 'collection') };
    const connections = withConnection(writtenConnections(), folder, fresh, more);
    if (!connections)
      throw new HumanError(
        l10n.t(
          'The setting "lockStatus.connections" is no list, so {0} could not be added to it. Correct the setting, then try again.',
          fresh.url,
        ),
      );
    await writeConnections(connections);
  }

  async removeConnections(server: ServerId): Promise<void> {
    const connections = withoutServer(writtenConnections(), server);
    if (connections) await writeConnections(connections);
  }

  dispose(): void {
    this.subscription.dispose();
    this.changed.dispose();
  }

  private read(): Settings {
    const configuration = workspace.getConfiguration('lockStatus');
    const { settings, bad } = readSettings((name) => configuration.get(name));
    // Told once, and not again with every other setting that changes.
    const text = JSON.stringify(bad);
    if (bad.length > 0 && text !== this.told) this.onBad(bad);
    this.told = text;
    return settings;
  }
}

/** As the person wrote it: what cannot be read of it must not be lost when it is written back. */
function writtenConnections(): unknown {
  return workspace.getConfiguration('lockStatus').inspect('connections')?.globalValue;
}

async function writeConnections(connections: readonly unknown[]): Promise<void> {
  await workspace
    .getConfiguration('lockStatus')
    .update('connections', connections, ConfigurationTarget.Global);
}
