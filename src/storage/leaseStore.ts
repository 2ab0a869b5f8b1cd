import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Serial } from '../base/singleFlight';
import type { KeptLease, LeaseStorage } from '../core/leases/leaseStorage';
import type { Lease } from '../core/model/lease';
import type { LockId } from '../core/model/lock';
import type { Clock } from '../core/model/ports';
import { readLeases, writeLeases } from './leaseText';
import { isRunning, type ProcessMark } from './processMark';

/** The editor's secret store, as far as it is needed. */
export interface SecretStorage {
  get(key: string): PromiseLike<string | undefined>;
  store(key: string, value: string): PromiseLike<void>;
  delete(key: string): PromiseLike<void>;
}

export interface LeaseStoreDeps {
  readonly secrets: SecretStorage;
  /** Of all windows of this installation. */
  readonly folder: string;
  /** This window, and the workspace that it shows. */
  readonly window: string;
  readonly workspaceKey: string;
  readonly self: ProcessMark;
  readonly clock: Clock;
}

/** What anybody may know of a window that holds locks: how to tell whether it lives, and the locks' fingerprints. */
interface Notice extends ProcessMark {
  readonly place: string;
  readonly ids: readonly LockId[];
  /** Written at the end of a window that leaves its locks to the next. */
  readonly left: boolean;
}

/** A notice of another window. */
interface Other {
  /** Of its file. */
  readonly name: string;
  readonly window: string;
  readonly notice: Notice;
  readonly writtenAt: number;
  /** Who won it has died over it. */
  readonly isAbandoned: boolean;
}

/** A window that holds locks writes its notice anew every few minutes. */
const silentMs = 30 * 60_000;
const winningMs = 10 * 60_000;
/** A window that is loaded again is back within this, and takes up what is its own. */
const reloadMs = 15_000;
/** What a workspace left in order is its own to find again, but nobody's for ever. */
const unclaimedMs = 24 * 3_600_000;
/** No lock stands for so long without being refreshed, but for those without an end. */
const forgottenMs = 30 * 24 * 3_600_000;

/**
 * The leases of every window of this installation. The tokens are in the editor's secret store and nowhere else; beside
 * it lies a small file for each window, because secrets cannot be listed and windows cannot ask each other.
 */
export class LeaseStore implements LeaseStorage {
  private readonly queue = new Serial<'write'>();
  private known = new Map<LockId, string>();
  /** When a window of another workspace was first found to be gone, on the clock that only runs forward. */
  private readonly goneSince = new Map<string, number>();
  private last: readonly KeptLease[] = [];
  /** Inherited, and not yet among what we are told to keep: only here are their tokens. */
  private won: readonly KeptLease[] = [];
  private waiting: Promise<void> | undefined;

  constructor(private readonly deps: LeaseStoreDeps) {}

  keep(leases: readonly KeptLease[]): Promise<void> {
    this.last = leases;
    const resources = new Set(leases.map(({ lease }) => lease.resource));
    this.won = this.won.filter(({ lease }) => !resources.has(lease.resource));
    return this.writeSoon();
  }

  private writeSoon(): Promise<void> {
    // One write for all that changes before it begins.
    this.waiting ??= this.queue.run('write', () => {
      this.waiting = undefined;
      return this.write(false);
    });
    return this.waiting;
  }

  /** The window ends and leaves to the next what it still holds. */
  leave(): Promise<void> {
    return this.queue.run('write', () => this.write(true));
  }

  async inherit(whose: 'here' | 'all'): Promise<readonly KeptLease[]> {
    const found: KeptLease[] = [];
    for (const other of await this.others()) {
      if (this.isAlive(other)) continue;
      // Asked also where only ours are wanted: a later look has to know how long the window has been gone.
      const isOurs = other.notice.place === this.deps.workspaceKey;
      if (!isOurs && (!this.isNobodys(other) || whose === 'here')) continue;
      try {
        found.push(...(await this.inheritFrom(other)));
      } catch (error) {
        // What is not found now is there the next time; what was found must not be lost by it.
        if (found.length === 0) throw error;
        break;
      }
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

  private async write(left: boolean): Promise<void> {
    const leases = [...this.last, ...this.won];
    const { secrets, folder, window, workspaceKey, self } = this.deps;
    const path = this.path(`${window}.json`);
    if (leases.length === 0) {
      await rm(path, { force: true });
      return void (await secrets.delete(keyOf(window)));
    }
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await secrets.store(keyOf(window), writeLeases(leases));
    const ids = leases.map(({ lease }) => lease.id);
    const notice: Notice = { ...self, place: workspaceKey, ids, left };
    await writeFile(`${path}.half`, JSON.stringify(notice), { mode: 0o600 });
    await rename(`${path}.half`, path);
  }

  private async inheritFrom(other: Other): Promise<KeptLease[]> {
    const { secrets, window, clock } = this.deps;
    const key = keyOf(other.window);
    const text = await secrets.get(key);
    if (text === undefined) {
      // The secrets are another computer's, whose person shares this one's disk and finds their locks there.
      if (clock.now().wall - other.writtenAt > forgottenMs) await rm(this.path(other.name), { force: true });
      return [];
    }
    const won = `${other.window}.won-${window}`;
    if (!(await this.win(other.name, won))) return [];
    const found = readLeases(text, clock.now());
    try {
      // First ours, then no longer theirs: a crash in between leaves it twice, and never not at all.
      const all = [...this.won, ...found].map((kept) => [kept.lease.id, kept] as const);
      this.won = [...new Map(all).values()];
      await this.writeSoon();
    } catch (error) {
      this.won = this.won.filter((kept) => !found.includes(kept));
      await rename(this.path(won), this.path(`${other.window}.json`));
      throw error;
    }
    await secrets.delete(key);
    await rm(this.path(won), { force: true });
    return found;
  }

  /** Of several windows that want what another left, one gets it: renaming works once. */
  private async win(name: string, won: string): Promise<boolean> {
    try {
      await rename(this.path(name), this.path(won));
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  private async others(): Promise<Other[]> {
    const found: Other[] = [];
    for (const name of await this.names()) {
      const [, window, heir] = /^([0-9a-f]+)\.(?:json|won-([0-9a-f]+))$/.exec(name) ?? [];
      if (window === undefined || window === this.deps.window) continue;
      try {
        const path = this.path(name);
        const notice = readNotice(await readFile(path, 'utf8'));
        const { mtimeMs, ctimeMs } = await stat(path);
        // Who wins a notice is done with it at once, or has died over it.
        const isAbandoned = heir !== undefined && Date.now() - ctimeMs > winningMs;
        if (notice && (heir === undefined || isAbandoned))
          found.push({ name, window, notice, writtenAt: mtimeMs, isAbandoned });
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
    }
    return found;
  }

  /** Whether the workspace of a window that is gone will not come for its locks, as far as anybody can tell. */
  private isNobodys({ window, notice, writtenAt }: Other): boolean {
    const { mono, wall } = this.deps.clock.now();
    if (notice.left) return wall - writtenAt > unclaimedMs;
    const since = this.goneSince.get(window) ?? mono;
    this.goneSince.set(window, since);
    return mono - since >= reloadMs;
  }

  private isAlive({ notice, writtenAt, isAbandoned }: Other): boolean {
    if (notice.left || isAbandoned) return false;
    // Elsewhere, as on a shared disk, only its silence tells; here its process does.
    return notice.host === this.deps.self.host
      ? isRunning(notice, writtenAt)
      : this.deps.clock.now().wall - writtenAt < silentMs;
  }

  private async names(): Promise<string[]> {
    try {
      return await readdir(this.deps.folder);
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  private path(name: string): string {
    return join(this.deps.folder, name);
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
