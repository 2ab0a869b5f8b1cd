import { Uri, workspace, type TextDocumentContentProvider } from 'vscode';
import type { KeptText } from '../../core/keptText';
import { nameOf, type ResourceId } from '../../core/resource';

export const keptScheme = 'lock-status-kept';

type Part = 'text' | 'base';

/** Kept texts as documents that nobody can type into: for looking at them when no server is there. */
export class KeptCopies implements TextDocumentContentProvider {
  private readonly shown = new Map<string, Uint8Array>();
  private serial = 0;

  /** The address under which the bytes can be shown from now on. */
  show(text: KeptText, part: Part, bytes: Uint8Array): Uri {
    // A new refusal keeps the id and changes the text; the editor must not take one for the other.
    const key = `${text.id} ${part} ${text.since}`;
    this.shown.set(key, bytes);
    // The path only names the tab and chooses the language.
    return Uri.from({ scheme: keptScheme, path: `/${nameOf(text.resource)}`, query: key });
  }

  /** The same for bytes that are on their way into a merge. */
  showBytes(resource: ResourceId, part: string, bytes: Uint8Array): Uri {
    const key = `${(this.serial += 1)} ${part}`;
    this.shown.set(key, bytes);
    return Uri.from({ scheme: keptScheme, path: `/${nameOf(resource)}`, query: key });
  }

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    const bytes = this.shown.get(uri.query);
    return bytes ? workspace.decode(bytes) : '';
  }
}
