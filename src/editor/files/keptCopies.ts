import { Uri, workspace, type TextDocumentContentProvider } from 'vscode';
import type { KeptText } from '../../core/saving/journalStore';
import { nameOf, type ResourceId } from '../../core/model/resource';
import { toUri } from '../uris';

export const keptScheme = 'lock-status-kept';

type Part = 'text' | 'base';

/** Shows kept texts as read-only documents that need no server. */
export class KeptCopies implements TextDocumentContentProvider {
  private readonly shown = new Map<string, { readonly resource: ResourceId; readonly bytes: Uint8Array }>();

  /** Registers the bytes and returns the URI that shows them. */
  show(text: KeptText, part: Part, bytes: Uint8Array): Uri {
    // A new refusal keeps the ID but changes the text, so the URI must differ.
    return this.put(`${text.id} ${part} ${text.since}`, text.resource, bytes);
  }

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    const shown = this.shown.get(uri.query);
    // Decoded like the file itself, whose folder or language may have its own encoding setting.
    return shown ? workspace.decode(shown.bytes, { uri: toUri(shown.resource) }) : '';
  }

  /** The document that showed it was closed. */
  forget(uri: Uri): void {
    this.shown.delete(uri.query);
  }

  private put(key: string, resource: ResourceId, bytes: Uint8Array): Uri {
    this.shown.set(key, { resource, bytes });
    // The path only names the tab and selects the language.
    return Uri.from({ scheme: keptScheme, path: `/${nameOf(resource)}`, query: key });
  }
}
