import { EventEmitter, Uri, workspace, type TextDocumentContentProvider } from 'vscode';
import { Owner } from '../../base/disposable';
import { nameOf, type ResourceId } from '../../core/model/resource';
import { isFailure } from '../../core/model/failure';
import type { RemoteContent } from '../../core/model/ports';
import type { BaseVersion, BaseVersions } from '../../core/saving/baseVersions';
import { isRemote, toResource, toUri } from '../uris';
import type { Documents } from './documents';

export const baseScheme = 'lock-status-base';

export interface BaseCopiesDeps {
  readonly baseVersions: BaseVersions;
  readonly documents: Pick<Documents, 'find'>;
  /** Reads the content that the server has now; rejects with a RemoteFailure. */
  readonly readCurrent: (resource: ResourceId) => Promise<RemoteContent>;
}

/** Shows the server's version that an editor's text began with: what the gutter compares with. */
export class BaseCopies extends Owner implements TextDocumentContentProvider {
  private readonly changed = this.owned.add(new EventEmitter<Uri>());

  /** Base versions that the server has no more: they are not read again. */
  private readonly replaced = new WeakSet<BaseVersion>();

  readonly onDidChange = this.changed.event;

  constructor(private readonly deps: BaseCopiesDeps) {
    super();
    this.owned.add(deps.baseVersions.onDidChangeShown((resource) => this.changed.fire(baseUri(resource))));
  }

  /** Undefined where the version's content is nowhere any more, as after a restart when somebody has changed it. */
  async uriOf(file: Uri): Promise<Uri | undefined> {
    if (!isRemote(file)) return undefined;
    const resource = toResource(file);
    const base = this.deps.baseVersions.of(resource);
    if (!base) return undefined;
    return base.bytes || (await this.recall(resource, base)) ? baseUri(resource) : undefined;
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

  /** Only the digest outlives a restart: it tells whether the server still has that content. */
  private async recall(resource: ResourceId, base: BaseVersion): Promise<boolean> {
    const { baseVersions, readCurrent } = this.deps;
    if (!base.isContent || this.replaced.has(base)) return false;
    try {
      const { bytes } = await readCurrent(resource);
      if (base.isContent(bytes)) return baseVersions.recall(resource, base, bytes);
      this.replaced.add(base);
      return false;
    } catch (error) {
      if (!isFailure(error)) throw error;
      return false;
    }
  }
}

function baseUri(resource: ResourceId): Uri {
  // The path only names the tab and selects the language.
  return Uri.from({ scheme: baseScheme, path: `/${nameOf(resource)}`, query: resource });
}
