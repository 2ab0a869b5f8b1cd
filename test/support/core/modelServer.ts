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
  /**
   * `second`: made of whole seconds and the size, so that a quick second write does not show. `stays`: the same for
   * every content. `flips`: another one for each look. `young`: weak for two seconds.
   */
  readonly tags: 'strong' | 'weak' | 'none' | 'second' | 'young' | 'stays' | 'flips';
  /** Stores other line ends than it was sent. */
  readonly changesLineEnds?: boolean;
  /** Whether a restart ends all locks; yes unless said otherwise. */
  readonly forgets?: boolean;
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
  /** The window that took it. */
  readonly window?: string;
  /** Monotonic milliseconds; undefined for never. */
  ends: number | undefined;
}

export interface WriteBy {
  readonly who: string;
  /** Whether the writer's lock covered it. */
  readonly locked: boolean;
  /** Whether a lock token was sent along, of whatever lock. */
  readonly attempted?: boolean;
  /** Whether the server checked that it replaces what the writer named. */
  readonly checked?: boolean;
  /** By a MOVE. */
  readonly moved?: boolean;
  /** By a LOCK of what did not exist. */
  readonly made?: boolean;
}

/** One content that took the place of another, in the order in which the server did it. Line ends do not count. */
export interface ModelWrite extends WriteBy {
  readonly resource: ResourceId;
  readonly text: string;
  readonly over: string | undefined;
}

export function withoutLineEnds(text: string): string {
  return text.replaceAll('\r', '');
}

export class ModelServer<H extends Habits = Habits> {
  readonly files = new Map<ResourceId, ModelFile>();
  readonly locks = new Map<ResourceId, ModelLock>();
  readonly folders = new Set<ResourceId>();
  readonly writes: ModelWrite[] = [];
  /** Locks that were given without anybody hearing of it. */
  readonly unheard = new Set<string>();
  private serial = 0;
  private looks = 0;
  /** Called with each write, when it is done. */
  onWrite: (write: ModelWrite) => void = () => undefined;

  constructor(
    readonly clock: Clock,
    readonly habits: H = goodHabits as H,
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

  /** Files stay; locks are gone where they are kept in memory alone. */
  restart(): void {
    if (this.habits.forgets !== false) this.locks.clear();
  }

  remove(resource: ResourceId): void {
    this.files.delete(resource);
  }

  /** When a lock that is asked for so long ends. */
  endOf(seconds: number): number | undefined {
    const granted = this.habits.grants(seconds);
    return granted === undefined ? undefined : this.clock.now().mono + granted * 1_000;
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

  store(resource: ResourceId, sent: Uint8Array, by: WriteBy): ModelFile {
    const text = withoutLineEnds(new TextDecoder().decode(sent));
    const before = this.text(resource);
    const over = before === undefined ? undefined : withoutLineEnds(before);
    const write = { ...by, resource, text, over };
    const bytes = this.habits.changesLineEnds
      ? new TextEncoder().encode(text.replaceAll('\n', '\r\n'))
      : sent.slice();
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
    const isYoung = this.clock.now().wall - file.modified < 2_000;
    const weak = tags === 'weak' || (tags === 'young' && isYoung);
    const etag = { opaque: this.opaqueTag(file), weak };
    return { modified: file.modified, size, ...(tags !== 'none' && { etag }) };
  }

  private opaqueTag({ serial, modified, bytes }: ModelFile): string {
    switch (this.habits.tags) {
      case 'second':
        return `${modified}-${bytes.length}`;
      case 'stays':
        return 'inode';
      case 'flips':
        return `${(this.looks += 1)}`;
      default:
        return `${serial}`;
    }
  }

  isFolder(resource: ResourceId): boolean {
    if (this.files.has(resource)) return false;
    return this.folders.has(resource) || [...this.files.keys()].some((id) => parentOf(id) === resource);
  }

  below(root: ResourceId): ResourceId[] {
    return [...this.files.keys(), ...this.folders].filter((id) => isWithin(id, root));
  }
}
