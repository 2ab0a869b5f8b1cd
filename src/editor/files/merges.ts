import { randomBytes } from 'node:crypto';
import { Range, Uri, workspace, WorkspaceEdit, type TextDocument } from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';
import type { RemoteContent } from '../../core/model/ports';
import { nameOf, type ResourceId } from '../../core/model/resource';
import type { BaseVersions } from '../../core/saving/baseVersions';
import type { Documents } from './documents';

export interface MergesDeps {
  /** For results on their way. */
  readonly folder: Uri;
  readonly baseVersions: BaseVersions;
  readonly documents: Documents;
}

/**
 * Merges under way. A result goes into a file of its own: a save of the document while somebody still merges must stay
 * the conflict that it is. Each time the result is saved its text comes into the document, unsaved; saving that replaces
 * exactly the version that was merged.
 */
export class Merges implements Disposable {
  private readonly owned = new Disposables();
  private readonly underWay = new Map<
    string,
    { readonly resource: ResourceId; readonly with: RemoteContent }
  >();

  constructor(private readonly deps: MergesDeps) {
    this.owned.add(
      workspace.onDidSaveTextDocument((document) => {
        const merge = this.underWay.get(document.uri.toString());
        if (merge) void this.take(merge.resource, document.getText(), merge.with);
      }),
    );
    this.owned.add(workspace.onDidCloseTextDocument(({ uri }) => void this.end(uri)));
  }

  /** The file for the result, which begins as the person's own text. */
  async begin(resource: ResourceId, mine: Uint8Array, theirs: RemoteContent): Promise<Uri> {
    const name = nameOf(resource).replace(/[\\/:*?"<>|\p{Cc}]/gu, '_');
    const output = Uri.joinPath(this.deps.folder, randomBytes(6).toString('hex'), name);
    await workspace.fs.writeFile(output, mine);
    this.underWay.set(output.toString(), { resource, with: theirs });
    return output;
  }

  dispose(): void {
    this.owned.dispose();
  }

  private async take(resource: ResourceId, text: string, theirs: RemoteContent): Promise<void> {
    const document = this.deps.documents.find(resource);
    if (!document) return;
    // A result that is the person's own text is a decision too.
    if (document.getText() === text || (await replaceAll(document, text)))
      this.deps.baseVersions.saw(resource, { ...theirs, certain: true });
  }

  private async end(output: Uri): Promise<void> {
    if (!this.underWay.delete(output.toString())) return;
    await workspace.fs.delete(Uri.joinPath(output, '..'), { recursive: true });
  }
}

function replaceAll(document: TextDocument, text: string): Thenable<boolean> {
  const whole = new Range(document.positionAt(0), document.positionAt(document.getText().length));
  const edit = new WorkspaceEdit();
  edit.replace(document.uri, whole, text);
  return workspace.applyEdit(edit);
}
