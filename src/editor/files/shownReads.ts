import type { ResourceId } from '../../core/model/resource';
import { sameBytes, type BaseVersion, type BaseVersions } from '../../core/saving/baseVersions';

/** The open notebooks, custom editors and text editors without a document. */
export interface NonTextTabs {
  isInNonTextEditor(resource: ResourceId): boolean;
  isInTextTab(resource: ResourceId): boolean;
  isDirty(resource: ResourceId): boolean;
}

export interface ShownReadsDeps {
  readonly baseVersions: BaseVersions;
  readonly tabs: NonTextTabs;
  /** Reports the file as changed, so that a tab that is not dirty loads it again. */
  readonly onStale: (resource: ResourceId) => void;
}

/**
 * Notebooks, custom editors and texts too large for a document do not report when they load a file, so the read after a tab opens or a change is
 * reported counts as the tab's. Any other read with new content may be another reader's: it makes the tab reload,
 * and that read counts.
 */
export class ShownReads {
  private readonly due = new Set<ResourceId>();

  constructor(private readonly deps: ShownReadsDeps) {}

  /** The tab loads the file next, unless it is dirty. */
  expect(resource: ResourceId): void {
    if (this.deps.tabs.isInNonTextEditor(resource)) this.due.add(resource);
  }

  read(resource: ResourceId, base: BaseVersion): void {
    const { baseVersions, tabs } = this.deps;
    const shown = baseVersions.shownOf(resource);
    // Unsaved changes are based on the read before them; a tab reads while still dirty when it reverts them.
    if (!tabs.isInNonTextEditor(resource) || tabs.isDirty(resource)) return baseVersions.read(resource, base);
    const isSame =
      shown?.bytes !== undefined && base.bytes !== undefined && sameBytes(shown.bytes, base.bytes);
    if (this.due.delete(resource) || !shown || isSame) return baseVersions.setShown(resource, base);
    // A text editor that is still loading gets a document soon, which tells whose read this was.
    baseVersions.read(resource, base);
    this.reload(resource);
  }

  opened(resource: ResourceId): void {
    const { baseVersions, tabs } = this.deps;
    const [read] = tabs.isInTextTab(resource) ? [] : baseVersions.readsOf(resource);
    // A notebook may be loaded before there is a tab; otherwise, and always for text, the tab loads it now.
    if (read && !baseVersions.shownOf(resource)) baseVersions.setShown(resource, read);
    else this.due.add(resource);
  }

  /** The tab is no longer dirty: it was saved, or reverted by the read just before. */
  cleaned(resource: ResourceId): void {
    const { baseVersions, tabs } = this.deps;
    const [read] = tabs.isInNonTextEditor(resource) ? baseVersions.readsOf(resource) : [];
    if (!read) return;
    baseVersions.setShown(resource, read);
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
