import { window, workspace, type Tab, type TextDocument } from 'vscode';
import { Owner } from '../../base/disposable';
import { Emitter } from '../../base/emitter';
import type { DocumentEvents, ShownText } from '../../core/saving/documentLife';
import type { OpenDocuments } from '../../core/leases/openDocuments';
import { sameBytes } from '../../core/saving/baseVersions';
import type { ResourceId } from '../../core/model/resource';
import { isRemote, toResource, toUri } from '../uris';
import { fileOf, hasTab, type OpenFiles } from './openFiles';

/** The open remote documents and their events, by resource ID. */
export class Documents extends Owner implements OpenDocuments, DocumentEvents {
  private readonly opened = this.owned.add(new Emitter<ResourceId>());
  private readonly edited = this.owned.add(new Emitter<ResourceId>());
  private readonly shown = this.owned.add(new Emitter<ShownText>());
  private readonly cleaned = this.owned.add(new Emitter<ResourceId>());
  private readonly closed = this.owned.add(new Emitter<ResourceId>());
  private readonly hidden = this.owned.add(new Emitter<ResourceId>());

  readonly onDidOpen = this.opened.event;
  readonly onDidEdit = this.edited.event;
  readonly onDidShow = this.shown.event;
  readonly onDidClean = this.cleaned.event;
  readonly onDidClose = this.closed.event;
  readonly onDidHide = this.hidden.event;

  constructor(
    private readonly openFiles: Pick<OpenFiles, 'isDirty' | 'isInNonTextEditor' | 'onDidChangeDirty'>,
  ) {
    super();
    const on = (run: (document: TextDocument, id: ResourceId) => void) => (document: TextDocument) => {
      if (isRemote(document.uri)) run(document, toResource(document.uri));
    };
    this.owned.add(workspace.onDidOpenTextDocument(on((document, id) => this.handleOpen(document, id))));
    this.owned.add(
      workspace.onDidChangeTextDocument(({ document, contentChanges }) =>
        on((_, id) => this.handleChange(document, id, contentChanges.length > 0))(document),
      ),
    );
    this.owned.add(workspace.onDidCloseTextDocument(on((_, id) => this.handleClose(id))));
    this.owned.add(openFiles.onDidChangeDirty((ids) => this.handleDirty(ids)));
    this.owned.add(window.tabGroups.onDidChangeTabs(({ closed }) => this.handleClosedTabs(closed)));
  }

  /** Reports the documents that were open before the listeners were registered. */
  start(): void {
    for (const document of workspace.textDocuments) {
      if (isRemote(document.uri)) this.handleOpen(document, toResource(document.uri));
    }
  }

  isOpen(resource: ResourceId): boolean {
    return this.find(resource) !== undefined;
  }

  isShown(resource: ResourceId): boolean {
    return hasTab(resource);
  }

  async holds(resource: ResourceId, bytes: Uint8Array): Promise<boolean> {
    const document = this.find(resource);
    if (!document) return false;
    const text = document.getText();
    const encoded = await workspace.encode(text, { encoding: document.encoding });
    return document.getText() === text && sameBytes(encoded, bytes);
  }

  isDirty(resource: ResourceId): boolean {
    return this.openFiles.isDirty(resource);
  }

  async save(resource: ResourceId): Promise<boolean> {
    const document = this.find(resource);
    // A comparison shows the file of a notebook as text, which is not what is to be saved.
    const isText = document && !this.openFiles.isInNonTextEditor(resource);
    return isText ? document.save() : (await workspace.save(toUri(resource))) !== undefined;
  }

  find(resource: ResourceId): TextDocument | undefined {
    return workspace.textDocuments.find(
      ({ uri, isClosed }) => !isClosed && isRemote(uri) && toResource(uri) === resource,
    );
  }

  private handleOpen(document: TextDocument, id: ResourceId): void {
    if (!document.isDirty) this.shown.fire(shownText(document, id));
    this.opened.fire(id);
    // Unsaved text that VS Code restored after a restart counts as edited now.
    if (document.isDirty) this.handleChange(document, id, true);
  }

  private handleChange(document: TextDocument, id: ResourceId, text: boolean): void {
    if (document.isDirty) this.edited.fire(id);
    // A change while not dirty means the text was loaded or gets dirty with the next event.
    else if (text) this.shown.fire(shownText(document, id));
  }

  private handleDirty(ids: readonly ResourceId[]): void {
    for (const id of ids) {
      if (this.isDirty(id)) continue;
      if (this.isOpen(id) || hasTab(id)) this.cleaned.fire(id);
      // Of a notebook or a custom editor, only its tab tells.
      else this.closed.fire(id);
    }
  }

  private handleClosedTabs(tabs: readonly Tab[]): void {
    const files = tabs.map(fileOf).filter((id) => id !== undefined);
    for (const id of new Set(files)) if (!hasTab(id)) this.hidden.fire(id);
  }

  private handleClose(id: ResourceId): void {
    if (!this.isOpen(id)) this.closed.fire(id);
  }
}

function shownText(document: TextDocument, resource: ResourceId): ShownText {
  const text = normalized(document.getText());
  const matches = async (bytes: Uint8Array) =>
    normalized(await workspace.decode(bytes, { encoding: document.encoding })) === text;
  return { resource, matches };
}

/** Removes what VS Code normalizes when it loads a text: line endings and the byte order mark. */
export function normalized(text: string): string {
  return text.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
}
