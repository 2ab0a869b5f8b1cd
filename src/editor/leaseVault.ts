import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { Serial } from '../base/singleFlight';
import type { KeptLease, LeaseShelf } from '../core/keptLease';
import type { Lease } from '../core/lease';
import type { LockId } from '../core/lock';
import type { Clock } from '../core/ports';
import { readLeases, writeLeases } from './leaseText';

/** The editor's secret store, as far as it is needed. */
export interface SecretShelf {
  get(key: string): PromiseLike<string | undefined>;
  store(key: string, value: string): PromiseLike<void>;
  delete(key: string): PromiseLike<void>;
}

export interface VaultDeps {
  readonly secrets: SecretShelf;
  /** Of all windows of this installation. */
  readonly folder: string;
  /** This window, and the workspace that it shows. */
  readonly window: string;
  readonly place: string;
  readonly clock: Clock;
}

/** What anybody may know of a window that holds locks: how to tell whether it lives, and the locks' fingerprints. */
interface Notice {
  readonly place: string;
  readonly host: string;
  readonly pid: number;
  readonly ids: readonly LockId[];
  /** Written at the end of a window that leaves its locks to the next. */
  readonly left: boolean;
}

/** A window that holds a lock refreshes it, and its notice with it, at least so often. */
const silentMs = 30 * 60_000;
const foreignPidMs = 25 * 3_600_000;

/**
 * The leases of every window of this installation. The tokens are in the editor's secret store and nowhere else; beside
 * it lies a small file for each window, because secrets cannot be listed and windows cannot ask each other.
 */
export class LeaseVault implements LeaseShelf {
  private readonly queue = new Serial<'write'>();
  private known = new Map<LockId, string>();
  private last: readonly KeptLease[] = [];
  private waiting: Promise<void> | undefined;

  constructor(private readonly deps: VaultDeps) {}

  keep(leases: readonly KeptLease[]): Promise<void> {
    this.last = leases;
    // One write for all that changes before it begins.
    this.waiting ??= this.queue.run('write', () => {
      this.waiting = undefined;
      return this.write(this.last, false);
    });
    return this.waiting;
  }

  /** The window ends and leaves to the next what it still holds. */
  leave(): Promise<void> {
    return this.queue.run('write', () => this.write(this.last, true));
  }

  async inherit(whose: 'here' | 'all'): Promise<readonly KeptLease[]> {
    const found: KeptLease[] = [];
    const { secrets, window, place, clock } = this.deps;
    for (const other of await this.others()) {
      const { notice } = other;
      if ((whose === 'here' && notice.place !== place) || isAlive(other, clock.now().wall)) continue;
      if (!(await this.win(other.window))) continue;
      const key = keyOf(other.window);
      found.push(...readLeases(await secrets.get(key), clock.now()));
      // First ours, then no longer theirs: a crash in between leaves it twice, and never not at all.
      await this.keep([...this.last, ...found]);
      await secrets.delete(key);
      await rm(this.path(other.window, `won-${window}`), { force: true });
    }
    return found;
  }

  async find(id: LockId): Promise<Lease | undefined> {
    await this.look();
    const window = this.known.get(id);
    if (window === undefined) return undefined;
    const text = await this.deps.secrets.get(keyOf(window));
    return readLeases(text, this.deps.clock.now()).find(({ lease }) => lease.id === id)?.lease;
  }

  /** Whether another window of ours held the lock when last looked. */
  holdsElsewhere(id: LockId): boolean {
    return this.known.has(id);
  }

  /** Reads which locks the other windows hold. */
  async look(): Promise<void> {
    const known = new Map<LockId, string>();
    for (const { window, notice } of await this.others()) for (const id of notice.ids) known.set(id, window);
    this.known = known;
  }

  private async write(leases: readonly KeptLease[], left: boolean): Promise<void> {
    const { secrets, folder, window, place } = this.deps;
    const path = this.path(window);
    if (leases.length === 0) {
      await rm(path, { force: true });
      return void (await secrets.delete(keyOf(window)));
    }
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await secrets.store(keyOf(window), writeLeases(leases));
    const ids = leases.map(({ lease }) => lease.id);
    const notice: Notice = { place, host: hostname(), pid: process.pid, ids, left };
    await writeFile(`${path}.half`, JSON.stringify(notice), { mode: 0o600 });
    await rename(`${path}.half`, path);
  }

  /** Of several windows that want what another left, one gets it: renaming works once. */
  private async win(window: string): Promise<boolean> {
    try {
      await rename(this.path(window), this.path(window, `won-${this.deps.window}`));
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  private async others() {
    const found: { window: string; notice: Notice; writtenAt: number }[] = [];
    for (const name of await this.names()) {
      const window = /^([0-9a-f]+)\.json$/.exec(name)?.[1];
      if (window === undefined || window === this.deps.window) continue;
      try {
        const path = this.path(window);
        const notice = readNotice(await readFile(path, 'utf8'));
        if (notice) found.push({ window, notice, writtenAt: (await stat(path)).mtimeMs });
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
    }
    return found;
  }

  private async names(): Promise<string[]> {
    try {
      return await readdir(this.deps.folder);
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  private path(window: string, suffix = 'json'): string {
    return join(this.deps.folder, `${window}.${suffix}`);
  }
}

function isAlive({ notice, writtenAt }: { notice: Notice; writtenAt: number }, now: number): boolean {
  if (notice.left) return false;
  const age = now - writtenAt;
  // Elsewhere, as on a shared disk, only its silence tells; here its process does, unless its number was given anew.
  return notice.host === hostname() ? age < foreignPidMs && isRunning(notice.pid) : age < silentMs;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process is a process too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function readNotice(text: string): Notice | undefined {
  try {
    const value = JSON.parse(text) as Partial<Notice> | null;
    const isOurs =
      typeof value?.place === 'string' && typeof value.pid === 'number' && Array.isArray(value.ids);
    return isOurs ? (value as Notice) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function keyOf(window: string): string {
  return `leases ${window}`;
}
