import { Disposables, type Disposable } from '../../base/disposable';
import { Emitter, type Event } from '../../base/emitter';
import type { BlockedSaves } from './blockedSaves';
import type { EditLocks } from '../leases/editLocks';
import type { LockStore } from '../locks/lockStore';
import type { OpenDocuments } from '../leases/openDocuments';
import type { ResourceId } from '../model/resource';
import type { BaseVersions } from './baseVersions';

/** A text on the screen, as it was at that moment. */
export interface ShownText {
  readonly resource: ResourceId;
  /** Whether these bytes read as that text. */
  readonly isOf: (bytes: Uint8Array) => Promise<boolean>;
}

/** What happens to the open documents. */
export interface DocumentNews {
  readonly onDidOpen: Event<ResourceId>;
  /** The person (or a program for them) changed the text. */
  readonly onDidEdit: Event<ResourceId>;
  /** The document was opened, loaded again, or is about to be edited: VS Code tells the last two apart too late. */
  readonly onDidShow: Event<ShownText>;
  /** No unsaved changes any more: they were saved or thrown away. */
  readonly onDidClean: Event<ResourceId>;
  readonly onDidClose: Event<ResourceId>;
}

export interface DocumentLifeDeps {
  readonly documents: DocumentNews & Pick<OpenDocuments, 'isOpen'>;
  readonly blockedSaves: BlockedSaves;
  readonly editLocks: EditLocks;
  readonly baseVersions: BaseVersions;
  readonly store: LockStore;
}

/**
 * What happens to documents, told to the locks, texts and versions that it concerns. A text comes to its end in one
 * place, `BlockedSaves`; waits, the journal and a lost lock listen to that.
 */
export class DocumentLife implements Disposable {
  private readonly owned = new Disposables();
  private readonly based = this.owned.add(new Emitter<ResourceId>());

  /** It is known what the text of a document was made from. */
  readonly onDidBase = this.based.event;

  constructor(private readonly deps: DocumentLifeDeps) {
    const { documents, blockedSaves, editLocks, baseVersions, store } = deps;
    this.owned.add(documents.onDidOpen((id) => editLocks.opened(id)));
    this.owned.add(documents.onDidEdit((id) => editLocks.edited(id)));
    this.owned.add(documents.onDidShow((text) => void this.base(text)));
    // A text that was saved has landed before: what is left to end now was thrown away.
    this.owned.add(documents.onDidClean((id) => blockedSaves.givenUp(id, 'reverted')));
    this.owned.add(
      documents.onDidClose((id) => {
        blockedSaves.givenUp(id, 'closed');
        baseVersions.closed(id);
        editLocks.closed(id);
      }),
    );
    // A lost lock matters as long as there is text that needed it.
    this.owned.add(blockedSaves.onDidEnd(({ resource }) => store.apply({ kind: 'lossSettled', resource })));
  }

  dispose(): void {
    this.owned.dispose();
  }

  /**
   * Another extension may have read the file since: only the read whose bytes are the text was seen by the person. A
   * text that is nobody's bytes (of a coding that cannot be told) rests on the last read, as long as it rests on nothing.
   */
  private async base({ resource, isOf }: ShownText): Promise<void> {
    const { documents, baseVersions } = this.deps;
    const before = baseVersions.shownOf(resource);
    const reads = baseVersions.readsOf(resource);
    const matches = await Promise.all(reads.map(async ({ bytes }) => bytes !== undefined && isOf(bytes)));
    // Saved or closed meanwhile.
    if (baseVersions.shownOf(resource) !== before || !documents.isOpen(resource)) return;
    const read = reads[matches.indexOf(true)] ?? (before ? undefined : reads[0]);
    if (!read) return;
    baseVersions.saw(resource, read);
    this.based.fire(resource);
  }
}
