// A server in memory: the one truth about files and locks.
import type { LockId } from '../../../src/core/model/lock';
import type { Clock } from '../../../src/core/model/ports';
import { isWithin, parentOf, type ResourceId } from '../../../src/core/model/resource';
import type { Version } from '../../../src/core/model/version';

export interface Habits {
  /** Whether lockdiscovery is told. */
  readonly lists: boolean;
  /** Whether a lock keeps others out; yes unless said otherwise. */
  readonly enforces?: boolean;
  /** Whether the owner text is told as it was given. */
  readonly keepsOwner: boolean;
  /** Whether a wrong If-Match is refused, or overlooked. */
  readonly honorsIfMatch: boolean;
  /** `second`: made of whole seconds and the size, so that a quick second write does not show. */
  readonly tags: 'strong' | 'weak' | 'none' | 'second';
  /** Seconds granted for those asked: undefined for a lock without an end. */
  readonly grants: (seconds: number) => number | undefined;
  /** Whether locks end when their time is over. */
  readonly expires: boolean;
  /** Whether the answer to a PUT has the tag. */
  readonly tellsTag: boolean;
}

export const goodHabits: Habits = {
  lists: true,
  keepsOwner: true,
  honorsIfMatch: true,
  tags: 'strong',
  grants: (seconds) => seconds,
  expires: true,
  tellsTag: true,
};

export interface ModelFile {
  readonly bytes: Uint8Array;
  /** Counts the writes: no two contents share one. */
  readonly serial: number;
  /** Whole seconds, as Last-Modified has them. */
  readonly modified: number;
}

export interface ModelLock {
  readonly token: string;
  readonly who: string;
  readonly owner: string;
  /** Monotonic milliseconds; undefined for never. */
  ends: number | undefined;
}

/** One content that took the place of another, in the order in which the server did it. */
export interface ModelWrite {
  readonly who: string;
  readonly resource: ResourceId;
  readonly text: string;
  readonly over: string | undefined;
  /** Whether the writer's lock covered it. */
  readonly locked: boolean;
}

export class ModelServer {
  readonly files = new Map<ResourceId, ModelFile>();
  readonly locks = new Map<ResourceId, ModelLock>();
  readonly folders = new Set<ResourceId>();
  readonly writes: ModelWrite[] = [];
  /** Locks that were given without anybody hearing of it. */
  readonly unheard = new Set<string>();
  private serial = 0;
  /** Called with each write, when it is done. */
  onWrite: (write: ModelWrite) => void = () => undefined;

  constructor(
    readonly clock: Clock,
    readonly habits: Habits = goodHabits,
  ) {}

  /** Puts a content there, as if by somebody who does not care for locks. */
  put(resource: ResourceId, text: string): void {
    this.store(resource, new TextEncoder().encode(text), { who: 'admin', locked: false });
  }

  text(resource: ResourceId): string | undefined {
    const file = this.files.get(resource);
    return file && new TextDecoder().decode(file.bytes);
  }

  /** Somebody's lock, taken without a client. */
  lockFor(who: string, resource: ResourceId, seconds?: number): ModelLock {
    const ends = seconds === undefined ? undefined : this.clock.now().mono + seconds * 1_000;
    const lock = { token: `urn:${(this.serial += 1)}`, who, owner: who, ends };
    this.locks.set(resource, lock);
    return lock;
  }

  break(resource: ResourceId): void {
    this.locks.delete(resource);
  }

  /** Memory is gone: locks with it, files not. */
  restart(): void {
    this.locks.clear();
  }

  lockOn(resource: ResourceId): ModelLock | undefined {
    const lock = this.locks.get(resource);
    if (!lock || !this.habits.expires || lock.ends === undefined || lock.ends > this.clock.now().mono)
      return lock;
    this.locks.delete(resource);
    return undefined;
  }

  nextToken(): string {
    return `urn:${(this.serial += 1)}`;
  }

  idOf(token: string): LockId {
    return `id-${token}` as LockId;
  }

  store(resource: ResourceId, bytes: Uint8Array, by: { who: string; locked: boolean }): ModelFile {
    const text = new TextDecoder().decode(bytes);
    const write = { ...by, resource, text, over: this.text(resource) };
    const file = {
      bytes,
      serial: (this.serial += 1),
      modified: Math.floor(this.clock.now().wall / 1_000) * 1_000,
    };
    this.files.set(resource, file);
    this.writes.push(write);
    this.onWrite(write);
    return file;
  }

  versionOf(file: ModelFile): Version {
    const { tags } = this.habits;
    const size = file.bytes.length;
    const opaque = tags === 'second' ? `${file.modified}-${size}` : `${file.serial}`;
    const etag = { opaque, weak: tags === 'weak' };
    return { modified: file.modified, size, ...(tags !== 'none' && { etag }) };
  }

  isFolder(resource: ResourceId): boolean {
    if (this.files.has(resource)) return false;
    return this.folders.has(resource) || [...this.files.keys()].some((id) => parentOf(id) === resource);
  }

  below(root: ResourceId): ResourceId[] {
    return [...this.files.keys(), ...this.folders].filter((id) => isWithin(id, root));
  }
}
