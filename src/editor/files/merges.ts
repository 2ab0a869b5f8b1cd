import { randomBytes } from 'node:crypto';
import { Range, Uri, workspace, WorkspaceEdit, type TextDocument } from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';
import type { RemoteContent } from '../../core/model/ports';
import { nameOf, type ResourceId } from '../../core/model/resource';
import type { BaseVersions } from '../../core/saving/baseVersions';
import type { Documents } from './documents';

export interface MergesDeps {
  /** Holds the result files of open merges. */
  readonly folder: Uri;
  readonly baseVersions: BaseVersions;
  readonly documents: Documents;
}

/**
 * Open merges. Each result is a separate file, because a save of the document during a merge must stay a conflict;
 * a saved result is copied into the document as an unsaved change, whose save overwrites exactly the merged
 * version.
 */
export class Merges implements Disposable {
  private readonly owned = new Disposables();
  private readonly openMerges = new Map<
    string,
    { readonly resource: ResourceId; readonly with: RemoteContent }
  >();

  constructor(private readonly deps: MergesDeps) {
    this.owned.add(
      workspace.onDidSaveTextDocument((document) => {
        const merge = this.openMerges.get(document.uri.toString());
        if (merge) void this.apply(merge.resource, document.getText(), merge.with);
      }),
    );
    this.owned.add(workspace.onDidCloseTextDocument(({ uri }) => void this.close(uri)));
  }

  /** Creates the result file, initially with the user's own text. */
  async begin(resource: ResourceId, mine: Uint8Array, theirs: RemoteContent): Promise<Uri> {
    const name = nameOf(resource).replace(/[\\/:*?"<>|\p{Cc}]/gu, '_');
    const output = Uri.joinPath(this.deps.folder, randomBytes(6).toString('hex'), name);
    await workspace.fs.writeFile(output, mine);
    this.openMerges.set(output.toString(), { resource, with: theirs });
    return output;
  }

  dispose(): void {
    this.owned.dispose();
  }

  private async apply(resource: ResourceId, text: string, theirs: RemoteContent): Promise<void> {
    const document = this.deps.documents.find(resource);
    if (!document) return;
    // Keeping the user's own text is a decision too.
    if (document.getText() === text || (await replaceAll(document, text)))
      this.deps.baseVersions.setShown(resource, { ...theirs, certain: true });
  }

  private async close(output: Uri): Promise<void> {
    if (!this.openMerges.delete(output.toString())) return;
    await workspace.fs.delete(Uri.joinPath(output, '..'), { recursive: true });
  }
}

function replaceAll(document: TextDocument, text: string): Thenable<boolean> {
  const whole = new Range(document.positionAt(0), document.positionAt(document.getText().length));
  const edit = new WorkspaceEdit();
  edit.replace(document.uri, whole, text);
  return workspace.applyEdit(edit);
}
