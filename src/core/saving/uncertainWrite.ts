import { pause } from '../../base/timer';
import type { Leases } from '../leases/leases';
import { isFailure, type RemoteFailure } from '../model/failure';
import type { Lease } from '../model/lease';
import type { Clock } from '../model/ports';
import { readBase, type BaseVersions } from './baseVersions';
import type { Attempt } from './saveAttempt';
import type { ContentAfterNoResponse, WritePreconditions } from './writePreconditions';

export interface UncertainWriteDeps {
  readonly leases: Leases;
  readonly baseVersions: BaseVersions;
  readonly clock: Clock;
}

/** A server needs a moment to notice a broken connection, and may still change the file until then. */
const disconnectDelayMs = 250;

/** A write that may be done despite its failure: only the server's content shows it. */
export class UncertainWrite {
  constructor(
    private readonly deps: UncertainWriteDeps,
    private readonly preconditions: WritePreconditions,
  ) {}

  /** Returns with the new precondition if another attempt makes sense; throws what to report to the user. */
  async resolve(attempt: Attempt, leases: readonly Lease[], failure: RemoteFailure): Promise<void> {
    const { resource, tried } = attempt;
    const seen = await this.read(attempt, failure);
    // Retry once: the same bytes twice are the same file, and others must not read a partial one.
    const again = failure.kind === 'interrupted' && !tried.has('resend');
    const isBroken = failure.kind === 'interrupted' || failure.kind === 'timeout';
    switch (seen.kind) {
      case 'landed':
        attempt.precondition = { kind: 'alreadyThere', version: seen.content.version };
        return;
      case 'somethingElse':
        throw failure.as('contentChanged', { maybeDone: false });
      case 'beginning':
        // A failure named by the server says more than the fact that its content differs.
        if (!(await this.heldThroughout(attempt, leases)))
          throw failure.as(isBroken ? 'contentChanged' : failure.kind, { halfWritten: 'perhaps' });
        // Nobody else could write meanwhile, so this is the user's own text: the next save may replace it.
        this.deps.baseVersions.setShown(resource, readBase(seen.content, leases));
        attempt.precondition = { kind: 'replaces', version: seen.content.version };
        if (!again) throw failure.as(failure.kind, { halfWritten: 'surely' });
        break;
      case 'untouched':
        attempt.precondition = { kind: 'replaces', version: seen.content.version };
        // After a timeout a slow server may still write; a broken connection is over.
        if (!again) throw failure.as(failure.kind, { maybeDone: failure.kind === 'timeout' });
        break;
      case 'gone':
        if (attempt.precondition.kind !== 'new' || !again) throw failure;
    }
    tried.add('resend');
  }

  /** Whether the server confirms that we held a lock ever since the version to be replaced was seen. */
  private async heldThroughout(attempt: Attempt, sent: readonly Lease[]): Promise<boolean> {
    const candidates = this.preconditions.heldSince(attempt, sent);
    for (const lease of candidates) await this.deps.leases.verify(lease);
    return this.preconditions.isStillHeld(
      attempt.resource,
      candidates.map(({ id }) => id),
    );
  }

  private async read(attempt: Attempt, failure: RemoteFailure): Promise<ContentAfterNoResponse> {
    this.preconditions.unanswered(attempt);
    if (failure.facts.status === undefined) await pause(this.deps.clock, disconnectDelayMs);
    try {
      return await this.preconditions.afterNoResponse(attempt, attempt.precondition);
    } catch (error) {
      if (!isFailure(error)) throw error;
      throw failure;
    }
  }
}
