import type { LockStore } from '../locks/lockStore';
import type { Lease } from '../model/lease';
import type { CallOptions, RemoteEntry } from '../model/ports';
import { serverOf, type ServerId } from '../model/resource';
import { ifMatch, type Version } from '../model/version';
import type { Directory } from '../polling/directory';
import type { RemoteStat } from '../polling/remoteStat';
import type { Attempt, PipelinedLook } from './saveAttempt';
import { isLockedByOthers } from './saveDecision';
import type { WritePreconditions } from './writePreconditions';

export interface PipelinedLooksDeps {
  readonly directory: Directory;
  readonly store: LockStore;
}

/**
 * Looks that are sent right behind a write, which saves the round trip of asking afterwards. Servers and proxies may
 * process both at once, so such a look may show the resource as it was before the write, or during it. It counts only
 * where its own content shows that this does not matter; else it is dropped, and the question is asked again.
 *
 * After a successful write, the look is from after it
 * - if its strong tag is the one in the response to the write, and not the one before it; or
 * - if it shows another tag than the version that was replaced, the size of our text, and nobody else can have
 *   replaced that version before us: either the server has compared its strong tag with our If-Match, or the look
 *   itself lists a lock that we submitted and held ever since we saw that version.
 *
 * After a refused write, nothing is concluded from an unchanged resource without foreign locks: both may have come
 * after the look. A foreign lock names a holder, as in any other look under way. Another tag only makes the content be
 * read, and that decides.
 */
export class PipelinedLooks {
  /** A look there was from before the write: each write is answered first there. */
  private readonly unordered = new Set<ServerId>();

  constructor(
    private readonly deps: PipelinedLooksDeps,
    private readonly preconditions: WritePreconditions,
  ) {}

  /** Call right before the write, and {@link end} when it is over. */
  begin(attempt: Attempt, leases: readonly Lease[]): CallOptions {
    const { resource, precondition } = attempt;
    if (precondition.kind !== 'replaces' || this.unordered.has(serverOf(resource))) return {};
    const isBound = this.isChecked(attempt) || this.heldSince(attempt, leases).length > 0;
    const canProve =
      isBound && precondition.version.etag !== undefined && this.preconditions.needsLook(resource);
    if (!canProve && !isLockedByOthers(this.deps.store.stateOf(resource))) return {};
    const look: PipelinedLook = { pending: this.deps.directory.asking(resource), canProve };
    attempt.look = look;
    return { onLook: (entry) => void (look.entry = entry) };
  }

  end(attempt: Attempt): void {
    if (attempt.look) this.deps.directory.noLongerAsking(attempt.look.pending);
    attempt.look = undefined;
  }

  /** What is certainly from after the write; undefined if the server must be asked. */
  async afterSuccess(
    attempt: Attempt,
    leases: readonly Lease[],
    reported: Version,
  ): Promise<RemoteStat | undefined> {
    const { look, resource } = attempt;
    const seen = await this.seen(look, (entry) => this.isAfterWrite(entry, attempt, { leases, reported }));
    // Not where it got no answer, as where the server closed the connection after the write.
    if (look?.canProve && !seen && (await look.entry)) this.unordered.add(serverOf(resource));
    return seen;
  }

  /** What explains the refusal; undefined if the server must be asked. */
  afterRefusal({ look, precondition }: Attempt): Promise<RemoteStat | undefined> {
    return this.seen(look, ({ listing, version }) => {
      const { locks } = listing;
      if (isLockedByOthers({ kind: 'locked', locks, at: { mono: 0, wall: 0 } })) return true;
      return precondition.kind === 'replaces' && isOtherTag(precondition.version, version);
    });
  }

  private async seen(
    look: PipelinedLook | undefined,
    counts: (entry: RemoteEntry) => boolean,
  ): Promise<RemoteStat | undefined> {
    const entry = await look?.entry;
    return look && entry && counts(entry) ? this.deps.directory.answered(look.pending, entry) : undefined;
  }

  private isAfterWrite(
    { kind, version, listing }: RemoteEntry,
    attempt: Attempt,
    { leases, reported }: { readonly leases: readonly Lease[]; readonly reported: Version },
  ): boolean {
    const { precondition, bytes } = attempt;
    if (kind !== 'file' || precondition.kind !== 'replaces') return false;
    const before = precondition.version;
    if (!isOtherTag(before, version)) return false;
    const tag = ifMatch(version);
    if (tag !== undefined && tag === ifMatch(reported)) return true;
    if (version.size !== bytes.length) return false;
    if (this.isChecked(attempt)) return true;
    const listed = new Set(listing.locks.map(({ id }) => id));
    return this.heldSince(attempt, leases).some(({ id }) => listed.has(id));
  }

  /** Whether the server has compared the version itself. */
  private isChecked({ resource, precondition, sentIfMatch }: Attempt): boolean {
    if (precondition.kind !== 'replaces' || sentIfMatch === undefined) return false;
    return this.preconditions.isChecked(resource, precondition.version);
  }

  private heldSince(attempt: Attempt, leases: readonly Lease[]): readonly Lease[] {
    return this.preconditions.heldSince(attempt, leases);
  }
}

function isOtherTag({ etag: before }: Version, { etag: now }: Version): boolean {
  return before !== undefined && now !== undefined && before.opaque !== now.opaque;
}
