import type { Disposable } from '../../base/disposable';
import type { Clock } from '../model/ports';
import { isWithin, type ResourceId } from '../model/resource';

/** So many are asked about again and again; who reads a whole tree looks at few of its folders. */
const mostFolders = 64;
/** How long the explorer takes to read its open folders again, on a server that is slow. */
const settleMs = 15_000;
/** It may begin before we hear that the window is in front. */
const headStartMs = 2_000;

/**
 * Which folders somebody has unfolded. Nobody tells of that, but the editor reads every open folder again when its
 * window comes to the front, and reads none while one works in it: what is not read again then was folded away.
 */
export class ExpandedFolders implements Disposable {
  /** When each was read last, the oldest first. */
  private readonly readAt = new Map<ResourceId, number>();
  private settling: Disposable | undefined;

  constructor(
    private readonly clock: Clock,
    private inFront: boolean,
  ) {}

  all(): ResourceId[] {
    return [...this.readAt.keys()];
  }

  /** The editor reads the folder. */
  read(folder: ResourceId): void {
    this.readAt.delete(folder);
    this.readAt.set(folder, this.clock.now().mono);
    const [oldest] = this.readAt.keys();
    if (oldest !== undefined && this.readAt.size > mostFolders) this.readAt.delete(oldest);
  }

  /** The window is in front, or not. Only its coming there makes the editor read again. */
  windowIs(inFront: boolean): void {
    const came = inFront && !this.inFront;
    this.inFront = inFront;
    if (!came) return;
    const since = this.clock.now().mono - headStartMs;
    this.settling?.dispose();
    this.settling = this.clock.after(settleMs, () => this.dropUnread(since));
  }

  /** The folder is gone, with all that was in it. */
  forget(root: ResourceId): void {
    for (const id of this.all()) if (isWithin(id, root)) this.readAt.delete(id);
  }

  dispose(): void {
    this.settling?.dispose();
  }

  private dropUnread(since: number): void {
    for (const [id, at] of this.readAt) if (at < since) this.readAt.delete(id);
  }
}
