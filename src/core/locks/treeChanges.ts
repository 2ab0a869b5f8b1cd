import type { Clock } from '../model/ports';
import type { Lock, LockState } from '../model/lock';
import type { ResourceId } from '../model/resource';
import type { ResourceMap } from '../model/resourceMap';

/** Members looked at without yielding: some milliseconds of work. */
const perTurn = 2_000;

/**
 * The members whose state a changed tree lock changes. There may be 100,000, so they are reported some at a time; reading
 * any of them is right at once, because a state is put together when it is read.
 */
export class TreeChanges {
  /** What is still to be reported of each root. */
  private readonly pending = new Map<ResourceId, Iterator<ResourceId, void>>();

  constructor(
    private readonly known: ResourceMap<{ readonly state: LockState }>,
    private readonly clock: Pick<Clock, 'after'> | undefined,
    private readonly tell: (resources: readonly ResourceId[]) => void,
  ) {}

  /** The first members that the change concerns; the others follow later. */
  changed(root: ResourceId, locks: readonly Lock[]): readonly ResourceId[] {
    // A later change reports all members again.
    this.pending.delete(root);
    if (!this.known.hasBelow(root)) return [];
    return this.next(root, this.known.below(root), locks);
  }

  dispose(): void {
    this.pending.clear();
  }

  private next(root: ResourceId, members: Iterator<ResourceId, void>, locks: readonly Lock[]): ResourceId[] {
    const concerned: ResourceId[] = [];
    for (let count = 0; count < perTurn || !this.clock; count++) {
      const member = members.next();
      if (member.done) {
        this.pending.delete(root);
        return concerned;
      }
      if (!this.listsAll(member.value, locks)) concerned.push(member.value);
    }
    this.pending.set(root, members);
    this.clock?.after(0, () => {
      if (this.pending.get(root) !== members) return;
      const more = this.next(root, members, locks);
      if (more.length > 0) this.tell(more);
    });
    return concerned;
  }

  /** A member that lists the lock itself has it with or without its folder. */
  private listsAll(id: ResourceId, locks: readonly Lock[]): boolean {
    const state = this.known.get(id)?.state;
    if (state?.kind !== 'locked') return false;
    return locks.every((lock) => lock.id !== undefined && state.locks.some((own) => own.id === lock.id));
  }
}
