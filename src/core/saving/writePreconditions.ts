import type { Directory, Shown } from '../polling/directory';
import { isFailure, RemoteFailure } from '../model/failure';
import type { Leases } from '../leases/leases';
import type { LockStore } from '../locks/lockStore';
import type { RemoteContent, ServerOf } from '../model/ports';
import { serverOf as serverIdOf, type ResourceId, type ServerId } from '../model/resource';
import { isTrimmed, sameBytes, startsWith, type BaseVersion } from './baseVersions';
import { compareVersions, ifMatch, type Version } from '../model/version';

/** What a write rests on: the version that it may replace, that nothing is there, or that it is there already. */
export type Precondition =
  | { readonly kind: 'replaces'; readonly version: Version }
  | { readonly kind: 'new' }
  | { readonly kind: 'alreadyThere'; readonly version: Version };

export interface WritePreconditionsDeps {
  readonly serverOf: ServerOf;
  readonly directory: Directory;
  readonly leases: Leases;
  readonly store: LockStore;
}

/** A text on its way, and what it was made from. */
export interface PendingWrite {
  readonly resource: ResourceId;
  readonly bytes: Uint8Array;
  readonly base: BaseVersion | undefined;
}

/**
 * What stands on the server after a write that was not answered. `beginning`: less than all of our text, left there by
 * the broken write or by somebody who shortened the file or emptied it.
 */
export type AfterNoAnswer =
  | {
      readonly kind: 'landed' | 'untouched' | 'beginning' | 'somethingElse';
      readonly content: RemoteContent;
    }
  | { readonly kind: 'gone' };

/** So many of the texts that were sent without an answer are remembered for each file. */
const sentKept = 3;

/**
 * Tells whether a write would replace a version that the person has not seen: by the server's own condition where that
 * can be relied on, else by a look just before, and where a look cannot tell, by reading the content.
 */
export class WritePreconditions {
  /** Texts of ours that may have arrived although nobody said so: found on the server, they are no change by others. */
  private readonly sent = new Map<ResourceId, readonly Uint8Array[]>();
  /** Servers whose tags stayed while our text changed: they prove nothing there, and only the content does. */
  private readonly blind = new Set<ServerId>();

  constructor(private readonly deps: WritePreconditionsDeps) {}

  /** Before a write. Rejects with `contentChanged` where somebody wrote since. */
  async find(writing: PendingWrite, mayReplaceUnseen: boolean): Promise<Precondition> {
    const { resource, base } = writing;
    if (base?.certain && (this.isChecked(resource, base.version) || this.isHeld(resource, base)))
      return { kind: 'replaces', version: base.version };
    const there = await this.look(resource);
    if (!there) return { kind: 'new' };
    const mayReplace = base ? this.isProved(resource, base, there.version) : mayReplaceUnseen;
    return mayReplace ? { kind: 'replaces', version: there.version } : this.byContent(writing);
  }

  /** Whether the server itself refuses a write that is bound to this version where there is another one by then. */
  isChecked(resource: ResourceId, version: Version): boolean {
    const { honoursIfMatch } = this.deps.serverOf(resource).traits(resource);
    return honoursIfMatch && !this.blind.has(serverIdOf(resource)) && ifMatch(version) !== undefined;
  }

  /**
   * Whether one of these leases has stood until now, as far as our own clock can tell. A lock that a server gives and
   * never lists may be one that it does not keep, and proves nothing.
   */
  stands(resource: ResourceId, under: BaseVersion['under'] = []): boolean {
    const { leases, store } = this.deps;
    const state = store.stateOf(resource);
    if (state.kind !== 'locked' || store.listingSupportOf(serverIdOf(resource)) !== 'seen') return false;
    const listed = new Set(state.locks.map(({ id }) => id));
    return leases.assured(resource).some(({ id }) => under.includes(id) && listed.has(id));
  }

  /** Whether nobody else can have written since, and the server refuses the write should we be wrong about our lock. */
  private isHeld(resource: ResourceId, { under }: BaseVersion): boolean {
    const { refusesDeadLocks = false } = this.deps.serverOf(resource).traits(resource);
    return refusesDeadLocks && !this.blind.has(serverIdOf(resource)) && this.stands(resource, under);
  }

  /**
   * After a refusal: what stands there now, `gone` where nothing does. `matters` tells after the look whether the content
   * is of any interest. Rejects with a RemoteFailure.
   */
  async again(
    writing: PendingWrite,
    before: Precondition,
    matters: () => boolean,
  ): Promise<Precondition | 'gone' | 'unseen'> {
    const { resource, base } = writing;
    const there = await this.look(resource);
    if (!there) return 'gone';
    if (!matters()) return 'unseen';
    if (before.kind === 'new') return this.byContent(writing);
    if (!base) return 'unseen';
    if (!this.isProved(resource, base, there.version)) return this.byContentIfRead(writing);
    return ifMatch(there.version) === undefined ? before : { kind: 'replaces', version: there.version };
  }

  /** After a write whose answer never came: only the content tells. Rejects with a RemoteFailure where it cannot be had. */
  async afterNoAnswer({ resource, bytes, base }: PendingWrite, before: Precondition): Promise<AfterNoAnswer> {
    let content: RemoteContent;
    try {
      content = await this.deps.serverOf(resource).read(resource);
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
   * The version after a write that the server calls done: what it told, where that is news, else what it has now; empty
   * where it does not tell. Rejects where the text is surely not there; a failed look proves nothing.
   */
  async afterSuccess(writing: PendingWrite, before: Precondition, told: Version): Promise<Version> {
    if (told.etag && !isSameTag(before, told)) return told;
    const { resource, bytes } = writing;
    let now: Version | undefined;
    try {
      now = (await this.look(resource))?.version;
    } catch (error) {
      if (isFailure(error)) return {};
      throw error;
    }
    const isOther = !now || (now.size !== undefined && now.size !== bytes.length);
    const isBlind = now !== undefined && isUnmoved(before, now);
    if (isOther || isBlind) await this.refuseUnwritten(writing, before);
    const { base } = writing;
    if (isBlind && base?.bytes && !sameBytes(base.bytes, bytes)) this.blind.add(serverIdOf(resource));
    return isOther || !now ? {} : now;
  }

  /** A text left for the server, and no answer has said what became of it. */
  unanswered({ resource, bytes }: PendingWrite): void {
    const before = (this.sent.get(resource) ?? []).filter((known) => !sameBytes(known, bytes));
    this.sent.set(resource, [bytes, ...before].slice(0, sentKept));
  }

  landed(resource: ResourceId): void {
    this.sent.delete(resource);
  }

  /** Somebody wrote since, or the server changes what it stores, or it has not done what it called done. */
  private async refuseUnwritten(writing: PendingWrite, before: Precondition): Promise<void> {
    const { resource, bytes } = writing;
    let seen: AfterNoAnswer;
    try {
      seen = await this.afterNoAnswer(writing, before);
    } catch (error) {
      if (isFailure(error)) return;
      throw error;
    }
    if (seen.kind === 'landed') return;
    if (seen.kind === 'somethingElse' && !isStill(before, seen.content.version)) return;
    // Some servers trim what they store.
    if ('content' in seen && isTrimmed(bytes, seen.content.bytes)) return;
    throw new RemoteFailure('badAnswer', { resource, method: 'PUT', code: 'NOT_WRITTEN', maybeDone: true });
  }

  /** Equal content under a new tag is no conflict; our own text there already is a save that landed. */
  private async byContent({ resource, bytes, base }: PendingWrite): Promise<Precondition> {
    const content = await this.deps.serverOf(resource).read(resource);
    const { version } = content;
    if (sameBytes(content.bytes, bytes)) return { kind: 'alreadyThere', version };
    if (this.isOurs(resource, base, content)) return { kind: 'replaces', version };
    throw new RemoteFailure('contentChanged', { resource, method: 'PUT' });
  }

  /** `unseen` where the content cannot be had: what else is known of the refusal is worth more than that. */
  private async byContentIfRead(writing: PendingWrite): Promise<Precondition | 'unseen'> {
    try {
      return await this.byContent(writing);
    } catch (error) {
      if (isFailure(error) && error.kind !== 'contentChanged') return 'unseen';
      throw error;
    }
  }

  /**
   * An equal tag proves that nobody wrote since only where the server checks it by itself, or while a lock of ours stands
   * that stood already when the content was read or written.
   */
  private isProved(resource: ResourceId, base: BaseVersion, there: Version): boolean {
    if (!base.certain || this.blind.has(serverIdOf(resource))) return false;
    if (compareVersions(base.version, there) !== 'same') return false;
    return this.isChecked(resource, there) || this.stands(resource, base.under);
  }

  /** Whether the person has seen this content: it is what they began with, or what they sent themselves. */
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

  private async look(resource: ResourceId): Promise<Shown | undefined> {
    try {
      return await this.deps.directory.stat(resource, 0, { exact: true });
    } catch (error) {
      if (isFailure(error, 'notFound')) return undefined;
      throw error;
    }
  }
}

/** The same by a strong tag. */
function isStill(before: Precondition, now: Version): boolean {
  if (before.kind !== 'replaces' || ifMatch(before.version) === undefined) return false;
  return compareVersions(before.version, now) === 'same';
}

/** What stays through a write, tag or time and size, is no word of it. */
function isUnmoved(before: Precondition, now: Version): boolean {
  return before.kind === 'replaces' && compareVersions(before.version, now) === 'same';
}

/** A tag that stays through a write is no word of it. */
function isSameTag(before: Precondition, { etag }: Version): boolean {
  return before.kind === 'replaces' && etag !== undefined && before.version.etag?.opaque === etag.opaque;
}
