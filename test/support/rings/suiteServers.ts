// The servers as the suite in the extension host knows them: they run beside it, in the process that started it.
import {
  accounts,
  type Account,
  type AccountName,
  type LockServer,
  type ServerKind,
} from '../servers/server';

/** The environment variable that carries the servers to the suite. */
export const serversVariable = 'LOCK_STATUS_TEST_SERVERS';

export interface ServerAbout {
  readonly kind: LockServer['kind'];
  readonly name: string;
  readonly version: string;
  readonly url: string;
  readonly dataDir: string;
}

export interface ServersAbout {
  readonly control: string;
  readonly servers: readonly ServerAbout[];
  readonly skipped: readonly { readonly kind: LockServer['kind']; readonly why: string }[];
}

export interface Order {
  readonly kind: LockServer['kind'];
  readonly action: 'restart' | 'kill';
  readonly forgetLocks?: boolean;
}

/** A server of the editor ring. Files are put into its folder directly. */
export class SuiteServer {
  constructor(
    readonly about: ServerAbout,
    private readonly control: string,
  ) {}

  get url(): string {
    return this.about.url;
  }

  get dataDir(): string {
    return this.about.dataDir;
  }

  user(name: AccountName): Account {
    return accounts[name];
  }

  /** Same address, same files; also after `kill`. */
  restart(options: { readonly forgetLocks?: boolean } = {}): Promise<void> {
    return this.order({ kind: this.about.kind, action: 'restart', ...options });
  }

  kill(): Promise<void> {
    return this.order({ kind: this.about.kind, action: 'kill' });
  }

  private async order(order: Order): Promise<void> {
    const response = await fetch(this.control, { method: 'POST', body: JSON.stringify(order) });
    if (!response.ok) throw new Error(await response.text());
  }
}

/** The server of that kind, or why it could not be had. */
export function suiteServer(kind: ServerKind): SuiteServer | { readonly why: string } {
  const { control, servers, skipped } = JSON.parse(process.env[serversVariable] ?? '') as ServersAbout;
  const about = servers.find((one) => one.kind === kind);
  if (about) return new SuiteServer(about, control);
  return { why: skipped.find((one) => one.kind === kind)?.why ?? `${kind} was not started` };
}
