import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { asObject, parsedJson } from '../base/untrusted';
import { Serial } from '../base/singleFlight';
import type { KeptLease, LeaseStorage } from '../core/leases/leaseStorage';
import type { Lease } from '../core/model/lease';
import type { LockId } from '../core/model/lock';
import type { Clock } from '../core/model/ports';
import type { ResourceId } from '../core/model/resource';
import { isMissing, namesIn, removeAbandoned, writeAtomically } from './atomicWrite';
import { readLeases, writeLeases } from './leaseText';
import type { SecretStorage } from './limitedSecrets';
import type { ProcessMark } from './processMark';
import type { WindowPresence } from './windowPresence';

export interface LeaseStoreDeps {
  readonly secrets: SecretStorage;
  /** Shared by all windows of this installation. */
  readonly folder: string;
  /** This window and its sisters. */
  readonly presence: Pick<WindowPresence, 'window' | 'self' | 'isClosed'>;
  readonly workspaceKey: string;
  readonly clock: Clock;
  /** The notices of other windows could not be read while a listing was. */
  readonly onProblem: (error: unknown) => void;
}

/** Non-secret record of a window that holds locks: its process, to check that it runs, and token fingerprints. */
interface Notice extends ProcessMark {
  readonly place: string;
  readonly ids: readonly LockId[];
  /** Fingerprints of the marks of these locks, for servers that list locks without tokens. */
  readonly marks?: readonly (readonly [string, LockId])[];
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

const claimMs = 10 * 60_000;
/** A lock that no known window holds makes the notices be read again, but not for each of many. */
const rereadMs = 1_000;
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
  /** The locks that other windows of ours hold or left, as read last, and their marks. */
  private readonly elsewhere = new Set<LockId>();
  private readonly marks = new Map<string, LockId>();
  /** On the monotonic clock. */
  private readAt = -Infinity;
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
    await removeAbandoned(this.deps.folder, this.deps.clock.now().wall);
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
    const holder = (await this.others()).find(
      (other) => other.notice.ids.includes(id) && this.isAlive(other),
    );
    if (!holder) return undefined;
    const text = await this.deps.secrets.get(keyOf(holder.window));
    return readLeases(text, this.deps.clock.now()).find(({ lease }) => lease.id === id)?.lease;
  }

  /** Whether a window of ours holds the lock or has left it. */
  isOurs(id: LockId): boolean {
    if (this.ownLeases().some(({ lease }) => lease.id === id)) return true;
    if (!this.elsewhere.has(id)) this.readElsewhere();
    return this.elsewhere.has(id);
  }

  /** The lock of ours on the resource whose owner text has this mark. */
  lockByMark(mark: string, resource: ResourceId): LockId | undefined {
    const own = this.ownLeases().find(({ lease }) => lease.mark === mark && lease.resource === resource);
    if (own) return own.lease.id;
    const key = markKeyOf(mark, resource);
    if (!this.marks.has(key)) this.readElsewhere();
    return this.marks.get(key);
  }

  /** Synchronous, because a listing is read so; the files are few and small. */
  private readElsewhere(): void {
    const { folder, presence, clock, onProblem } = this.deps;
    const { mono } = clock.now();
    if (mono - this.readAt < rereadMs) return;
    this.readAt = mono;
    this.elsewhere.clear();
    this.marks.clear();
    try {
      for (const name of readdirSync(folder)) {
        const { window, claimant } = partsOf(name) ?? {};
        if (window === undefined || (claimant ?? window) === presence.window) continue;
        const { ids, marks = [] } = readNotice(readFileSync(this.path(name), 'utf8')) ?? { ids: [] };
        for (const id of ids) this.elsewhere.add(id);
        for (const [mark, id] of marks) this.marks.set(mark, id);
      }
    } catch (error) {
      if (!isMissing(error)) onProblem(error);
    }
  }

  private ownLeases(): readonly KeptLease[] {
    return [...this.kept, ...this.inherited];
  }

  private async write(left: boolean): Promise<void> {
    const leases = this.ownLeases();
    const { secrets, presence, workspaceKey } = this.deps;
    const { window, self } = presence;
    const path = this.path(`${window}.json`);
    if (leases.length === 0) {
      await rm(path, { force: true });
      return void (await secrets.delete(keyOf(window)));
    }
    await secrets.store(keyOf(window), writeLeases(leases));
    const ids = leases.map(({ lease }) => lease.id);
    const marks = leases.flatMap(({ lease: { mark, resource, id } }) =>
      mark === undefined ? [] : [[markKeyOf(mark, resource), id] as const],
    );
    const notice: Notice = { ...self, place: workspaceKey, ids, marks, left };
    await writeAtomically(path, JSON.stringify(notice));
  }

  private async inheritFrom(other: Other): Promise<KeptLease[]> {
    const { secrets, presence, clock } = this.deps;
    const { window } = presence;
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
    for (const name of await namesIn(this.deps.folder)) {
      const { window, claimant } = partsOf(name) ?? {};
      if (window === undefined || window === this.deps.presence.window) continue;
      try {
        const path = this.path(name);
        const notice = readNotice(await readFile(path, 'utf8'));
        const { mtimeMs, ctimeMs } = await stat(path);
        // A window is done with a claimed notice at once, or it has crashed.
        const isAbandoned = claimant !== undefined && this.deps.clock.now().wall - ctimeMs > claimMs;
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

  private isAlive({ window, notice, writtenAt, isAbandoned }: Other): boolean {
    if (notice.left || isAbandoned) return false;
    return !this.deps.presence.isClosed(window, { mark: notice, writtenAt });
  }

  private path(name: string): string {
    return join(this.deps.folder, name);
  }
}

function partsOf(name: string): { window: string; claimant?: string } | undefined {
  const [, window, claimant] = /^([0-9a-f]+)\.(?:json|won-([0-9a-f]+))$/.exec(name) ?? [];
  return window === undefined ? undefined : { window, ...(claimant !== undefined && { claimant }) };
}

function readNotice(text: string): Notice | undefined {
  const value = asObject(parsedJson(text)) as Partial<Notice> | undefined;
  const isOurs =
    typeof value?.place === 'string' && typeof value.pid === 'number' && Array.isArray(value.ids);
  return isOurs ? (value as Notice) : undefined;
}

/** A mark counts only on its own resource: the owner text is public, and anybody can copy it to another. */
function markKeyOf(mark: string, resource: ResourceId): string {
  return createHash('sha256').update(`${mark} ${resource}`).digest('hex').slice(0, 32);
}

function keyOf(window: string): string {
  return `leases ${window}`;
}
