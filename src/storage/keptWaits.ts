import { Owner } from '../base/disposable';
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

/** A wait is dropped if the editor does not restore its document with unsaved text within this time. */
const restoreMs = 60_000;

/**
 * Keeps waits, with the time at which they give up, across a reload of the window. A wait is armed again when its
 * document is back with unsaved text: before that there is nothing to save.
 */
export class KeptWaits extends Owner {
  private readonly unrestored: Map<ResourceId, number>;

  constructor(private readonly deps: KeptWaitsDeps) {
    super();
    const { windowState, waits, documents, clock } = deps;
    this.unrestored = new Map(windowState.inherited.flatMap(readKept));
    this.owned.add(waits.onDidChange(() => this.keep()));
    this.owned.add(clock.after(restoreMs, () => this.endRestore()));
    if (windowState.inherited.length === 0) return;
    for (const resource of [...this.unrestored.keys()]) this.arm(resource);
    this.owned.add(documents.onDidEdit((resource) => this.arm(resource)));
  }

  private endRestore(): void {
    const { windowState } = this.deps;
    this.unrestored.clear();
    if (windowState.inherited.length > 0) this.keep();
    void windowState.clearInherited();
  }

  private arm(resource: ResourceId): void {
    const { waits, documents, clock } = this.deps;
    const until = this.unrestored.get(resource);
    if (until === undefined || !documents.isDirty(resource)) return;
    this.unrestored.delete(resource);
    // An overdue wait is armed as well: it gives up at once and reports that.
    waits.arm(resource, Math.max(0, until - clock.now().wall));
  }

  private keep(): void {
    const { windowState, waits, clock } = this.deps;
    const { mono, wall } = clock.now();
    // Oldest first, so that they are restored in order.
    const now = [...waits.all()]
      .reverse()
      .map(({ resource, until }) => [resource, wall + until - mono] as const);
    void windowState.keep([...this.unrestored, ...now]);
  }
}

function readKept(value: unknown): Kept {
  if (!Array.isArray(value)) return [];
  return value.filter(
    (entry): entry is Kept[number] =>
      Array.isArray(entry) && typeof entry[0] === 'string' && typeof entry[1] === 'number',
  );
}
