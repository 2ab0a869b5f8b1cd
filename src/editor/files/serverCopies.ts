import { EventEmitter, Uri, workspace, type TextDocumentContentProvider } from 'vscode';
import type { RemoteContent, ServerOf } from '../../core/model/ports';
import { pathOf, type ResourceId } from '../../core/model/resource';
import { toUri } from '../uris';

export const copyScheme = 'lock-status-server';

/** The server's content of a file, read anew for each comparison, as a document that nobody can type into. */
export class ServerCopies implements TextDocumentContentProvider {
  private readonly shown = new Map<ResourceId, RemoteContent>();
  private readonly changed = new EventEmitter<Uri>();
  readonly onDidChange = this.changed.event;

  constructor(private readonly serverOf: ServerOf) {}

  /** Reads the server's content and gives the address under which it can be shown. Rejects with a RemoteFailure. */
  async fetch(resource: ResourceId): Promise<Uri> {
    const content = await this.serverOf(resource).read(resource);
    this.shown.set(resource, content);
    const uri = copyUri(resource);
    this.changed.fire(uri);
    return uri;
  }

  /** What the person was shown last. */
  of(resource: ResourceId): RemoteContent | undefined {
    return this.shown.get(resource);
  }

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    const resource = uri.query as ResourceId;
    const content = this.shown.get(resource);
    // As the file itself is read: its folder or language may be set to an encoding of its own.
    return content ? workspace.decode(content.bytes, { uri: toUri(resource) }) : '';
  }

  forget(resource: ResourceId): void {
    this.shown.delete(resource);
  }

  dispose(): void {
    this.changed.dispose();
  }
}

function copyUri(resource: ResourceId): Uri {
  return Uri.from({ scheme: copyScheme, path: decodeURIComponentSafely(pathOf(resource)), query: resource });
}

/** The path only names the tab and chooses the language. */
function decodeURIComponentSafely(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (error) {
    if (error instanceof URIError) return path;
    throw error;
  }
}
