import { Disposables, type Disposable } from '../base/disposable';
import type { Event } from '../base/emitter';
import type { Clock } from '../core/model/ports';
import type { ResourceId } from '../core/model/resource';
import type { WaitList } from '../core/waiting/waitList';
import type { WindowStateStore } from './windowStateStore';

/** When each wait gives up, Unix milliseconds. */
type Kept = readonly (readonly [ResourceId, number])[];

export interface KeptWaitsDeps {
  readonly windowState: WindowStateStore;
  readonly waits: WaitList;
  readonly documents: { isDirty(resource: ResourceId): boolean; readonly onDidEdit: Event<ResourceId> };
  readonly clock: Clock;
}

/** A document that the editor does not bring back with its unsaved text within this has nothing to wait with. */
const patienceMs = 60_000;

/**
 * Keeps waits over a reload of the window, with the time at which they give up. A wait is armed again when its document
 * is back with unsaved text: before that there is nothing to save.
 */
export class KeptWaits implements Disposable {
  private readonly owned = new Disposables();
  private readonly missing: Map<ResourceId, number>;

  constructor(private readonly deps: KeptWaitsDeps) {
    const { windowState, waits, documents, clock } = deps;
    this.missing = new Map(windowState.left.flatMap(readKept));
    this.owned.add(waits.onDidChange(() => this.keep()));
    if (windowState.left.length === 0) return;
    for (const resource of [...this.missing.keys()]) this.arm(resource);
    this.owned.add(documents.onDidEdit((resource) => this.arm(resource)));
    this.owned.add(
      clock.after(patienceMs, () => {
        this.missing.clear();
        this.keep();
        windowState.clearLeft();
      }),
    );
  }

  dispose(): void {
    this.owned.dispose();
  }

  private arm(resource: ResourceId): void {
    const { waits, documents, clock } = this.deps;
    const until = this.missing.get(resource);
    if (until === undefined || !documents.isDirty(resource)) return;
    this.missing.delete(resource);
    // One that is over by now is armed all the same: it gives up at once, and says so.
    waits.arm(resource, Math.max(0, until - clock.now().wall));
  }

  private keep(): void {
    const { windowState, waits, clock } = this.deps;
    const { mono, wall } = clock.now();
    // Oldest first, so that they come back in their order.
    const now = [...waits.all()]
      .reverse()
      .map(({ resource, until }) => [resource, wall + until - mono] as const);
    void windowState.keep([...this.missing, ...now]);
  }
}

function readKept(value: unknown): Kept {
  if (!Array.isArray(value)) return [];
  return value.filter(
    (entry): entry is Kept[number] =>
      Array.isArray(entry) && typeof entry[0] === 'string' && typeof entry[1] === 'number',
  );
}
