import {
  TabInputCustom,
  TabInputNotebook,
  TabInputNotebookDiff,
  TabInputText,
  TabInputTextDiff,
  window,
  workspace,
  type Tab,
  type TextDocument,
  type Uri,
} from 'vscode';
import { Owner } from '../../base/disposable';
import { Emitter } from '../../base/emitter';
import type { ResourceId } from '../../core/model/resource';
import { isRemote, toResource } from '../uris';

/** The remote file in the active editor of any kind. */
export function activeRemoteUri(): Uri | undefined {
  const uri = window.activeTextEditor?.document.uri;
  if (uri && isRemote(uri)) return uri;
  const tab = window.tabGroups.activeTabGroup.activeTab;
  const shown = tab && uriOf(tab);
  return shown && isRemote(shown) ? shown : undefined;
}

/** Whether a tab of any kind shows the file. */
export function hasTab(resource: ResourceId): boolean {
  return window.tabGroups.all.some(({ tabs }) => tabs.some((tab) => fileOf(tab) === resource));
}

/** The remote file that can be edited in a tab. */
export function fileOf(tab: Tab): ResourceId | undefined {
  const uri = uriOf(tab);
  return uri && isRemote(uri) ? toResource(uri) : undefined;
}

/** Tracks which remote files are dirty and which one is active. */
export class OpenFiles extends Owner {
  private dirty: Set<ResourceId>;
  private others: Set<ResourceId>;
  private activeKey: string | undefined;
  private readonly dirtyChanged = this.owned.add(new Emitter<readonly ResourceId[]>());
  private readonly othersChanged = this.owned.add(new Emitter<readonly ResourceId[]>());
  private readonly activeChanged = this.owned.add(new Emitter<Uri | undefined>());

  readonly onDidChangeDirty = this.dirtyChanged.event;
  /** An editor whose text has no document was opened or closed. */
  readonly onDidChangeNonTextEditors = this.othersChanged.event;
  readonly onDidChangeActive = this.activeChanged.event;

  constructor() {
    super();
    this.dirty = dirtyNow();
    this.others = othersNow();
    this.activeKey = activeRemoteUri()?.toString();
    const text = ({ document }: { document: TextDocument }) => this.checkDocument(document);
    this.owned.add(workspace.onDidChangeTextDocument(text));
    this.owned.add(workspace.onDidSaveTextDocument((document) => this.checkDocument(document)));
    this.owned.add(workspace.onDidOpenTextDocument(() => this.updateAll()));
    this.owned.add(workspace.onDidCloseTextDocument(() => this.updateAll()));
    // Only tabs show whether notebooks and custom editors are dirty.
    this.owned.add(window.tabGroups.onDidChangeTabs(() => this.updateAll()));
    this.owned.add(workspace.onDidOpenNotebookDocument(() => this.updateAll()));
    this.owned.add(workspace.onDidCloseNotebookDocument(() => this.updateAll()));
    this.owned.add(window.tabGroups.onDidChangeTabGroups(() => this.updateActive()));
    this.owned.add(window.onDidChangeActiveTextEditor(() => this.updateActive()));
  }

  isDirty(resource: ResourceId): boolean {
    return this.dirty.has(resource);
  }

  /** Whether an editor shows it that the text document events do not cover. */
  isInNonTextEditor(resource: ResourceId): boolean {
    return this.others.has(resource);
  }

  /** Whether a text editor shows it. */
  isInTextTab(resource: ResourceId): boolean {
    const tabs = window.tabGroups.all.flatMap((group) => group.tabs);
    return tabs.some((tab) => tab.input instanceof TabInputText && fileOf(tab) === resource);
  }

  dirtyFiles(): ReadonlySet<ResourceId> {
    return this.dirty;
  }

  hasTab(resource: ResourceId): boolean {
    return hasTab(resource);
  }

  active(): Uri | undefined {
    return activeRemoteUri();
  }

  /** Runs on every keystroke, so it checks only one document. */
  private checkDocument(document: TextDocument): void {
    if (!isRemote(document.uri)) return;
    const resource = toResource(document.uri);
    if (this.dirty.has(resource) !== document.isDirty) this.updateAll();
  }

  private updateAll(): void {
    this.updateActive();
    const before = { dirty: this.dirty, others: this.others };
    this.dirty = dirtyNow();
    this.others = othersNow();
    const shown = differing(before.others, this.others);
    if (shown.length > 0) this.othersChanged.fire(shown);
    const changed = differing(before.dirty, this.dirty);
    if (changed.length > 0) this.dirtyChanged.fire(changed);
  }

  private updateActive(): void {
    const uri = activeRemoteUri();
    const key = uri?.toString();
    if (key === this.activeKey) return;
    this.activeKey = key;
    this.activeChanged.fire(uri);
  }
}

/**
 * VS Code tells extensions after each save that the document has no changes, also where somebody typed during the save;
 * its tab tells the truth. A document without a tab has only its own flag.
 */
function dirtyNow(): Set<ResourceId> {
  const documents = workspace.textDocuments.filter((document) => document.isDirty).map(({ uri }) => uri);
  const tabs = window.tabGroups.all.flatMap((group) => group.tabs.filter((tab) => tab.isDirty).map(uriOf));
  const dirty = new Set<ResourceId>();
  for (const uri of [...documents, ...tabs]) if (uri && isRemote(uri)) dirty.add(toResource(uri));
  return dirty;
}

/**
 * Includes notebooks without a tab, which may be shown again without another read, and text in a tab without a document:
 * it is still loading, or so large that VS Code gives extensions no document for it.
 */
function othersNow(): Set<ResourceId> {
  const documents = new Set(workspace.textDocuments.map(({ uri }) => uri.toString()));
  const inputs = window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ input }) => input));
  const isUndocumented = ({ uri }: TabInputText) => !documents.has(uri.toString());
  const tabs = inputs.flatMap((input): { uri: Uri }[] => {
    if (input instanceof TabInputCustom || input instanceof TabInputNotebook) return [input];
    return input instanceof TabInputText && isUndocumented(input) ? [input] : [];
  });
  const uris = [...tabs, ...workspace.notebookDocuments].map(({ uri }) => uri);
  return new Set(uris.filter(isRemote).map(toResource));
}

function differing(one: ReadonlySet<ResourceId>, two: ReadonlySet<ResourceId>): ResourceId[] {
  return [...new Set([...one, ...two])].filter((id) => one.has(id) !== two.has(id));
}

/** The file in a tab; for a diff, the side that can be edited. */
function uriOf({ input }: Tab): Uri | undefined {
  if (input instanceof TabInputTextDiff || input instanceof TabInputNotebookDiff) return input.modified;
  const single =
    input instanceof TabInputText || input instanceof TabInputCustom || input instanceof TabInputNotebook;
  return single ? input.uri : undefined;
}
