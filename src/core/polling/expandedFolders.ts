import { Owner } from '../../base/disposable';
import { Timer } from '../../base/timer';
import type { Clock } from '../model/ports';
import { isWithin, type ResourceId } from '../model/resource';

/** Limits polling: a program that reads a whole tree shows few of its folders. */
const maxFolders = 64;
/** How long the explorer takes to read its open folders again on a slow server. */
const settleMs = 15_000;
/** The explorer may start reading before we learn that the window has focus. */
const headStartMs = 2_000;

/**
 * Which folders are expanded in the explorer. There is no API for that, but VS Code rereads every expanded folder
 * when its window gains focus and none while it has it: a folder not reread then was collapsed.
 */
export class ExpandedFolders extends Owner {
  /** When each folder was last read, oldest first. */
  private readonly readAt = new Map<ResourceId, number>();
  private readonly settling: Timer;

  constructor(
    private readonly clock: Clock,
    private hasFocus: boolean,
  ) {
    super();
    this.settling = this.owned.add(new Timer(clock));
  }

  all(): ResourceId[] {
    return [...this.readAt.keys()];
  }

  /** VS Code reads the folder. */
  recordRead(folder: ResourceId): void {
    this.readAt.delete(folder);
    this.readAt.set(folder, this.clock.now().mono);
    const [oldest] = this.readAt.keys();
    if (oldest !== undefined && this.readAt.size > maxFolders) this.readAt.delete(oldest);
  }

  /** The window gained or lost focus. VS Code rereads folders only when it gains focus. */
  setFocused(hasFocus: boolean): void {
    const gainedFocus = hasFocus && !this.hasFocus;
    this.hasFocus = hasFocus;
    if (!gainedFocus) return;
    const since = this.clock.now().mono - headStartMs;
    this.settling.set(settleMs, () => this.dropUnread(since));
  }

  /** The folder was deleted with everything in it. */
  forget(root: ResourceId): void {
    for (const id of this.all()) if (isWithin(id, root)) this.readAt.delete(id);
  }

  private dropUnread(since: number): void {
    for (const [id, at] of this.readAt) if (at < since) this.readAt.delete(id);
  }
}
