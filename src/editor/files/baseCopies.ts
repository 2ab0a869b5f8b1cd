import { EventEmitter, Uri, workspace, type TextDocumentContentProvider } from 'vscode';
import { Owner } from '../../base/disposable';
import { nameOf, type ResourceId } from '../../core/model/resource';
import type { BaseVersions } from '../../core/saving/baseVersions';
import { isRemote, toResource, toUri } from '../uris';
import type { Documents } from './documents';

export const baseScheme = 'lock-status-base';

export interface BaseCopiesDeps {
  readonly baseVersions: BaseVersions;
  readonly documents: Pick<Documents, 'find'>;
}

/** Shows the server's version that an editor's text began with, from memory: what the gutter compares with. */
export class BaseCopies extends Owner implements TextDocumentContentProvider {
  private readonly changed = this.owned.add(new EventEmitter<Uri>());

  readonly onDidChange = this.changed.event;

  constructor(private readonly deps: BaseCopiesDeps) {
    super();
    this.owned.add(deps.baseVersions.onDidChangeShown((resource) => this.changed.fire(baseUri(resource))));
  }

  /** Undefined where the version's content is not in memory, as after a restart. */
  uriOf(file: Uri): Uri | undefined {
    if (!isRemote(file)) return undefined;
    const resource = toResource(file);
    return this.deps.baseVersions.of(resource)?.bytes ? baseUri(resource) : undefined;
  }

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    const resource = uri.query as ResourceId;
    const bytes = this.deps.baseVersions.of(resource)?.bytes;
    if (!bytes) return '';
    const document = this.deps.documents.find(resource);
    // As its editor reads it, which may use another encoding than the settings say.
    return document
      ? workspace.decode(bytes, { encoding: document.encoding })
      : workspace.decode(bytes, { uri: toUri(resource) });
  }
}

function baseUri(resource: ResourceId): Uri {
  // The path only names the tab and selects the language.
  return Uri.from({ scheme: baseScheme, path: `/${nameOf(resource)}`, query: resource });
}
