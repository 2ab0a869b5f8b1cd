import { pause } from '../../base/timer';
import type { BlockedSaves } from '../saving/blockedSaves';
import { isFailure } from '../model/failure';
import type { Leases } from '../leases/leases';
import type { OpenDocuments } from '../leases/openDocuments';
import { withinTime } from '../leases/withTimeout';
import type { Clock } from '../model/ports';
import type { ResourceId } from '../model/resource';

export interface WaitAttemptDeps {
  readonly clock: Clock;
  readonly leases: Leases;
  readonly blockedSaves: BlockedSaves;
  readonly documents: OpenDocuments;
}

/**
 * How an attempt ended. `clean`: nothing is left to save, for any reason; `unwanted`: stopped before that; `conflict`:
 * the server's content differs from the base version.
 */
export type AttemptEnd = 'clean' | 'closed' | 'conflict' | 'unwanted';

/** Longer than any upload that somebody waits for; then the editor is taken to be stuck. */
const maxSaveMs = 30 * 60_000;
/** Pause before text typed during a save is saved too; doubled each time, so that fast typing is no flood. */
const firstPauseMs = 250;
const maxPauseMs = 30_000;

/** One attempt of a wait: takes the lock and saves the document until nothing is left to save. */
export class WaitAttempt {
  constructor(private readonly deps: WaitAttemptDeps) {}

  /** Rejects with the failure of the lock or the save. The lock stays until {@link releaseLock}. */
  async run(resource: ResourceId, isWanted: () => boolean): Promise<AttemptEnd> {
    const { blockedSaves } = this.deps;
    // From the start: a save by hand may be under way, which leaves nothing for our own save to send.
    const arrivals = { landed: false };
    const subscription = blockedSaves.onDidLand((id) => (arrivals.landed ||= id === resource));
    try {
      await this.takeLock(resource);
      return await this.saveUntilClean(resource, isWanted, arrivals);
    } finally {
      subscription.dispose();
    }
  }

  private async saveUntilClean(
    resource: ResourceId,
    isWanted: () => boolean,
    arrivals: { landed: boolean },
  ): Promise<AttemptEnd> {
    const { documents } = this.deps;
    let wasSent = true;
    for (let pauseMs = firstPauseMs; isWanted(); pauseMs = Math.min(maxPauseMs, 2 * pauseMs)) {
      if (!documents.isOpen(resource)) return 'closed';
      if (!documents.isDirty(resource)) return 'clean';
      const saved = await this.save(resource, arrivals);
      if (saved === 'conflict') return saved;
      // A save by hand may have left nothing to send, or the editor was just between two texts; but not again.
      if (!arrivals.landed && !wasSent) throw new Error('The editor says that it saved, but sent nothing.');
      wasSent = arrivals.landed;
      arrivals.landed = false;
      if (!documents.isDirty(resource)) return 'clean';
      // Somebody typed on: that text is saved as well, under the same lock.
      await pause(this.deps.clock, pauseMs);
    }
    return 'unwanted';
  }

  async releaseLock(resource: ResourceId): Promise<void> {
    try {
      await this.deps.leases.drop(resource, 'wait');
    } catch (error) {
      // The lease stays held and visible; the leases retry the release.
      if (!isFailure(error)) throw error;
    }
  }

  /** Rejects with any failure but a conflict. */
  private async save(resource: ResourceId, arrivals: { landed: boolean }): Promise<'saved' | 'conflict'> {
    const { clock, documents, blockedSaves } = this.deps;
    const before = blockedSaves.of(resource);
    const saving = documents.save(resource);
    const isSaved = await withinTime(clock, maxSaveMs, saving, 'The editor did not finish saving.');
    if (isSaved) return 'saved';
    const refused = blockedSaves.of(resource);
    // Where somebody typed on, the editor says that it did not save, though the text is on the server.
    if (arrivals.landed && (!refused || refused === before)) return 'saved';
    // Why it did not reach us only the editor knows: that the content changed would be a guess.
    if (!refused || refused === before) throw new Error('The editor did not save.');
    if (refused.failure.kind === 'contentChanged') return 'conflict';
    throw refused.failure;
  }

  private async takeLock(resource: ResourceId): Promise<void> {
    const { leases } = this.deps;
    if (leases.isLockUnsupported(resource)) return;
    try {
      await leases.take(resource, 'wait');
    } catch (error) {
      // Without lock support there is nothing to take; the save itself decides.
      if (!isFailure(error, 'unsupported')) throw error;
    }
  }
}
