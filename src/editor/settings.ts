import { ConfigurationTarget, workspace } from 'vscode';
import { Emitter } from '../base/emitter';
import { readSettings, type BadSetting, type Connection, type Settings } from '../core/settings';

/** The person's settings, read once per change. */
export class CurrentSettings {
  private readonly changed = new Emitter<Settings>();
  private current: Settings;
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

  /** The proxy for an address, by VS Code's own settings; undefined where none applies. */
  proxyFor(origin: string): string | undefined {
    const http = workspace.getConfiguration('http');
    if (http.get('proxySupport') === 'off') return undefined;
    const { hostname } = new URL(origin);
    const exempt = http.get<readonly string[]>('noProxy') ?? [];
    if (isLoopback(hostname) || exempt.some((rule) => covers(rule, hostname))) return undefined;
    return http.get<string>('proxy') || undefined;
  }

  /** Puts a connection into the person's own settings, in the place of what is known of it. */
  async putConnection(connection: Connection, known: Connection | undefined): Promise<void> {
    const { connections } = this.current;
    await this.writeConnections(
      known ? connections.map((one) => (one === known ? connection : one)) : [...connections, connection],
    );
  }

  async removeConnections(urls: ReadonlySet<string>): Promise<void> {
    await this.writeConnections(this.current.connections.filter(({ url }) => !urls.has(url)));
  }

  dispose(): void {
    this.subscription.dispose();
    this.changed.dispose();
  }

  private async writeConnections(connections: readonly Connection[]): Promise<void> {
    await workspace
      .getConfiguration('lockStatus')
      .update('connections', connections, ConfigurationTarget.Global);
  }

  private read(): Settings {
    const configuration = workspace.getConfiguration('lockStatus');
    const { settings, bad } = readSettings((name) => configuration.get(name));
    if (bad.length > 0) this.onBad(bad);
    return settings;
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\./.test(host);
}

/** `example.org` and `.example.org` cover the domain and all below it. */
function covers(rule: string, host: string): boolean {
  const domain = rule
    .trim()
    .replace(/^\*?\./, '')
    .toLowerCase();
  return domain === '*' || (domain !== '' && (host === domain || host.endsWith(`.${domain}`)));
}
