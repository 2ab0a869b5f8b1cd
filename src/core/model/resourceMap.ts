import { parentOf, type ResourceId } from './resource';

/**
 * A map by resource with an index of children: what is asked of a subtree costs no more than the subtree, however much
 * else is known.
 */
export class ResourceMap<V> {
  private readonly values = new Map<ResourceId, V>();
  /** By folder: the children that are known, or below which something is. */
  private readonly children = new Map<ResourceId, Set<ResourceId>>();

  get size(): number {
    return this.values.size;
  }

  get(id: ResourceId): V | undefined {
    return this.values.get(id);
  }

  has(id: ResourceId): boolean {
    return this.values.has(id);
  }

  set(id: ResourceId, value: V): void {
    const { size } = this.values;
    this.values.set(id, value);
    if (this.values.size > size) this.link(id);
  }

  delete(id: ResourceId): boolean {
    const isKnown = this.values.delete(id);
    if (isKnown) this.unlink(id);
    return isKnown;
  }

  /** Whether anything is known below it. */
  hasBelow(id: ResourceId): boolean {
    return this.children.has(id);
  }

  /** What is known below a folder. It may change meanwhile: what is added then may be left out. */
  *below(root: ResourceId): Generator<ResourceId, void> {
    // No recursion: a path may have thousands of segments.
    const folders = [root];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      for (const child of this.children.get(folder) ?? []) {
        if (this.values.has(child)) yield child;
        if (this.children.has(child)) folders.push(child);
      }
    }
  }

  /** Deletes the resource and everything below it; returns what was known of them. */
  deleteWithin(root: ResourceId): ResourceId[] {
    const found = [...(this.values.has(root) ? [root] : []), ...this.below(root)];
    for (const id of found) this.delete(id);
    return found;
  }

  keys(): IterableIterator<ResourceId> {
    return this.values.keys();
  }

  entries(): IterableIterator<[ResourceId, V]> {
    return this.values.entries();
  }

  private link(id: ResourceId): void {
    for (let child = id, folder = parentOf(id); folder; child = folder, folder = parentOf(folder)) {
      const siblings = this.children.get(folder);
      if (siblings) return void siblings.add(child);
      this.children.set(folder, new Set([child]));
      if (this.values.has(folder)) return;
    }
  }

  private unlink(id: ResourceId): void {
    for (let child = id, folder = parentOf(id); folder; child = folder, folder = parentOf(folder)) {
      if (this.values.has(child) || this.children.has(child)) return;
      const siblings = this.children.get(folder);
      siblings?.delete(child);
      if (siblings?.size === 0) this.children.delete(folder);
    }
  }
}
