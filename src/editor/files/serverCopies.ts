import { EventEmitter, Uri, workspace, type TextDocumentContentProvider } from 'vscode';
import type { RemoteContent, FilesOf } from '../../core/model/ports';
import { pathOf, type ResourceId } from '../../core/model/resource';
import { toUri } from '../uris';

export const copyScheme = 'lock-status-server';

/** Shows a file's server content, read again for each comparison, as a read-only document. */
export class ServerCopies implements TextDocumentContentProvider {
  private readonly shown = new Map<ResourceId, RemoteContent>();
  private readonly changed = new EventEmitter<Uri>();
  readonly onDidChange = this.changed.event;

  constructor(private readonly filesOf: FilesOf) {}

  /** Reads the server's content and returns the URI that shows it. Rejects with a RemoteFailure. */
  async fetch(resource: ResourceId): Promise<Uri> {
    const content = await this.filesOf(resource).read(resource);
    this.shown.set(resource, content);
    const uri = copyUri(resource);
    this.changed.fire(uri);
    return uri;
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
    this.shown.delete(resource);
  }

  dispose(): void {
    this.changed.dispose();
  }
}

function copyUri(resource: ResourceId): Uri {
  return Uri.from({ scheme: copyScheme, path: decodeURIComponentSafely(pathOf(resource)), query: resource });
}

/** The path only names the tab and selects the language. */
function decodeURIComponentSafely(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (error) {
    if (error instanceof URIError) return path;
    throw error;
  }
}
