import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Serial } from '../base/singleFlight';
import type { KeptLease, LeaseStorage } from '../core/leases/leaseStorage';
import type { Lease } from '../core/model/lease';
import type { LockId } from '../core/model/lock';
import type { Clock } from '../core/model/ports';
import { readLeases, writeLeases } from './leaseText';
import { isRunning, type ProcessMark } from './processMark';

/** The part of the editor's secret store that is used here. */
export interface SecretStorage {
  get(key: string): PromiseLike<string | undefined>;
  store(key: string, value: string): PromiseLike<void>;
  delete(key: string): PromiseLike<void>;
}

export interface LeaseStoreDeps {
  readonly secrets: SecretStorage;
  /** Shared by all windows of this installation. */
  readonly folder: string;
  /** This window, and the workspace it shows. */
  readonly window: string;
  readonly workspaceKey: string;
  readonly self: ProcessMark;
  readonly clock: Clock;
}

/** Non-secret record of a window that holds locks: its process, to check that it runs, and token fingerprints. */
interface Notice extends ProcessMark {
  readonly place: string;
  readonly ids: readonly LockId[];
  /** Set when a window closes and leaves its locks to the next one. */
  readonly left: boolean;
}

/** The notice of another window. */
interface Other {
  /** File name. */
  readonly name: string;
  readonly window: string;
  readonly notice: Notice;
  readonly writtenAt: number;
  /** The window that claimed it ended before it was done. */
  readonly isAbandoned: boolean;
}

/** A window that holds locks rewrites its notice every few minutes. */
const silentMs = 30 * 60_000;
const claimMs = 10 * 60_000;
/** A reloaded window is back within this time and inherits its own locks. */
const reloadMs = 15_000;
/** Locks left by a window that closed normally are reserved for its workspace this long. */
const unclaimedMs = 24 * 3_600_000;
/** Only a lock without an end is held this long without a refresh. */
const maxUnrefreshedMs = 30 * 24 * 3_600_000;

/**
 * The leases of all windows of this installation. Lock tokens are only in the editor's secret store; each window also
 * has a small file, because secrets cannot be listed and windows cannot ask each other.
 */
export class LeaseStore implements LeaseStorage {
  private readonly queue = new Serial<'write'>();
  private heldElsewhere = new Map<LockId, string>();
  /** When a window of another workspace was first found closed, on the monotonic clock. */
  private readonly closedSince = new Map<string, number>();
  private kept: readonly KeptLease[] = [];
  /** Inherited, but not passed to `keep` yet: their tokens are only here. */
  private inherited: readonly KeptLease[] = [];
  private pendingWrite: Promise<void> | undefined;

  constructor(private readonly deps: LeaseStoreDeps) {}

  keep(leases: readonly KeptLease[]): Promise<void> {
    this.kept = leases;
    const resources = new Set(leases.map(({ lease }) => lease.resource));
    this.inherited = this.inherited.filter(({ lease }) => !resources.has(lease.resource));
    return this.writeSoon();
  }

  private writeSoon(): Promise<void> {
    // One write covers all changes before it begins.
    this.pendingWrite ??= this.queue.run('write', () => {
      this.pendingWrite = undefined;
      return this.write(false);
    });
    return this.pendingWrite;
  }

  /** Called when the window closes and leaves the locks it holds to the next one. */
  leaveToNextWindow(): Promise<void> {
    return this.queue.run('write', () => this.write(true));
  }

  async inherit(whose: 'here' | 'all'): Promise<readonly KeptLease[]> {
    const found: KeptLease[] = [];
    for (const other of await this.others()) {
      if (this.isAlive(other)) continue;
      // Also evaluated for `here`: a later call must know how long the window has been closed.
      const isOurs = other.notice.place === this.deps.workspaceKey;
      if (!isOurs && (!this.isUnclaimed(other) || whose === 'here')) continue;
      try {
        found.push(...(await this.inheritFrom(other)));
      } catch (error) {
        // Leases inherited so far must not be lost; the others are still there next time.
        if (found.length === 0) throw error;
        break;
      }
    }
    return found;
  }

  async find(id: LockId): Promise<Lease | undefined> {
    await this.readHeldElsewhere();
    const window = this.heldElsewhere.get(id);
    if (window === undefined) return undefined;
    const text = await this.deps.secrets.get(keyOf(window));
    return readLeases(text, this.deps.clock.now()).find(({ lease }) => lease.id === id)?.lease;
  }

  /** Whether another window of ours held the lock at the last `look`. */
  holdsElsewhere(id: LockId): boolean {
    return this.heldElsewhere.has(id);
  }

  /** Reads which locks the other windows hold. */
  async readHeldElsewhere(): Promise<void> {
    const heldElsewhere = new Map<LockId, string>();
    for (const { window, notice } of await this.others())
      for (const id of notice.ids) heldElsewhere.set(id, window);
    this.heldElsewhere = heldElsewhere;
  }

  private async write(left: boolean): Promise<void> {
    const leases = [...this.kept, ...this.inherited];
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
      // The secrets are on another computer that shares this disk; its user finds the locks there.
      if (clock.now().wall - other.writtenAt > maxUnrefreshedMs)
        await rm(this.path(other.name), { force: true });
      return [];
    }
    const claimed = `${other.window}.won-${window}`;
    if (!(await this.claim(other.name, claimed))) return [];
    const found = readLeases(text, clock.now());
    try {
      // Stored as ours before theirs is deleted: a crash in between leaves a duplicate, not a loss.
      const all = [...this.inherited, ...found].map((kept) => [kept.lease.id, kept] as const);
      this.inherited = [...new Map(all).values()];
      await this.writeSoon();
    } catch (error) {
      this.inherited = this.inherited.filter((kept) => !found.includes(kept));
      await rename(this.path(claimed), this.path(`${other.window}.json`));
      throw error;
    }
    await secrets.delete(key);
    await rm(this.path(claimed), { force: true });
    return found;
  }

  /** Only one of several windows that claim a notice gets it: the rename succeeds once. */
  private async claim(name: string, claimed: string): Promise<boolean> {
    try {
      await rename(this.path(name), this.path(claimed));
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  private async others(): Promise<Other[]> {
    const found: Other[] = [];
    for (const name of await this.names()) {
      const [, window, claimant] = /^([0-9a-f]+)\.(?:json|won-([0-9a-f]+))$/.exec(name) ?? [];
      if (window === undefined || window === this.deps.window) continue;
      try {
        const path = this.path(name);
        const notice = readNotice(await readFile(path, 'utf8'));
        const { mtimeMs, ctimeMs } = await stat(path);
        // A window is done with a claimed notice at once, or it has crashed.
        const isAbandoned = claimant !== undefined && Date.now() - ctimeMs > claimMs;
        if (notice && (claimant === undefined || isAbandoned))
          found.push({ name, window, notice, writtenAt: mtimeMs, isAbandoned });
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
    }
    return found;
  }

  /** Whether the workspace of a closed window will not inherit its locks, as far as known. */
  private isUnclaimed({ window, notice, writtenAt }: Other): boolean {
    const { mono, wall } = this.deps.clock.now();
    if (notice.left) return wall - writtenAt > unclaimedMs;
    const since = this.closedSince.get(window) ?? mono;
    this.closedSince.set(window, since);
    return mono - since >= reloadMs;
  }

  private isAlive({ notice, writtenAt, isAbandoned }: Other): boolean {
    if (notice.left || isAbandoned) return false;
    // On another host (shared disk) only silence shows that a window ended; here its process does.
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
