// What every server fixture offers, whatever server it is.

export type ServerKind = 'apache' | 'lighttpd' | 'nginx' | 'nephele';

/** Those that keep their files in a repository, of which a test sees nothing but what the server tells. */
export type RepositoryKind = 'subversion';

export const repositoryKinds: readonly RepositoryKind[] = ['subversion'];

/** Those that serve a folder. */
export const serverKinds: readonly ServerKind[] = ['apache', 'lighttpd', 'nginx', 'nephele'];

export type AccountName = 'alice' | 'bob';

export interface Account {
  readonly user: string;
  readonly password: string;
}

export const accounts: Readonly<Record<AccountName, Account>> = {
  alice: { user: 'alice', password: 'alice-pw' },
  bob: { user: 'bob', password: 'bob-pw' },
};

export interface RestartOptions {
  /** Empties the server's lock store while it is down. */
  readonly forgetLocks?: boolean;
}

export interface LockServer {
  readonly kind: ServerKind | RepositoryKind;
  /** Name and version as a person would write them: "Apache 2.4.71". */
  readonly name: string;
  readonly version: string;
  /** With a trailing slash: http://127.0.0.1:PORT/ */
  readonly url: string;
  readonly port: number;
  /** The folder that the server serves, or its repository; a test may change a folder behind the server's back. */
  readonly dataDir: string;
  /** The server's own certificate in PEM, where it speaks TLS. */
  readonly certificate?: string;
  user(name: AccountName): Account;
  /** Writes files by their path below the root. */
  seed(files: Readonly<Record<string, string | Uint8Array>>): void;
  /** The server's error log so far. */
  log(): string;
  /** Ends the server and removes its folder. */
  stop(): Promise<void>;
  /** Same address, same files; also after `kill`. */
  restart(options?: RestartOptions): Promise<void>;
  /** SIGKILL: connections break, nothing is saved; the folder stays for `restart`. */
  kill(): Promise<void>;
}
