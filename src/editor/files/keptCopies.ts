import { Uri, workspace, type TextDocumentContentProvider } from 'vscode';
import type { KeptText } from '../../core/saving/keptText';
import { nameOf, type ResourceId } from '../../core/model/resource';
import { toUri } from '../uris';

export const keptScheme = 'lock-status-kept';

type Part = 'text' | 'base';

/** Kept texts as documents that nobody can type into: for looking at them when no server is there. */
export class KeptCopies implements TextDocumentContentProvider {
  private readonly shown = new Map<string, { readonly resource: ResourceId; readonly bytes: Uint8Array }>();
  private serial = 0;

  /** The address under which the bytes can be shown from now on. */
  show(text: KeptText, part: Part, bytes: Uint8Array): Uri {
    // A new refusal keeps the id and changes the text; the editor must not take one for the other.
    return this.put(`${text.id} ${part} ${text.since}`, text.resource, bytes);
  }

  /** The same for bytes that are on their way into a merge. */
  showBytes(resource: ResourceId, part: string, bytes: Uint8Array): Uri {
    return this.put(`${(this.serial += 1)} ${part}`, resource, bytes);
  }

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    const shown = this.shown.get(uri.query);
    // As the file itself is read: its folder or language may be set to an encoding of its own.
    return shown ? workspace.decode(shown.bytes, { uri: toUri(shown.resource) }) : '';
  }

  private put(key: string, resource: ResourceId, bytes: Uint8Array): Uri {
    this.shown.set(key, { resource, bytes });
    // The path only names the tab and chooses the language.
    return Uri.from({ scheme: keptScheme, path: `/${nameOf(resource)}`, query: key });
  }
}
