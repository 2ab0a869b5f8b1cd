import type { ResourceId } from '../../core/model/resource';
import { sameBytes, type BaseVersion, type BaseVersions } from '../../core/saving/baseVersions';

/** The open notebooks and custom editors. */
export interface OtherTabs {
  isOther(resource: ResourceId): boolean;
  isDirty(resource: ResourceId): boolean;
}

export interface ShownReadsDeps {
  readonly baseVersions: BaseVersions;
  readonly tabs: OtherTabs;
  /** Tells the editor that the file has changed, so that a tab without unsaved changes loads it again. */
  readonly onStale: (resource: ResourceId) => void;
}

/**
 * Notebooks and custom editors tell nobody when they load a file. So the read that follows the opening of a tab, or word
 * of a change, counts as the tab's. A read that brings something else without either may be anybody's: the tab is told
 * of a change, and what it reads then is what it shows.
 */
export class ShownReads {
  private readonly due = new Set<ResourceId>();

  constructor(private readonly deps: ShownReadsDeps) {}

  /** The tab will load the file now, if it has no unsaved changes. */
  expect(resource: ResourceId): void {
    if (this.deps.tabs.isOther(resource)) this.due.add(resource);
  }

  read(resource: ResourceId, base: BaseVersion): void {
    const { baseVersions, tabs } = this.deps;
    const shown = baseVersions.shownOf(resource);
    // Unsaved changes rest on what was loaded before them. A tab that throws them away reads while it still has them.
    if (!tabs.isOther(resource) || tabs.isDirty(resource)) return baseVersions.read(resource, base);
    const isSame =
      shown?.bytes !== undefined && base.bytes !== undefined && sameBytes(shown.bytes, base.bytes);
    if (this.due.delete(resource) || !shown || isSame) return baseVersions.saw(resource, base);
    this.reload(resource);
  }

  opened(resource: ResourceId): void {
    const { baseVersions } = this.deps;
    const [read] = baseVersions.readsOf(resource);
    // Loaded before there was a tab, as a program does it; else it is loaded now.
    if (read && !baseVersions.shownOf(resource)) baseVersions.saw(resource, read);
    else this.due.add(resource);
  }

  /** The tab has no unsaved changes any more: saved, or thrown away by a read just before. */
  cleaned(resource: ResourceId): void {
    const { baseVersions, tabs } = this.deps;
    const [read] = tabs.isOther(resource) ? baseVersions.readsOf(resource) : [];
    if (!read) return;
    baseVersions.saw(resource, read);
    this.reload(resource);
  }

  closed(resource: ResourceId): void {
    this.due.delete(resource);
    this.deps.baseVersions.closed(resource);
  }

  private reload(resource: ResourceId): void {
    this.due.add(resource);
    this.deps.onStale(resource);
  }
}
