import { workspace, type TextDocument } from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';
import { Emitter } from '../../base/emitter';
import type { DocumentNews, ShownText } from '../../core/saving/documentLife';
import type { OpenDocuments } from '../../core/leases/openDocuments';
import type { ResourceId } from '../../core/model/resource';
import { isRemote, toResource } from '../uris';

/** The open remote documents and what happens to them, in the core's words. */
export class Documents implements OpenDocuments, DocumentNews, Disposable {
  private readonly owned = new Disposables();
  private readonly dirtyBefore = new Set<ResourceId>();
  private readonly opened = this.owned.add(new Emitter<ResourceId>());
  private readonly edited = this.owned.add(new Emitter<ResourceId>());
  private readonly shown = this.owned.add(new Emitter<ShownText>());
  private readonly cleaned = this.owned.add(new Emitter<ResourceId>());
  private readonly closed = this.owned.add(new Emitter<ResourceId>());

  readonly onDidOpen = this.opened.event;
  readonly onDidEdit = this.edited.event;
  readonly onDidShow = this.shown.event;
  readonly onDidClean = this.cleaned.event;
  readonly onDidClose = this.closed.event;

  constructor() {
    const on = (run: (document: TextDocument, id: ResourceId) => void) => (document: TextDocument) => {
      if (isRemote(document.uri)) run(document, toResource(document.uri));
    };
    this.owned.add(workspace.onDidOpenTextDocument(on((document, id) => this.seeOpen(document, id))));
    this.owned.add(
      workspace.onDidChangeTextDocument(({ document, contentChanges }) =>
        on((_, id) => this.seeChange(document, id, contentChanges.length > 0))(document),
      ),
    );
    this.owned.add(workspace.onDidCloseTextDocument(on((_, id) => this.seeClose(id))));
  }

  /** Tells of what was open before this began to listen. */
  start(): void {
    for (const document of workspace.textDocuments) {
      if (isRemote(document.uri)) this.seeOpen(document, toResource(document.uri));
    }
  }

  isOpen(resource: ResourceId): boolean {
    return this.find(resource) !== undefined;
  }

  isDirty(resource: ResourceId): boolean {
    return this.find(resource)?.isDirty ?? false;
  }

  async save(resource: ResourceId): Promise<boolean> {
    return (await this.find(resource)?.save()) ?? false;
  }

  find(resource: ResourceId): TextDocument | undefined {
    return workspace.textDocuments.find(
      ({ uri, isClosed }) => !isClosed && isRemote(uri) && toResource(uri) === resource,
    );
  }

  dispose(): void {
    this.owned.dispose();
  }

  private seeOpen(document: TextDocument, id: ResourceId): void {
    if (!document.isDirty) this.shown.fire(shownText(document, id));
    this.opened.fire(id);
    // Text that outlived a restart of the window counts as edited now.
    if (document.isDirty) this.seeChange(document, id, true);
  }

  private seeChange(document: TextDocument, id: ResourceId, text: boolean): void {
    if (document.isDirty) {
      this.dirtyBefore.add(id);
      this.edited.fire(id);
      return;
    }
    // A text that changed without being dirty was loaded, or gets dirty with the next event; without a change it was
    // saved or found to be the same.
    if (text) this.shown.fire(shownText(document, id));
    if (this.dirtyBefore.delete(id)) this.cleaned.fire(id);
  }

  private seeClose(id: ResourceId): void {
    this.dirtyBefore.delete(id);
    if (!this.isOpen(id)) this.closed.fire(id);
  }
}

function shownText(document: TextDocument, resource: ResourceId): ShownText {
  const text = plainText(document.getText());
  const isOf = async (bytes: Uint8Array) =>
    plainText(await workspace.decode(bytes, { encoding: document.encoding })) === text;
  return { resource, isOf };
}

/** Without what VS Code makes uniform when it loads a text: the ends of lines, and the mark at the beginning. */
function plainText(text: string): string {
  return text.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
}
