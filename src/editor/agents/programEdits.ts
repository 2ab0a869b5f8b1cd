import { window, workspace } from 'vscode';
import { Owner } from '../../base/disposable';
import type { ResourceId } from '../../core/model/resource';
import type { Documents } from '../files/documents';
import { isRemote, toResource } from '../uris';

/**
 * The open files whose last change was not made in the editor in front: a person types only there, so it was a program's,
 * perhaps an agent's. Only words depend on it.
 */
export class ProgramEdits extends Owner {
  private readonly edited = new Set<ResourceId>();

  constructor(documents: Pick<Documents, 'onDidClean' | 'onDidClose'>) {
    super();
    this.owned.add(
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length === 0 || !isRemote(document.uri)) return;
        const resource = toResource(document.uri);
        if (window.activeTextEditor?.document === document) this.edited.delete(resource);
        else this.edited.add(resource);
      }),
    );
    this.owned.add(documents.onDidClean((resource) => this.edited.delete(resource)));
    this.owned.add(documents.onDidClose((resource) => this.edited.delete(resource)));
  }

  has(resource: ResourceId): boolean {
    return this.edited.has(resource);
  }
}
