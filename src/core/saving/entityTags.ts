import { serverOf as serverIdOf, type ResourceId, type ServerId } from '../model/resource';
import { compareVersions, type Version } from '../model/version';

/** More than there are connections, each of which may have a second response to come. */
const reportedKept = 12;

/** What each server's entity tags have proved to be worth. */
export class EntityTags {
  /** The response to a write had the tag that a look confirmed. */
  private readonly confirmed = new Set<ServerId>();
  /** The tags in the last responses to writes that had one. */
  private readonly reported = new Map<ServerId, readonly string[]>();
  /** A tag that did not change with our text: there, only the content proves anything. */
  private readonly unchanging = new Set<ServerId>();
  /** Each look gives another tag for the same content: there, a tag proves nothing, and an If-Match always fails. */
  private readonly changing = new Set<ServerId>();

  areConfirmed(resource: ResourceId): boolean {
    return this.confirmed.has(serverIdOf(resource));
  }

  /** Notes the tag in the response to a write. True if the response to a write shortly before, to any file, had the same. */
  isRepeated(resource: ResourceId, opaque: string): boolean {
    const server = serverIdOf(resource);
    const before = this.reported.get(server) ?? [];
    this.reported.set(server, [opaque, ...before].slice(0, reportedKept));
    return before.includes(opaque);
  }

  areReliable(resource: ResourceId): boolean {
    const server = serverIdOf(resource);
    return !this.unchanging.has(server) && !this.changing.has(server);
  }

  /** Whether an If-Match can be fulfilled. */
  canBeSent(resource: ResourceId): boolean {
    return !this.changing.has(serverIdOf(resource));
  }

  confirm(resource: ResourceId): void {
    this.confirmed.add(serverIdOf(resource));
  }

  /** A write got no answer that decides: the next one may get it. */
  doubt(resource: ResourceId): void {
    this.confirmed.delete(serverIdOf(resource));
  }

  seenUnchanged(resource: ResourceId): void {
    this.unchanging.add(serverIdOf(resource));
  }

  /**
   * Of two looks and two reads in turn, which found the same content: no two with the same tag. A cache would repeat
   * its own, and a program that writes the same content again leaves the tag alone in between.
   */
  seenInTurn(resource: ResourceId, versions: readonly Version[]): void {
    const tags = versions.flatMap(({ etag }) => etag?.opaque ?? []);
    if (tags.length === versions.length && new Set(tags).size === tags.length)
      this.changing.add(serverIdOf(resource));
  }

  /** Like `compareVersions`, without the tags where they change by themselves. */
  compare(resource: ResourceId, before: Version, now: Version): ReturnType<typeof compareVersions> {
    if (this.canBeSent(resource)) return compareVersions(before, now);
    return compareVersions(withoutTag(before), withoutTag(now));
  }
}

function withoutTag({ modified, size }: Version): Version {
  return { ...(modified !== undefined && { modified }), ...(size !== undefined && { size }) };
}
