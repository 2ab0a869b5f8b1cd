import type { Directory } from '../polling/directory';
import type { RemoteStat } from '../polling/remoteStat';
import { statIfExists } from '../polling/statIfExists';
import { isFailure, orElse, RemoteFailure } from '../model/failure';
import type { Leases } from '../leases/leases';
import type { Lease } from '../model/lease';
import type { LockStore } from '../locks/lockStore';
import type { FilesOf, RemoteContent, WriteGuard } from '../model/ports';
import type { LockProviders } from '../model/lockProviders';
import { serverOf as serverIdOf, type ResourceId } from '../model/resource';
import { EntityTags } from './entityTags';
import { isSameText, isTrimmed, sameBytes, startsWith, type BaseVersion } from './baseVersions';
import { compareVersions, ifMatch, listedSizeOf, type Version } from '../model/version';

/** What a write may do: replace this version, create the file, or nothing, as the text is there already. */
export type Precondition =
  | { readonly kind: 'replaces'; readonly version: Version }
  | { readonly kind: 'new' }
  | { readonly kind: 'alreadyThere'; readonly version: Version };

export interface WritePreconditionsDeps {
  readonly filesOf: FilesOf;
  readonly lockProviders: LockProviders;
  readonly directory: Directory;
  readonly leases: Leases;
  readonly store: LockStore;
}

/** A text to be written, and its base version. */
export interface PendingWrite {
  readonly resource: ResourceId;
  readonly bytes: Uint8Array;
  readonly base: BaseVersion | undefined;
}

/** A write with what it was checked against, and our locks at that time. */
interface WriteUnderWay extends PendingWrite {
  readonly precondition: Precondition;
  readonly heldWhenChecked: readonly Lease[] | undefined;
}

/**
 * The content after a write without a response. `beginning`: only a part of our text, left by the interrupted
 * write or by somebody who truncated the file.
 */
export type ContentAfterNoResponse =
  | {
      readonly kind: 'landed' | 'untouched' | 'beginning' | 'somethingElse';
      readonly content: RemoteContent;
    }
  | { readonly kind: 'gone' };

/** What the server has after a write. */
export interface Written {
  readonly version: Version;
  /** The text as the server has altered it. */
  readonly bytes?: Uint8Array;
  /** Whether the version certainly belongs to our text. */
  readonly isReported?: boolean;
}

interface LookAfterWrite {
  readonly now: Version | undefined;
  /** The server refused the first look. */
  readonly wasRefused: boolean;
  readonly hasFailed: boolean;
}

interface AfterWrite {
  readonly now: Version | undefined;
  readonly isReported: boolean;
  readonly isDoubtful: boolean;
}

/** How many texts sent without a response are remembered per file. */
const sentKept = 3;

/**
 * Checks that a write does not replace a version that the user has not seen: by the server's conditional request
 * if that is reliable, else by a stat just before, else by reading the content.
 */
export class WritePreconditions {
  /** Our texts that may have arrived without a response: found on the server, they are no change by others. */
  private readonly sent = new Map<ResourceId, readonly Uint8Array[]>();
  private readonly tags = new EntityTags();

  constructor(private readonly deps: WritePreconditionsDeps) {}

  /**
   * Before a write. Rejects with `contentChanged` if somebody wrote since.
   *
   * @param seen what a look has shown that was sent together with the LOCK and lists it. The server may have read the
   *   version just before it granted the lock, so it proves nothing: without a condition that the server checks, the
   *   content is read in any case, and only from the answer to the LOCK on.
   */
  async find(writing: PendingWrite, mayReplaceUnseen: boolean, seen?: RemoteStat): Promise<Precondition> {
    const { resource, base } = writing;
    if (base?.certain && (this.isChecked(resource, base.version) || this.isHeld(resource, base)))
      return { kind: 'replaces', version: base.version };
    const current = seen ?? (await statIfExists(this.deps.directory, resource));
    if (!current) return { kind: 'new' };
    const mayReplace = base ? this.isProved(resource, base, current.version) : mayReplaceUnseen;
    return mayReplace
      ? { kind: 'replaces', version: current.version }
      : this.byContent(writing, current.version);
  }

  /** Whether the server checks the conditions of a write at all, as far as its tags allow. */
  checksConditions(resource: ResourceId): boolean {
    const { honorsIfMatch } = this.deps.filesOf(resource).traits(resource);
    return honorsIfMatch && this.tags.areReliable(resource);
  }

  /** Rejects with `exists` if something has the name, or with the failure of the look. */
  async refuseTaken(resource: ResourceId): Promise<void> {
    if (await statIfExists(this.deps.directory, resource))
      throw new RemoteFailure('exists', { method: 'PUT', resource });
  }

  /**
   * For a name that was free before we locked it: an empty file is what locking it has made (RFC 4918 section
   * 7.3). Rejects if somebody made the file meanwhile.
   */
  async ofLockedName(resource: ResourceId, mustBeNew: boolean): Promise<Precondition> {
    const made = await statIfExists(this.deps.directory, resource);
    if (!made) return { kind: 'new' };
    if (made.kind === 'file' && made.version.size === 0) return { kind: 'replaces', version: made.version };
    throw new RemoteFailure(mustBeNew ? 'exists' : 'contentChanged', { method: 'PUT', resource });
  }

  /** Whether the server itself refuses a conditional write when the version has changed by then. */
  isChecked(resource: ResourceId, version: Version): boolean {
    return this.checksConditions(resource) && ifMatch(version) !== undefined;
  }

  /**
   * Whether one of these locks was held until now, as far as our clock can tell. A lock that the server grants but
   * never lists may not be kept, and proves nothing.
   */
  isStillHeld(resource: ResourceId, under: BaseVersion['heldLocks'] = []): boolean {
    const { leases, store } = this.deps;
    const state = store.stateOf(resource);
    if (state.kind !== 'locked' || store.listingSupportOf(serverIdOf(resource)) !== 'seen') return false;
    const listed = new Set(state.locks.map(({ id }) => id));
    return leases.unexpired(resource).some(({ id }) => under.includes(id) && listed.has(id));
  }

  /** Those of our locks that were held ever since the version to be replaced was seen. */
  heldSince(
    { resource, precondition, base, heldWhenChecked }: WriteUnderWay,
    sent: readonly Lease[],
  ): readonly Lease[] {
    if (precondition.kind !== 'replaces') return [];
    // If the server checks the version, no check preceded the write.
    const wasChecked = !this.isChecked(resource, precondition.version);
    const since = wasChecked ? heldWhenChecked?.map(({ id }) => id) : base?.heldLocks;
    return sent.filter(({ id }) => since?.includes(id));
  }

  /** Whether only a look shows the version after a write, and shows it by its tag. */
  needsLook(resource: ResourceId): boolean {
    return this.tags.areReliable(resource) && !this.tags.areConfirmed(resource);
  }

  /** What a write to this version may be bound to; nothing where the tag is another one each time. */
  boundTo(resource: ResourceId, version: Version): Pick<WriteGuard, 'replaces'> {
    return this.tags.canBeSent(resource) ? { replaces: version } : {};
  }

  /** Whether nobody else can have written since, and the server refuses the write if our lock was lost. */
  private isHeld(resource: ResourceId, { heldLocks }: BaseVersion): boolean {
    const { refusesLostLocks = false } = this.deps.lockProviders.of(resource).traits(resource);
    return refusesLostLocks && this.tags.areReliable(resource) && this.isStillHeld(resource, heldLocks);
  }

  /**
   * After a refusal: the precondition for the current content, `gone` if there is none. `matters` tells after the
   * look whether the content is needed. Rejects with a RemoteFailure.
   *
   * @param seen what a look has shown already.
   */
  async afterRefusal(
    { precondition: before, ...writing }: WriteUnderWay,
    matters: () => boolean,
    seen: RemoteStat | undefined,
  ): Promise<Precondition | 'gone' | 'unseen'> {
    const { resource, base } = writing;
    const current = seen ?? (await statIfExists(this.deps.directory, resource));
    if (!current) return 'gone';
    if (!matters()) return 'unseen';
    if (before.kind === 'new') return this.byContent(writing, current.version);
    if (!base) return 'unseen';
    if (!this.isProved(resource, base, current.version))
      return this.byContentIfRead(writing, current.version);
    return ifMatch(current.version) === undefined ? before : { kind: 'replaces', version: current.version };
  }

  /** After a write without a response only the content shows the outcome. Rejects if the read fails. */
  async afterNoResponse(
    { resource, bytes, base }: PendingWrite,
    before: Precondition,
  ): Promise<ContentAfterNoResponse> {
    let content: RemoteContent;
    try {
      content = await this.deps.filesOf(resource).read(resource);
    } catch (error) {
      if (isFailure(error, 'notFound')) return { kind: 'gone' };
      throw error;
    }
    if (sameBytes(content.bytes, bytes)) return { kind: 'landed', content };
    const isUntouched = isStill(before, content.version) && this.isChecked(resource, content.version);
    if (isUntouched || this.isOurs(resource, base, content)) return { kind: 'untouched', content };
    return { kind: startsWith(bytes, content.bytes) ? 'beginning' : 'somethingElse', content };
  }

  /**
   * What the server has after a write that it reports as done. The response's tag counts where this server's tags
   * have been seen to be true; else a look decides. Rejects if the text is certainly not there; a failed look proves
   * nothing.
   *
   * @param seen what a look has shown already.
   */
  async afterSuccess(
    { precondition: before, ...writing }: WriteUnderWay,
    reported: Version,
    seen: RemoteStat | undefined,
  ): Promise<Written> {
    const { resource, bytes, base } = writing;
    const isRepeated = reported.etag !== undefined && this.tags.isRepeated(resource, reported.etag.opaque);
    const isNew = reported.etag !== undefined && !isRepeated && !isSameTag(before, reported);
    if (isNew && this.tags.areConfirmed(resource)) return { version: reported, isReported: true };
    const { now, wasRefused, hasFailed } = seen
      ? { now: seen.version, wasRefused: false, hasFailed: false }
      : await this.lookAfterWrite(resource);
    const isDoubtful = isRepeated || wasRefused;
    // Then only the content shows it.
    if (hasFailed && (isDoubtful || this.answersTwice(resource))) throw notWritten(resource);
    if (hasFailed) return isNew ? { version: reported, isReported: true } : { version: {} };
    const isOther = !now || (now.size !== undefined && now.size !== bytes.length);
    const compared = now && before.kind === 'replaces' && this.tags.compare(resource, before.version, now);
    // An ETag, or time and size, that did not change after our PUT proves nothing.
    const isVersionUnchanged = compared === 'same';
    const isReported = isNew && now?.etag?.opaque === reported.etag?.opaque;
    // Without tags and times, a look tells nothing about a write over an existing file.
    const isUnproven = isVersionUnchanged || compared === 'unknown';
    if (isOther || isUnproven || this.answersTwice(resource)) {
      const altered = await this.refuseUnwritten(writing, before, { now, isReported, isDoubtful });
      if (altered) return altered;
    }
    if (isVersionUnchanged && base?.bytes && !sameBytes(base.bytes, bytes)) this.tags.seenUnchanged(resource);
    if (isOther || !now) return { version: {} };
    if (isReported) this.tags.confirm(resource);
    return { version: isReported ? reported : now, isReported };
  }

  private answersTwice(resource: ResourceId): boolean {
    return this.deps.filesOf(resource).traits(resource).answersTwice === true;
  }

  /** A look that the server refuses may have got the response to the write: then the write had another one's. */
  private async lookAfterWrite(resource: ResourceId): Promise<LookAfterWrite> {
    const look = async (): Promise<Version | RemoteFailure | undefined> => {
      try {
        return (await statIfExists(this.deps.directory, resource))?.version;
      } catch (error) {
        if (isFailure(error)) return error;
        throw error;
      }
    };
    const first = await look();
    const wasRefused = isFailure(first) && first.status !== undefined;
    const last = wasRefused ? await look() : first;
    return { now: isFailure(last) ? undefined : last, wasRefused, hasFailed: isFailure(last) };
  }

  /** A text was sent, and no response reported its outcome. */
  unanswered({ resource, bytes }: PendingWrite): void {
    const before = (this.sent.get(resource) ?? []).filter((known) => !sameBytes(known, bytes));
    this.sent.set(resource, [bytes, ...before].slice(0, sentKept));
    this.tags.doubt(resource);
  }

  landed(resource: ResourceId): void {
    this.sent.delete(resource);
  }

  /**
   * Either somebody wrote since, or the server alters what it stores, or it did not do what it reported. Returns the
   * altered text where nobody else can have written it. `isDoubtful`: the response may have been another request's.
   */
  private async refuseUnwritten(
    writing: PendingWrite,
    before: Precondition,
    { now, isReported, isDoubtful }: AfterWrite,
  ): Promise<Written | undefined> {
    const { resource, bytes, base } = writing;
    const held = this.deps.leases.covering(resource).map(({ id }) => id);
    const seen = await orElse(undefined, () => this.afterNoResponse(writing, before));
    if (!seen && (isDoubtful || this.answersTwice(resource))) throw notWritten(resource);
    if (!seen || seen.kind === 'landed') return undefined;
    if (seen.kind !== 'gone' && !isStill(before, seen.content.version)) {
      const { content } = seen;
      const isBase = base?.bytes !== undefined && sameBytes(base.bytes, content.bytes);
      // Somebody may have written between the look and the read.
      const since = now ? this.tags.compare(resource, now, content.version) : 'unknown';
      const isConfirmed = isReported && !this.answersTwice(resource);
      const isAltered =
        (isConfirmed && since === 'same') || (since !== 'changed' && isSameText(bytes, content.bytes));
      const isOurs = isAltered || this.isStillHeld(resource, held);
      if (!isBase && isOurs) return { ...content, isReported: true };
    }
    const isOthers = seen.kind === 'somethingElse' && !isStill(before, seen.content.version);
    // The second answer may have come while the server was asked.
    if (isOthers && !isDoubtful && !this.answersTwice(resource)) return undefined;
    // Some servers trim what they store.
    if ('content' in seen && isTrimmed(bytes, seen.content.bytes)) return undefined;
    throw notWritten(resource);
  }

  /** Equal content under a new tag is no conflict; our own text there already is a save that landed. */
  private async byContent(writing: PendingWrite, seen: Version): Promise<Precondition> {
    const { resource, bytes, base } = writing;
    const content = await this.deps.filesOf(resource).read(resource, listedSizeOf(seen));
    // A cache may answer with an older content than the look has seen.
    const isSeen = await this.isContentOf(resource, seen, content);
    const { version } = content;
    if (sameBytes(content.bytes, bytes) && isSeen) return { kind: 'alreadyThere', version };
    // Where the version is checked, it is sent.
    if ((isSeen || this.isChecked(resource, version)) && this.isOurs(resource, base, content))
      return { kind: 'replaces', version };
    throw new RemoteFailure('contentChanged', { resource, method: 'PUT' });
  }

  /** Whether the content belongs to the version that a look has just seen; asks once more where their tags differ. */
  private async isContentOf(resource: ResourceId, seen: Version, content: RemoteContent): Promise<boolean> {
    const isSame = () => this.tags.compare(resource, seen, content.version) !== 'changed';
    if (isSame()) return true;
    const seenAgain = await statIfExists(this.deps.directory, resource);
    const contentAgain = await this.deps.filesOf(resource).read(resource);
    if (seenAgain && sameBytes(content.bytes, contentAgain.bytes))
      this.tags.seenInTurn(resource, [seen, content.version, seenAgain.version, contentAgain.version]);
    return isSame();
  }

  /** Returns `unseen` if the content cannot be read: what is known of the refusal is more useful. */
  private async byContentIfRead(writing: PendingWrite, seen: Version): Promise<Precondition | 'unseen'> {
    try {
      return await this.byContent(writing, seen);
    } catch (error) {
      if (isFailure(error) && error.kind !== 'contentChanged') return 'unseen';
      throw error;
    }
  }

  /**
   * An equal tag proves that nobody wrote since only if the server checks it itself, or while we hold a lock that
   * we already held when the content was read or written.
   */
  private isProved(resource: ResourceId, base: BaseVersion, current: Version): boolean {
    if (!base.certain || !this.tags.areReliable(resource)) return false;
    if (compareVersions(base.version, current) !== 'same') return false;
    // A weak tag may stand for two contents of one second (RFC 9110 section 8.8.2.2).
    const isExact = ifMatch(base.version) !== undefined && this.isChecked(resource, current);
    return isExact || this.isStillHeld(resource, base.heldLocks);
  }

  /** Whether the user has seen this content: it is their base version, or what they sent themselves. */
  private isOurs(
    resource: ResourceId,
    base: BaseVersion | undefined,
    { bytes, version }: RemoteContent,
  ): boolean {
    if (this.sent.get(resource)?.some((ours) => sameBytes(ours, bytes))) return true;
    if (!base) return false;
    if (base.bytes) return sameBytes(bytes, base.bytes);
    return base.isContent ? base.isContent(bytes) : this.isProved(resource, base, version);
  }
}

function notWritten(resource: ResourceId): RemoteFailure {
  return new RemoteFailure('badAnswer', { resource, method: 'PUT', code: 'NOT_WRITTEN', maybeDone: true });
}

/** Whether the strong entity tag is the same. */
function isStill(before: Precondition, now: Version): boolean {
  if (before.kind !== 'replaces' || ifMatch(before.version) === undefined) return false;
  return compareVersions(before.version, now) === 'same';
}

/** An ETag that did not change after our PUT proves nothing. */
function isSameTag(before: Precondition, { etag }: Version): boolean {
  return before.kind === 'replaces' && etag !== undefined && before.version.etag?.opaque === etag.opaque;
}
