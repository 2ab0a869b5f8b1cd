import { commands, l10n, Position, Range, window, type QuickPickItem } from 'vscode';
import { Slots } from '../../../base/slots';
import { Timer } from '../../../base/timer';
import type { ResourceId } from '../../../core/model/resource';
import { rankNames, type NamedPath } from '../../../core/search/rankNames';
import { maxRequests } from '../../../core/search/searchText';
import { walk, type WalkEnd } from '../../../core/search/walk';
import { folderIn, SearchScope } from '../../search/scope';
import { failureSentence } from '../../words/failureWords';
import { toUri } from '../../uris';
import { plain } from '../../words/plainText';
import type { Command, Needs } from '../commandContext';

type GoNeeds = 'clock' | 'directory' | 'documents' | 'log' | 'settings' | 'trust';

/** Names that are this old may be shown: what is opened is read anew. */
const listingAgeMs = 30_000;
/** Rows that are shown at once; typing finds the others. */
const maxRows = 200;
const showEveryMs = 150;

interface NamedFile extends NamedPath {
  readonly resource: ResourceId;
}

interface Row extends QuickPickItem {
  readonly resource?: ResourceId;
}

/** Picks a file of the remote folders by name, while they are listed. Takes a folder. */
export const goToFile: Command<GoNeeds> = async (context, argument) => {
  const scope = new SearchScope(context, await folderIn(context.directory, argument));
  const picked = await new FilePick(context, scope).pick();
  if (!picked) return;
  const { resource, at } = picked;
  await commands.executeCommand('vscode.open', toUri(resource), at ? { selection: new Range(at, at) } : {});
};

interface Picked {
  readonly resource: ResourceId;
  readonly at: Position | undefined;
}

class FilePick {
  private readonly files: NamedFile[] = [];
  private readonly cancel = new AbortController();
  private readonly input = window.createQuickPick<Row>();
  private readonly showing: Timer;
  private end: WalkEnd | undefined;

  constructor(
    private readonly context: Needs<GoNeeds>,
    private readonly scope: SearchScope,
  ) {
    this.showing = new Timer(context.clock);
  }

  /** Rejects with the RemoteFailure of the first folder if none could be listed. */
  async pick(): Promise<Picked | undefined> {
    const { input } = this;
    input.title = l10n.t('Go to Remote File');
    input.placeholder = l10n.t('File name, followed by :line to go to a line');
    input.busy = true;
    let picked: Picked | undefined;
    input.onDidChangeValue(() => this.show());
    input.onDidAccept(() => {
      const resource = input.selectedItems[0]?.resource ?? input.activeItems[0]?.resource;
      if (resource === undefined) return;
      picked = { resource, at: split(input.value).at };
      input.hide();
    });
    const hidden = new Promise<void>((resolve) => input.onDidHide(() => resolve()));
    input.show();
    const walked = this.list();
    try {
      await Promise.race([hidden, walked.then(() => hidden)]);
      return picked;
    } finally {
      this.cancel.abort();
      this.showing.dispose();
      input.dispose();
    }
  }

  private async list(): Promise<void> {
    const end = await walk(this.context.directory, {
      roots: this.scope.folders,
      slots: new Slots(maxRequests),
      maxAgeMs: listingAgeMs,
      signal: this.cancel.signal,
      leavesOut: (resource) => this.scope.leavesOut(resource),
      onFiles: (files) => {
        for (const { resource } of files) this.files.push({ resource, path: this.scope.labelOf(resource) });
        this.showSoon();
      },
    });
    if (end.stopped === 'canceled') return;
    for (const failure of end.unlisted) this.context.log.failure('Listing files', failure);
    const [failure] = end.unlisted;
    if (end.folders === 0 && failure) throw failure;
    this.end = end;
    this.show('same');
    this.input.busy = false;
  }

  /** The first names at once, then not with every folder. */
  private showSoon(): void {
    if (this.input.items.length === 0) return this.show();
    this.showing.setOnce(showEveryMs, () => this.show('same'));
  }

  /** @param choice whether the row that is chosen now stays so: names that come must not move it. */
  private show(choice?: 'same'): void {
    this.showing.clear();
    if (this.cancel.signal.aborted) return;
    const { name } = split(this.input.value);
    const active = this.input.activeItems[0]?.resource;
    const ranked = name === '' ? this.openFirst() : rankNames(this.files, name, maxRows);
    const rows = ranked.map(rowOf);
    const note = this.noteRow();
    this.input.items = note ? [...rows, note] : rows;
    const same = rows.find(({ resource }) => resource === active);
    if (same && choice === 'same') this.input.activeItems = [same];
  }

  /** Without a name, the open files come first. */
  private openFirst(): NamedFile[] {
    const isOpen = new Set(this.files.filter(({ resource }) => this.context.documents.isOpen(resource)));
    return [...isOpen, ...this.files.filter((file) => !isOpen.has(file))].slice(0, maxRows);
  }

  private noteRow(): Row | undefined {
    if (!this.end) return undefined;
    const { unlisted, stopped } = this.end;
    const [failure] = unlisted;
    if (failure)
      return {
        label: `$(warning) ${unlisted.length === 1 ? l10n.t('1 folder couldn’t be listed') : l10n.t('{0} folders couldn’t be listed', unlisted.length)}`,
        detail: failureSentence(failure),
        alwaysShow: true,
      };
    if (!stopped) return undefined;
    return {
      label: `$(warning) ${l10n.t('There are too many files or folders, so not all are listed.')}`,
      alwaysShow: true,
    };
  }
}

function rowOf({ resource, path }: NamedFile): Row {
  const slash = path.lastIndexOf('/');
  return {
    label: `$(file) ${plain(path.slice(slash + 1), 120)}`,
    description: plain(slash < 0 ? '' : path.slice(0, slash), 200),
    alwaysShow: true,
    resource,
  };
}

/** `name:12` or `name:12:3`, as in VS Code's own search. */
function split(typed: string): { readonly name: string; readonly at: Position | undefined } {
  const [, name, line, column] = /^(.*?):(\d{0,9})(?::(\d{0,9}))?$/.exec(typed) ?? [];
  if (name === undefined) return { name: typed.trim(), at: undefined };
  const zeroBased = (text: string | undefined) => Math.max(0, Number(text || 1) - 1);
  const at = line ? new Position(zeroBased(line), zeroBased(column)) : undefined;
  return { name: name.trim(), at };
}
