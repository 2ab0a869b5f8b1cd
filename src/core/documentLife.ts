import { Disposables, type Disposable } from '../base/disposable';
import type { Event } from '../base/emitter';
import type { BlockedSaves } from './blockedSaves';
import type { EditLocks } from './editLocks';
import type { LockStore } from './lockStore';
import type { ResourceId } from './resource';
import type { SeenVersions } from './seenVersions';

/** What happens to the open documents. */
export interface DocumentNews {
  readonly onDidOpen: Event<ResourceId>;
  /** The person (or a program for them) changed the text. */
  readonly onDidEdit: Event<ResourceId>;
  /** The document shows what was read last: it was opened or loaded again. */
  readonly onDidShow: Event<ResourceId>;
  /** No unsaved changes any more: they were saved or thrown away. */
  readonly onDidClean: Event<ResourceId>;
  readonly onDidClose: Event<ResourceId>;
}

export interface DocumentLifeDeps {
  readonly documents: DocumentNews;
  readonly blocked: BlockedSaves;
  readonly editLocks: EditLocks;
  readonly seen: SeenVersions;
  readonly store: LockStore;
}

/**
 * What happens to documents, told to the locks, texts and versions that it concerns. A text comes to its end in one
 * place, `BlockedSaves`; waits, the journal and a lost lock listen to that.
 */
export class DocumentLife implements Disposable {
  private readonly owned = new Disposables();

  constructor({ documents, blocked, editLocks, seen, store }: DocumentLifeDeps) {
    this.owned.add(documents.onDidOpen((id) => editLocks.opened(id)));
    this.owned.add(documents.onDidEdit((id) => editLocks.edited(id)));
    this.owned.add(
      documents.onDidShow((id) => {
        const read = seen.lastRead(id);
        if (read) seen.saw(id, read);
      }),
    );
    // A text that was saved has landed before: what is left to end now was thrown away.
    this.owned.add(documents.onDidClean((id) => blocked.givenUp(id, 'reverted')));
    this.owned.add(
      documents.onDidClose((id) => {
        blocked.givenUp(id, 'closed');
        seen.closed(id);
        editLocks.closed(id);
      }),
    );
    // A lost lock matters as long as there is text that needed it.
    this.owned.add(blocked.onDidEnd(({ resource }) => store.apply({ kind: 'lossSettled', resource })));
  }

  dispose(): void {
    this.owned.dispose();
  }
}
