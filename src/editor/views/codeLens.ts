import {
  CodeLens,
  l10n,
  Range,
  workspace,
  type CodeLensProvider,
  type Command,
  type TextDocument,
  type Uri,
} from 'vscode';
import { Owner } from '../../base/disposable';
import { Emitter, type Event } from '../../base/emitter';
import { canBeAsked } from '../../core/diagnosis/advice';
import { blocksUs } from '../../core/model/lockView';
import type { ResourceId } from '../../core/model/resource';
import type { ServerChange } from '../../core/saving/serverChange';
import type { FileStatus, FileStatuses } from './fileStatus';
import { isRemote, toResource } from '../uris';
import { knownName } from '../words/holder';
import { serverChangeText } from '../words/serverChange';
import { cacheableStatus } from '../words/status';
import { blockedText } from '../words/tooltip';
import { waitingFor } from '../words/wait';

export interface CodeLensDeps {
  readonly statuses: FileStatuses;
  enabled(): boolean;
  readonly onDidChangeEnabled: Event<unknown>;
}

/** Letters of the facts and the first action for which a narrow editor has room; it cuts the end of longer lines. */
const roomForBoth = 53;

/** Of so many, even with the action first, there is room for who holds the lock. */
const roomForHolder = 60;

/** The CodeLens above line 1 of an edited file that a lock or a change on the server keeps from being saved. */
export class LockLine extends Owner implements CodeLensProvider {
  private readonly changed = this.owned.add(new Emitter<void>());
  /** The text last provided for each file. */
  private readonly shown = new Map<ResourceId, string>();

  readonly onDidChangeCodeLenses = this.changed.event;

  constructor(private readonly deps: CodeLensDeps) {
    super();
    this.owned.add(deps.statuses.onDidChange((resources) => this.refreshStale(resources)));
    this.owned.add(deps.onDidChangeEnabled(() => this.changed.fire()));
    this.owned.add(workspace.onDidCloseTextDocument(({ uri }) => this.forget(uri)));
  }

  provideCodeLenses({ uri }: Pick<TextDocument, 'uri'>): CodeLens[] {
    if (!isRemote(uri)) return [];
    const resource = toResource(uri);
    const line = this.deps.enabled() ? this.lineFor(uri, resource) : [];
    this.shown.set(resource, textOf(line));
    const top = new Range(0, 0, 0, 0);
    return line.map((command) => new CodeLens(top, command));
  }

  private forget(uri: Uri): void {
    if (isRemote(uri)) this.shown.delete(toResource(uri));
  }

  /** Requests a refresh only if a line's text changes: every refresh makes open editors flicker. */
  private refreshStale(resources: readonly ResourceId[]): void {
    if (!this.deps.enabled() || !resources.some((resource) => this.isStale(resource))) return;
    this.changed.fire();
  }

  private isStale(resource: ResourceId): boolean {
    const shown = this.shown.get(resource);
    return shown !== undefined && shown !== textOf(this.lineFor(undefined, resource));
  }

  private lineFor(uri: Uri | undefined, resource: ResourceId): Command[] {
    const status = this.deps.statuses.of(resource);
    const run = (command: string, title: string): Command => ({ command, title, arguments: [uri] });
    if (!status.edited) return [];
    if (status.serverChange !== undefined) return changeCommands(run, status.serverChange);
    const isBlocked = blocksUs(status.view) || status.view.state === 'lost';
    return isBlocked ? blockedCommands(run, status) : [];
  }
}

type Run = (command: string, title: string) => Command;

/** The next step is behind the text that names it. */
function changeCommands(run: Run, change: ServerChange): Command[] {
  const text = serverChangeText(change);
  const more = run('lockStatus.showActions', l10n.t('More…'));
  const compare = run('lockStatus.compare', l10n.t('Show Changes'));
  switch (change) {
    case 'review':
      return withIcon('warning', [
        run('lockStatus.compare', text),
        run('lockStatus.merge', l10n.t('Merge')),
        more,
      ]);
    case 'resolve':
      return withIcon('warning', [run('merge-conflict.next', text), compare, more]);
    case 'save':
      return withIcon('git-merge', [run('workbench.action.files.save', text), compare, more]);
  }
}

function blockedCommands(run: Run, status: FileStatus): Command[] {
  const { view } = status;
  const more = run('lockStatus.showActions', l10n.t('More…'));
  const line = (action: Command, ...others: Command[]) => {
    const title = factsBeside(action, status);
    const facts = { ...run('lockStatus.explain', title), tooltip: factsOf(status) };
    const both = title.length + action.title.length > roomForBoth ? [action, facts] : [facts, action];
    return withIcon('lock', [...both, ...others]);
  };
  if (!blocksUs(view)) return line(run('lockStatus.lock', l10n.t('Lock Again')), more);
  const wait = status.wait
    ? run('lockStatus.stopWaiting', l10n.t('Stop Waiting'))
    : run('lockStatus.wait', l10n.t('Save When Free'));
  if (view.state === 'mineElsewhere')
    return line(wait, run('lockStatus.breakLock', l10n.t('Take Over…')), more);
  const name = view.lock && knownName(view.lock.holder);
  if (!view.lock || !canBeAsked(view.lock)) return line(wait, more);
  const ask = run('lockStatus.contactHolder', name ? l10n.t('Ask {0}…', name) : l10n.t('Ask Lock Holder…'));
  return line(wait, ask, more);
}

/** Of a wait, the status bar says how long. */
function factsOf(status: FileStatus): string {
  return status.wait ? waitingFor(status.view.lock) : blockedText(status);
}

/** In as many words as the action leaves room for; the hover has all of them. */
function factsBeside(action: Command, status: FileStatus): string {
  const facts = factsOf(status);
  const { wait, view, now } = status;
  if (wait || facts.length + action.title.length <= roomForHolder) return facts;
  return cacheableStatus(view, now);
}

/** The icon says at once what the line is about, whatever comes first in it. */
function withIcon(icon: string, [first, ...rest]: readonly Command[]): Command[] {
  return first === undefined ? [] : [{ ...first, title: `$(${icon})\u00a0${first.title}` }, ...rest];
}

function textOf(line: readonly Command[]): string {
  return line.map(({ title }) => title).join('\n');
}
