import {
  EventEmitter,
  l10n,
  languages,
  Uri,
  window,
  workspace,
  type TextDocumentContentProvider,
} from 'vscode';
import { Owner } from '../../base/disposable';
import { Timer, type TimeSource } from '../../base/timer';
import { plain } from '../words/plainText';

const scheme = 'lock-status-search';
/** Results are shown at most this often while they come. */
const showEveryMs = 250;

/** Search results as read-only documents, which grow while the search runs. */
export class ResultDocuments extends Owner implements TextDocumentContentProvider {
  private readonly texts = new Map<string, () => string>();
  private readonly changed = this.owned.add(new EventEmitter<Uri>());
  private count = 0;
  readonly onDidChange = this.changed.event;

  constructor(private readonly clock: TimeSource) {
    super();
    this.owned.add(workspace.registerTextDocumentContentProvider(scheme, this));
    this.owned.add(
      workspace.onDidCloseTextDocument(({ uri, isClosed }) => {
        // A change of the language closes a document as well.
        if (uri.scheme === scheme && isClosed && !isOpen(uri)) this.texts.delete(uri.query);
      }),
    );
  }

  provideTextDocumentContent(uri: Uri): string {
    return this.texts.get(uri.query)?.() ?? '';
  }

  /** Opens a document whose text is asked for whenever `update` was called. */
  open(searched: string, text: () => string): ResultDocument {
    const id = String((this.count += 1));
    this.texts.set(id, text);
    // The closing quote keeps the name from ending as VS Code's own search editors do.
    const title = l10n.t('Search "{0}"', plain(searched, 40).replace(/[/\\]/g, ' '));
    const uri = Uri.from({ scheme, path: `/${title}`, query: id });
    return new ResultDocument(uri, () => this.changed.fire(uri), this.clock);
  }
}

export class ResultDocument {
  private readonly changing: Timer;
  private shown: Promise<void> | undefined;

  constructor(
    private readonly uri: Uri,
    private readonly changed: () => void,
    clock: TimeSource,
  ) {
    this.changing = new Timer(clock);
  }

  /** Shows the document, or soon what has come since. */
  update(): void {
    if (!this.shown) this.shown = this.show();
    else this.changing.setOnce(showEveryMs, this.changed);
  }

  /** Shows all; resolves once the document is open. */
  async finish(): Promise<void> {
    this.changing.clear();
    await (this.shown ??= this.show());
    this.changed();
  }

  private async show(): Promise<void> {
    const document = await workspace.openTextDocument(this.uri);
    await window.showTextDocument(await languages.setTextDocumentLanguage(document, 'search-result'), {
      preview: false,
    });
  }
}

function isOpen(uri: Uri): boolean {
  return workspace.textDocuments.some((one) => !one.isClosed && one.uri.toString() === uri.toString());
}
