import type { Lease } from '../model/lease';
import type { LockId } from '../model/lock';
import type { RemoteContent } from '../model/ports';
import { isWithin, type ResourceId } from '../model/resource';
import type { Version } from '../model/version';

/** A content of a file that the person has seen: what a save may replace. */
export interface BaseVersion {
  readonly version: Version;
  /** Absent where they did not outlive a restart of the window. */
  readonly bytes?: Uint8Array;
  /** Tells the content in their place, by a digest that did. */
  readonly isContent?: (bytes: Uint8Array) => boolean;
  /** False where the version was looked up after our write, so that another write may lie between. */
  readonly certain: boolean;
  /** Our locks on the file when it was read or written: as long as one of them stands, nobody else has written. */
  readonly under?: readonly LockId[];
}

/** What a read has brought, and the leases that covered the file before it was asked for. */
export function readBase(content: RemoteContent, leases: readonly Lease[]): BaseVersion {
  return { ...content, certain: true, under: leases.map(({ id }) => id) };
}

/** Files of which contents were read but perhaps shown to nobody; more than this are dropped, oldest first. */
const readsKept = 100;
/** Of one file: whoever opens it may be overtaken by other readers, but hardly by more than one. */
const readsOfOne = 2;

/**
 * What the person has seen of each file; the ground of every conflict check. A read alone proves nothing: another
 * extension may have made it while the person looks at an older text. So a read becomes the base of an open document
 * only when the document shows its text.
 */
export class BaseVersions {
  private readonly reads = new Map<ResourceId, readonly BaseVersion[]>();
  private readonly shown = new Map<ResourceId, BaseVersion>();

  read(resource: ResourceId, base: BaseVersion): void {
    const before = this.readsOf(resource);
    this.reads.delete(resource);
    this.reads.set(resource, [base, ...before].slice(0, readsOfOne));
    for (const oldest of this.reads.keys()) {
      if (this.reads.size <= readsKept) break;
      this.reads.delete(oldest);
    }
  }

  /** The last reads of a resource, whether somebody saw them or not; newest first. */
  readsOf(resource: ResourceId): readonly BaseVersion[] {
    return this.reads.get(resource) ?? [];
  }

  /** The person looks at this content, or has just written it. */
  saw(resource: ResourceId, base: BaseVersion): void {
    this.shown.set(resource, base);
    this.reads.delete(resource);
  }

  /** No document shows it any more; the next one begins with its own read. */
  closed(resource: ResourceId): void {
    this.shown.delete(resource);
  }

  /** What the person looks at; undefined where nobody knows. */
  shownOf(resource: ResourceId): BaseVersion | undefined {
    return this.shown.get(resource);
  }

  of(resource: ResourceId): BaseVersion | undefined {
    return this.shown.get(resource) ?? this.readsOf(resource)[0];
  }

  /** What open documents rest on, for keeping it over a restart. */
  all(): IterableIterator<[ResourceId, BaseVersion]> {
    return this.shown.entries();
  }

  /** What was seen below `from` is seen below `to` from now on; only the content itself proves it there. */
  moved(from: ResourceId, to: ResourceId): void {
    const shown = [...this.shown].filter(([id]) => isWithin(id, from));
    this.forget(from);
    for (const [id, { version, bytes, isContent }] of shown) {
      const content = { ...(bytes && { bytes }), ...(isContent && { isContent }) };
      this.shown.set((to + id.slice(from.length)) as ResourceId, { version, ...content, certain: false });
    }
  }

  forget(root: ResourceId): void {
    for (const map of [this.reads, this.shown]) {
      for (const id of [...map.keys()]) if (isWithin(id, root)) map.delete(id);
    }
  }
}

/** Whether `bytes` begins with `start` and goes on. */
export function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return start.length < bytes.length && start.every((byte, index) => byte === bytes[index]);
}

const blanks = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** Whether `kept` is `bytes` without some of the white space at its end. */
export function isTrimmed(bytes: Uint8Array, kept: Uint8Array): boolean {
  return startsWith(bytes, kept) && bytes.subarray(kept.length).every((byte) => blanks.has(byte));
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
