import { EventEmitter, Uri, workspace, type TextDocumentContentProvider } from 'vscode';
import { percentDecoded } from '../../base/untrusted';
import { Owner } from '../../base/disposable';
import { Emitter } from '../../base/emitter';
import type { RemoteContent } from '../../core/model/ports';
import { pathOf, type ResourceId } from '../../core/model/resource';
import { toUri } from '../uris';

export const copyScheme = 'lock-status-server';

/** Shows a file's server content, read again for each comparison, as a read-only document. */
export class ServerCopies extends Owner implements TextDocumentContentProvider {
  private readonly shown = new Map<ResourceId, RemoteContent>();
  private readonly changed = this.owned.add(new EventEmitter<Uri>());
  private readonly compared = this.owned.add(new Emitter<ResourceId>());
  /** For VS Code: the document of this URI has new content. */
  readonly onDidChange = this.changed.event;
  /** A file was compared, or is no longer. */
  readonly onDidCompare = this.compared.event;

  /** @param readCurrent reads the content that the server has now; rejects with a RemoteFailure. */
  constructor(private readonly readCurrent: (resource: ResourceId) => Promise<RemoteContent>) {
    super();
  }

  /** Reads the server's content and returns the URI that shows it. Rejects with a RemoteFailure. */
  async fetch(resource: ResourceId): Promise<Uri> {
    await this.read(resource);
    return copyUri(resource);
  }

  /** Reads the server's content; where it is shown already, the new one is shown. Rejects with a RemoteFailure. */
  async read(resource: ResourceId): Promise<RemoteContent> {
    const content = await this.readCurrent(resource);
    this.shown.set(resource, content);
    this.changed.fire(copyUri(resource));
    this.compared.fire(resource);
    return content;
  }

  /** The files that have been compared with the server and are still open. */
  all(): IterableIterator<ResourceId> {
    return this.shown.keys();
  }

  /** The content that the user was shown last. */
  of(resource: ResourceId): RemoteContent | undefined {
    return this.shown.get(resource);
  }

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    const resource = uri.query as ResourceId;
    const content = this.shown.get(resource);
    // Decoded like the file itself, whose folder or language may have its own encoding setting.
    return content ? workspace.decode(content.bytes, { uri: toUri(resource) }) : '';
  }

  forget(resource: ResourceId): void {
    if (this.shown.delete(resource)) this.compared.fire(resource);
  }
}

/** The path only names the tab and selects the language. */
function copyUri(resource: ResourceId): Uri {
  const path = pathOf(resource);
  return Uri.from({ scheme: copyScheme, path: percentDecoded(path) ?? path, query: resource });
}
