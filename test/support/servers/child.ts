// A server as a child process: started on a free port, asked until it answers, ended with everything it left.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { once } from 'node:events';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Colleague } from '../colleague';
import { listenOnFreePort } from './plain';
import { discard, openFolder, recordGroup, scratchFolder, signalGroup } from './scratch';
import {
  type Account,
  type AccountName,
  type LockServer,
  type RepositoryKind,
  type RestartOptions,
  type ServerKind,
  accounts,
} from './server';
import { startedServers } from './started';

/** Where a server lives: its own folder, the folder it serves and its port on 127.0.0.1. */
export interface Place {
  readonly folder: string;
  readonly dataDir: string;
  readonly port: number;
}

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
}

export interface Recipe {
  readonly kind: ServerKind | RepositoryKind;
  readonly name: string;
  readonly version: string;
  /** PEM of the server's certificate: the server speaks TLS. */
  readonly certificate?: string;
  /** What the server wants of its clients, in PEM. */
  readonly clientCertificate?: { readonly cert: string; readonly key: string };
  /** What a PROPFIND of an existing file is answered with once the server is up; 207 unless told. */
  readonly readyStatus?: number;
  /** The folder to serve, where several servers share one. */
  readonly dataDir?: string;
  /** Writes the configuration and tells the command that runs the server in the foreground. */
  prepare(place: Place): Command;
  forgetLocks(place: Place): void;
  /** How files come into what the server serves, where it is no folder; undefined as content takes one away. */
  readonly commit?: (
    dataDir: string,
    files: Readonly<Record<string, string | Uint8Array | undefined>>,
  ) => void;
}

const READY_WITHIN = 20_000;
const STOP_WITHIN = 5_000;
const TRIES = 8;

export async function launch(recipe: Recipe): Promise<LockServer> {
  const server = new ChildServer(recipe);
  try {
    await server.start();
    startedServers.add(server.name);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

class ChildServer implements LockServer {
  readonly kind: LockServer['kind'];
  readonly name: string;
  readonly version: string;
  readonly certificate?: string;
  readonly dataDir: string;
  private readonly folder: string;
  private child: ChildProcess | undefined;
  private ownPort = 0;

  constructor(private readonly recipe: Recipe) {
    this.kind = recipe.kind;
    this.version = recipe.version;
    this.name = `${recipe.name} ${recipe.version}`;
    if (recipe.certificate !== undefined) this.certificate = recipe.certificate;
    this.folder = scratchFolder(recipe.kind);
    this.dataDir = openFolder(recipe.dataDir ?? path.join(this.folder, 'data'));
  }

  get port(): number {
    return this.ownPort;
  }

  get url(): string {
    return `${this.certificate === undefined ? 'http' : 'https'}://127.0.0.1:${this.ownPort}/`;
  }

  user(name: AccountName): Account {
    return accounts[name];
  }

  seed(files: Readonly<Record<string, string | Uint8Array>>): void {
    if (this.recipe.commit) return this.recipe.commit(this.dataDir, files);
    for (const [name, content] of Object.entries(files)) {
      const file = path.join(this.dataDir, name);
      const folders = path.relative(this.dataDir, path.dirname(file)).split(path.sep).filter(Boolean);
      folders.reduce((above, one) => openFolder(path.join(above, one)), this.dataDir);
      writeFileSync(file, content);
      chmodSync(file, 0o666);
    }
  }

  log(): string {
    return ['output.log', 'error.log']
      .map((name) => path.join(this.folder, name))
      .filter((file) => existsSync(file))
      .map((file) => readFileSync(file, 'utf8'))
      .join('');
  }

  async start(): Promise<void> {
    for (let left = TRIES; left > 0; left--) {
      // A port is free only until somebody takes it: a lost race is met by another try.
      const port = this.ownPort || (await freePort());
      if (await this.startOn(port)) return;
      await pause(50);
    }
    throw new Error(`${this.name} found no port to listen on: ${this.log()}`);
  }

  async stop(): Promise<void> {
    await this.end('SIGTERM');
    discard(this.folder);
  }

  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  async restart(options: RestartOptions = {}): Promise<void> {
    await this.end('SIGTERM');
    if (options.forgetLocks === true) this.recipe.forgetLocks(this.place(this.ownPort));
    await this.start();
  }

  private place(port: number): Place {
    return { folder: this.folder, dataDir: this.dataDir, port };
  }

  private async startOn(port: number): Promise<boolean> {
    for (const name of ['output.log', 'error.log']) rmSync(path.join(this.folder, name), { force: true });
    const { file, args } = this.recipe.prepare(this.place(port));
    const output = openSync(path.join(this.folder, 'output.log'), 'a');
    const child = spawn(file, args, { detached: true, stdio: ['ignore', output, output], cwd: this.folder });
    closeSync(output);
    child.on('error', (error) => writeFileSync(path.join(this.folder, 'output.log'), String(error)));
    this.child = child;
    recordGroup(this.folder, child.pid);
    if (await this.answers(child, port)) {
      this.ownPort = port;
      return true;
    }
    await this.end('SIGKILL');
    if (/address already in use|EADDRINUSE/i.test(this.log())) return false;
    throw new Error(`${this.name} did not start: ${this.log()}`);
  }

  /** Asks for a file that only this server can have, so that no stranger on the port is taken for it. */
  private async answers(child: ChildProcess, port: number): Promise<boolean> {
    const mark = `ready-${randomUUID()}`;
    this.seed({ [mark]: '' });
    const scheme = this.certificate === undefined ? 'http' : 'https';
    const poller = new Colleague(
      `${scheme}://127.0.0.1:${port}/`,
      accounts.alice,
      this.recipe.clientCertificate,
    );
    const deadline = performance.now() + READY_WITHIN;
    try {
      while (performance.now() < deadline && child.pid !== undefined && !hasEnded(child)) {
        const status = await poller.send('PROPFIND', mark, { headers: { Depth: '0' } }).then(
          (answer) => answer.status,
          () => 0,
        );
        if (status === (this.recipe.readyStatus ?? 207)) return !hasEnded(child);
        await pause(15);
      }
      return false;
    } finally {
      if (this.recipe.commit) this.recipe.commit(this.dataDir, { [mark]: undefined });
      else rmSync(path.join(this.dataDir, mark), { force: true });
    }
  }

  private async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (child?.pid === undefined) return;
    if (!hasEnded(child)) {
      const ended = once(child, 'exit');
      signalGroup(child.pid, signal);
      const waiting = new AbortController();
      const late = pause(STOP_WITHIN, 'late' as const, { signal: waiting.signal }).catch(
        () => 'ended' as const,
      );
      if ((await Promise.race([ended, late])) === 'late') signalGroup(child.pid, 'SIGKILL');
      await ended;
      waiting.abort();
    }
    // Workers may outlive the process that started them.
    signalGroup(child.pid, 'SIGKILL');
    recordGroup(this.folder, undefined);
    if (this.ownPort !== 0) await untilRefused(this.ownPort);
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** A killed worker holds the port for a moment longer, and would take a connection to its grave. */
async function untilRefused(port: number): Promise<void> {
  const deadline = performance.now() + STOP_WITHIN;
  while ((await accepts(port)) && performance.now() < deadline) await pause(5);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', (error) => resolve(!('code' in error) || error.code !== 'ECONNREFUSED'));
  });
}

async function freePort(): Promise<number> {
  const probe = net.createServer();
  const port = await listenOnFreePort(probe);
  probe.close();
  await once(probe, 'close');
  return port;
}

/** Makes a folder below the server's own that the server's account may write. */
export function ownFolder(place: Place, name: string): string {
  return openFolder(path.join(place.folder, name));
}

export function writeConfiguration(place: Place, name: string, text: string): string {
  mkdirSync(place.folder, { recursive: true });
  const file = path.join(place.folder, name);
  writeFileSync(file, text);
  return file;
}
