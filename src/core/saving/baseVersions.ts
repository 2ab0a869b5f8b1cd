import { Owner } from '../../base/disposable';
import { Emitter } from '../../base/emitter';
import type { Lease } from '../model/lease';
import type { LockId } from '../model/lock';
import type { RemoteContent } from '../model/ports';
import { isWithin, type ResourceId } from '../model/resource';
import type { Version } from '../model/version';

/** A file content that the user has seen: a save may replace it. */
export interface BaseVersion {
  readonly version: Version;
  /** Absent if the bytes did not outlive a window restart. */
  readonly bytes?: Uint8Array;
  /** Recognizes the content without its bytes, by a digest that did. */
  readonly isContent?: (bytes: Uint8Array) => boolean;
  /** False if the version was requested after our write: another write may have come between. */
  readonly certain: boolean;
  /** Our locks on the file when it was read or written: while one of them is held, nobody else can have written. */
  readonly heldLocks?: readonly LockId[];
  /**
   * The version that the text was made from, where the person has agreed that the text overwrites this one instead.
   * That ends as soon as another version turns up.
   */
  readonly madeFrom?: BaseVersion;
}

/** Matches no server version, so that a save under it is always a conflict. */
export const noBase: BaseVersion = { version: {}, certain: false };

/** The base version from a read; `leases` covered the file before the request. */
export function readBase(content: RemoteContent, leases: readonly Lease[]): BaseVersion {
  return { ...content, certain: true, heldLocks: leases.map(({ id }) => id) };
}

/** Files whose reads no document has shown yet; above this number the oldest are dropped. */
const readsKept = 100;
/** Other readers may overtake the one that opens a file, but hardly more than one. */
const readsPerFile = 2;

/**
 * The base version of each file, used by every conflict check. A read becomes the base of an open document only
 * when the document shows its text: another extension may have read while the user sees an older text.
 */
export class BaseVersions extends Owner {
  private readonly reads = new Map<ResourceId, readonly BaseVersion[]>();
  private readonly shown = new Map<ResourceId, BaseVersion>();
  private readonly changed = this.owned.add(new Emitter<ResourceId>());

  /** The version that the user sees there, or of files below, is another. */
  readonly onDidChangeShown = this.changed.event;

  read(resource: ResourceId, base: BaseVersion): void {
    const before = this.readsOf(resource);
    this.reads.delete(resource);
    this.reads.set(resource, [base, ...before].slice(0, readsPerFile));
    for (const oldest of this.reads.keys()) {
      if (this.reads.size <= readsKept) break;
      this.reads.delete(oldest);
    }
  }

  /** The last reads of a resource, shown or not; newest first. */
  readsOf(resource: ResourceId): readonly BaseVersion[] {
    return this.reads.get(resource) ?? [];
  }

  /** The user sees this content, or has just written it. */
  setShown(resource: ResourceId, base: BaseVersion): void {
    this.shown.set(resource, base);
    this.reads.delete(resource);
    this.changed.fire(resource);
  }

  /** The person agrees that the text overwrites exactly this version, which it was not made from. */
  allowOverwrite(resource: ResourceId, { version, bytes }: RemoteContent): void {
    const madeFrom = madeFromOf(this.of(resource)) ?? noBase;
    this.setShown(resource, { version, bytes, certain: true, madeFrom });
  }

  /**
   * Nothing is unsaved any more, or another version has turned up: what the person agreed to does not hold for that.
   *
   * @param found what the server has now; nothing ends if that is the version to be overwritten.
   */
  endOverwrite(resource: ResourceId, found?: Uint8Array): void {
    const base = this.shown.get(resource);
    if (base?.madeFrom && !(found && isContentOf(base, found))) this.setShown(resource, base.madeFrom);
  }

  /** No document shows the file any more; the next one starts with its own read. */
  closed(resource: ResourceId): void {
    if (this.shown.delete(resource)) this.changed.fire(resource);
  }

  /** These bytes are the content of that version, which did not outlive a restart. False if another one is shown now. */
  recall(resource: ResourceId, base: BaseVersion, bytes: Uint8Array): boolean {
    if (this.shown.get(resource) !== base) return false;
    this.shown.set(resource, { ...base, bytes });
    return true;
  }

  /** The version that the user sees, if known. */
  shownOf(resource: ResourceId): BaseVersion | undefined {
    return this.shown.get(resource);
  }

  of(resource: ResourceId): BaseVersion | undefined {
    return this.shown.get(resource) ?? this.readsOf(resource)[0];
  }

  /** The base versions of open documents, for storage over a restart. */
  all(): IterableIterator<[ResourceId, BaseVersion]> {
    return this.shown.entries();
  }

  /** Moves base versions from below `from` to below `to`; there only equal content proves them. */
  moved(from: ResourceId, to: ResourceId): void {
    const shown = [...this.shown].filter(([id]) => isWithin(id, from));
    this.forget(from);
    for (const [id, base] of shown) {
      const { version, bytes, isContent } = madeFromOf(base);
      const content = { ...(bytes && { bytes }), ...(isContent && { isContent }) };
      this.shown.set((to + id.slice(from.length)) as ResourceId, { version, ...content, certain: false });
    }
    if (shown.length > 0) this.changed.fire(to);
  }

  forget(root: ResourceId): void {
    const before = this.shown.size;
    for (const map of [this.reads, this.shown]) {
      for (const id of [...map.keys()]) if (isWithin(id, root)) map.delete(id);
    }
    if (this.shown.size < before) this.changed.fire(root);
  }
}

/** What the text was made from, also where it is to overwrite another version. */
export function madeFromOf<Base extends BaseVersion | undefined>(base: Base): BaseVersion | Base {
  return base?.madeFrom ?? base;
}

/** Whether these bytes are certainly the content of that version. */
export function isContentOf(base: BaseVersion, bytes: Uint8Array): boolean {
  return base.bytes ? sameBytes(base.bytes, bytes) : (base.isContent?.(bytes) ?? false);
}

/** Whether `bytes` begins with `start` and is longer. */
export function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return start.length < bytes.length && start.every((byte, index) => byte === bytes[index]);
}

const blanks = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** Whether `kept` is `bytes` without some of its trailing white space. */
export function isTrimmed(bytes: Uint8Array, kept: Uint8Array): boolean {
  return startsWith(bytes, kept) && bytes.subarray(kept.length).every((byte) => blanks.has(byte));
}

/** Whether the two differ only in white space, such as line ends. */
export function isSameText(a: Uint8Array, b: Uint8Array): boolean {
  const inA = a.filter((byte) => !blanks.has(byte));
  return sameBytes(
    inA,
    b.filter((byte) => !blanks.has(byte)),
  );
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
