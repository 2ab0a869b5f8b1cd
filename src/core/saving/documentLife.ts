import { Owner } from '../../base/disposable';
import type { Event } from '../../base/emitter';
import type { BlockedSaves } from './blockedSaves';
import type { EditLocks } from '../leases/editLocks';
import type { LockStore } from '../locks/lockStore';
import type { OpenDocuments } from '../leases/openDocuments';
import type { ResourceId } from '../model/resource';
import { madeFromOf, type BaseVersions } from './baseVersions';

/** The text of a document at one moment. */
export interface ShownText {
  readonly resource: ResourceId;
  /** Whether these bytes decode to that text. */
  readonly matches: (bytes: Uint8Array) => Promise<boolean>;
}

/** Events of the open documents. */
export interface DocumentEvents {
  readonly onDidOpen: Event<ResourceId>;
  /** The user, or a program for them, changed the text. */
  readonly onDidEdit: Event<ResourceId>;
  /** The document was opened, reloaded, or is about to be edited: VS Code distinguishes the last two too late. */
  readonly onDidShow: Event<ShownText>;
  /** No unsaved changes are left: they were saved or reverted. */
  readonly onDidClean: Event<ResourceId>;
  readonly onDidClose: Event<ResourceId>;
  /** No tab shows it any more; the document may stay open without one. */
  readonly onDidHide: Event<ResourceId>;
}

export interface DocumentLifeDeps {
  readonly documents: DocumentEvents & Pick<OpenDocuments, 'isOpen' | 'isDirty'>;
  readonly blockedSaves: BlockedSaves;
  readonly editLocks: EditLocks;
  readonly baseVersions: BaseVersions;
  readonly store: LockStore;
}

/**
 * Passes document events to the locks, texts and versions concerned. A text ends in one place, `BlockedSaves`;
 * waits, the journal and lost locks listen to that.
 */
export class DocumentLife extends Owner {
  constructor(private readonly deps: DocumentLifeDeps) {
    super();
    const { documents, blockedSaves, editLocks, baseVersions, store } = deps;
    this.owned.add(documents.onDidOpen((id) => editLocks.opened(id)));
    this.owned.add(documents.onDidEdit((id) => editLocks.edited(id)));
    this.owned.add(documents.onDidShow((text) => void this.setBase(text)));
    this.owned.add(documents.onDidHide((id) => editLocks.closed(id)));
    this.owned.add(
      documents.onDidClean((id) => {
        // A saved text has landed before this event: whatever is left was reverted.
        blockedSaves.discarded(id, 'reverted');
        baseVersions.endOverwrite(id);
        editLocks.cleaned(id);
      }),
    );
    this.owned.add(
      documents.onDidClose((id) => {
        blockedSaves.discarded(id, 'closed');
        baseVersions.closed(id);
        editLocks.closed(id);
      }),
    );
    // A lost lock matters only while there is text that needed it.
    this.owned.add(blockedSaves.onDidEnd(({ resource }) => store.apply({ kind: 'lossSettled', resource })));
  }

  /**
   * Another extension may have read the file since: only the read whose bytes match the text is its base. If none
   * matches (unknown encoding), the last read is used, unless there is a base already, or the text is unsaved: then
   * it may be one that VS Code restored, made from another version.
   */
  private async setBase({ resource, matches }: ShownText): Promise<void> {
    const { documents, baseVersions } = this.deps;
    const before = baseVersions.shownOf(resource);
    const reads = baseVersions.readsOf(resource);
    const results = await Promise.all(reads.map(async ({ bytes }) => bytes !== undefined && matches(bytes)));
    // The document was saved or closed meanwhile.
    const isSameText = madeFromOf(baseVersions.shownOf(resource)) === madeFromOf(before);
    if (!isSameText || !documents.isOpen(resource)) return;
    const read =
      reads[results.indexOf(true)] ?? (before || documents.isDirty(resource) ? undefined : reads[0]);
    if (read) baseVersions.setShown(resource, read);
  }
}
