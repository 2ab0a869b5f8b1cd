import type { Directory, Shown } from './directory';
import { isFailure, RemoteFailure } from './failure';
import type { Leases } from './leases';
import type { RemoteContent, ServerOf } from './ports';
import { serverOf as serverIdOf, type ResourceId, type ServerId } from './resource';
import { isTrimmed, sameBytes, startsWith, type Base } from './seenVersions';
import { compareVersions, ifMatch, type Version } from './version';

/** What a write rests on: the version that it may replace, that nothing is there, or that it is there already. */
export type Ground =
  | { readonly kind: 'replaces'; readonly version: Version }
  | { readonly kind: 'new' }
  | { readonly kind: 'alreadyThere'; readonly version: Version };

export interface GroundDeps {
  readonly serverOf: ServerOf;
  readonly directory: Directory;
  readonly leases: Leases;
}

/** A text on its way, and what it was made from. */
export interface Writing {
  readonly resource: ResourceId;
  readonly bytes: Uint8Array;
  readonly base: Base | undefined;
}

/** What stands on the server after a write that was not answered. */
export type AfterSilence =
  | { readonly kind: 'landed' | 'untouched' | 'halfWritten'; readonly content: RemoteContent }
  | { readonly kind: 'gone' | 'somethingElse' };

/** So many of the texts that were sent without an answer are remembered for each file. */
const sentKept = 3;

/**
 * Tells whether a write would replace a version that the person has not seen: by the server's own condition where that
 * can be relied on, else by a look just before, and where a look cannot tell, by reading the content.
 */
export class Grounds {
  /** Texts of ours that may have arrived although nobody said so: found on the server, they are no change by others. */
  private readonly sent = new Map<ResourceId, readonly Uint8Array[]>();
  /** Servers whose tags stayed while our text changed: they prove nothing there, and only the content does. */
  private readonly blind = new Set<ServerId>();

  constructor(private readonly deps: GroundDeps) {}

  /** Before a write. Rejects with `contentChanged` where somebody wrote since. */
  async find(writing: Writing, mayReplaceUnseen: boolean): Promise<Ground> {
    const { resource, base } = writing;
    const isBlind = this.blind.has(serverIdOf(resource));
    const honoursIfMatch = !isBlind && this.deps.serverOf(resource).traits(resource).honoursIfMatch;
    if (base?.certain && honoursIfMatch && ifMatch(base.version))
      return { kind: 'replaces', version: base.version };
    const there = await this.look(resource);
    if (!there) return { kind: 'new' };
    if (!base && mayReplaceUnseen) return { kind: 'replaces', version: there.version };
    const same =
      !isBlind && base?.certain === true && compareVersions(base.version, there.version) === 'same';
    // Weak tags and those made of whole seconds do not show every write: a lock of ours or the bytes do.
    const proved = honoursIfMatch && ifMatch(there.version) !== undefined;
    if (same && (proved || this.deps.leases.assured(resource).length > 0))
      return { kind: 'replaces', version: there.version };
    return this.byContent(writing);
  }

  /** After a refusal: what stands there now, `gone` where nothing does. Rejects with a RemoteFailure. */
  async again(writing: Writing, before: Ground): Promise<Ground | 'gone' | 'unseen'> {
    const { resource, base } = writing;
    const there = await this.look(resource);
    if (!there) return 'gone';
    if (before.kind === 'new') return this.byContent(writing);
    if (!base) return 'unseen';
    const isBlind = this.blind.has(serverIdOf(resource));
    if (isBlind || compareVersions(base.version, there.version) !== 'same') return this.byContent(writing);
    return ifMatch(there.version) === undefined ? before : { kind: 'replaces', version: there.version };
  }

  /** After a write whose answer never came: only the content tells. Rejects with a RemoteFailure where it cannot be had. */
  async afterSilence({ resource, bytes, base }: Writing, before: Ground): Promise<AfterSilence> {
    let content: RemoteContent;
    try {
      content = await this.deps.serverOf(resource).read(resource);
    } catch (error) {
      if (isFailure(error, 'notFound')) return { kind: 'gone' };
      throw error;
    }
    if (sameBytes(content.bytes, bytes)) return { kind: 'landed', content };
    const untouched = before.kind === 'replaces' && isSame(before.version, content.version);
    if (untouched || this.isOurs(resource, base, content)) return { kind: 'untouched', content };
    return startsWith(bytes, content.bytes) ? { kind: 'halfWritten', content } : { kind: 'somethingElse' };
  }

  /**
   * The version after a write that the server calls done: what it told, where that is news, else what it has now; empty
   * where it does not tell. Rejects where the text is surely not there; a failed look proves nothing.
   */
  async afterSuccess(writing: Writing, before: Ground, told: Version): Promise<Version> {
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
    const isBlind = now !== undefined && isSameTag(before, now);
    if (isOther || isBlind) await this.refuseUnwritten(writing, before);
    const { base } = writing;
    if (isBlind && base?.bytes && !sameBytes(base.bytes, bytes)) this.blind.add(serverIdOf(resource));
    return isOther || !now ? {} : now;
  }

  /** A text left for the server, and no answer has said what became of it. */
  unanswered({ resource, bytes }: Writing): void {
    const before = (this.sent.get(resource) ?? []).filter((known) => !sameBytes(known, bytes));
    this.sent.set(resource, [bytes, ...before].slice(0, sentKept));
  }

  landed(resource: ResourceId): void {
    this.sent.delete(resource);
  }

  /** Somebody wrote since, or the server changes what it stores, or it has not done what it called done. */
  private async refuseUnwritten(writing: Writing, before: Ground): Promise<void> {
    const { resource, bytes } = writing;
    let seen: AfterSilence;
    try {
      seen = await this.afterSilence(writing, before);
    } catch (error) {
      if (isFailure(error)) return;
      throw error;
    }
    if (seen.kind === 'landed' || seen.kind === 'somethingElse') return;
    // Some servers trim what they store.
    if ('content' in seen && isTrimmed(bytes, seen.content.bytes)) return;
    throw new RemoteFailure('badAnswer', { resource, method: 'PUT', code: 'NOT_WRITTEN', maybeDone: true });
  }

  /** Equal content under a new tag is no conflict; our own text there already is a save that landed. */
  private async byContent({ resource, bytes, base }: Writing): Promise<Ground> {
    const content = await this.deps.serverOf(resource).read(resource);
    const { version } = content;
    if (sameBytes(content.bytes, bytes)) return { kind: 'alreadyThere', version };
    if (this.isOurs(resource, base, content)) return { kind: 'replaces', version };
    throw new RemoteFailure('contentChanged', { resource, method: 'PUT' });
  }

  /** Whether the person has seen this content: it is what they began with, or what they sent themselves. */
  private isOurs(resource: ResourceId, base: Base | undefined, { bytes, version }: RemoteContent): boolean {
    if (base?.bytes && sameBytes(bytes, base.bytes)) return true;
    if (this.sent.get(resource)?.some((ours) => sameBytes(ours, bytes))) return true;
    // A base from before a restart has no bytes: then only an equal, certain tag proves that nothing changed.
    return base?.bytes === undefined && !!base?.certain && compareVersions(base.version, version) === 'same';
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

/** Surely the same: by a strong tag. */
function isSame(before: Version, now: Version): boolean {
  return ifMatch(before) !== undefined && compareVersions(before, now) === 'same';
}

/** A tag that stays through a write is no word of it. */
function isSameTag(before: Ground, { etag }: Version): boolean {
  return before.kind === 'replaces' && etag !== undefined && before.version.etag?.opaque === etag.opaque;
}
