import { l10n, StatusBarAlignment, ThemeColor, window, type StatusBarItem } from 'vscode';
import { Owner } from '../../base/disposable';
import { Timer } from '../../base/timer';
import { blocksUs } from '../../core/model/lockView';
import type { ResourceId } from '../../core/model/resource';
import type { BlockedSaves } from '../../core/saving/blockedSaves';
import type { Clock } from '../../core/model/ports';
import type { Wait, Waits } from '../../core/waiting/waits';
import type { OpenFiles } from '../files/openFiles';
import type { FileStatus, FileStatuses } from './fileStatus';
import { toResource } from '../uris';
import { nextSteps, nextStepTexts } from '../words/nextSteps';
import { plain } from '../words/plainText';
import { serverChangeStatus, serverChangeText } from '../words/serverChange';
import { shortStatus, statusText } from '../words/status';
import { accessibleText, tooltip } from '../words/tooltip';
import { roomForName, shortWaitText, waitAdvice, waitStatusText, waitText } from '../words/wait';

/** Ages and remaining times are shown in minutes. */
const redrawMs = 30_000;

export interface StatusBarDeps {
  readonly statuses: FileStatuses;
  readonly waits: Waits;
  readonly blockedSaves: BlockedSaves;
  readonly openFiles: Pick<OpenFiles, 'active' | 'onDidChangeActive'>;
  readonly clock: Clock;
}

/** The status bar items: the active file's lock, the waits, and saves that were refused together. */
export class LockStatusBar extends Owner {
  private readonly file = this.owned.add(
    // With VS Code's items about the active file, behind them: in a narrow window, the first of a row vanish first.
    window.createStatusBarItem('lockStatus.file', StatusBarAlignment.Right, 99),
  );
  private readonly waiting = this.owned.add(
    window.createStatusBarItem('lockStatus.waiting', StatusBarAlignment.Left, 2),
  );
  private readonly blocked = this.owned.add(
    window.createStatusBarItem('lockStatus.blocked', StatusBarAlignment.Left, 1),
  );
  /** The waiting and blocked files that are shown. */
  private listed: ReadonlySet<ResourceId> = new Set();
  private readonly tick: Timer;

  constructor(private readonly deps: StatusBarDeps) {
    super();
    this.tick = this.owned.add(new Timer(deps.clock));
    const { statuses, openFiles } = deps;
    this.file.name = l10n.t('Lock of the Active File');
    this.waiting.name = l10n.t('Waiting for Locks');
    this.blocked.name = l10n.t('Blocked Saves');
    this.owned.add(statuses.onDidChange((resources) => this.refreshShown(resources)));
    this.owned.add(openFiles.onDidChangeActive(() => this.show()));
    this.show();
  }

  /** Most changes are to files that are not shown here. */
  private refreshShown(resources: readonly ResourceId[]): void {
    const active = this.deps.openFiles.active();
    const shown = active && toResource(active);
    const isShown = (id: ResourceId) => {
      const { wait, blockedSave } = this.deps.statuses.of(id);
      return id === shown || wait !== undefined || blockedSave !== undefined || this.listed.has(id);
    };
    if (resources.some(isShown)) this.show();
  }

  private show(): void {
    this.showFile();
    const { waits, blockedSaves, openFiles } = this.deps;
    this.listed = new Set([...waits.all(), ...blockedSaves.all()].map(({ resource }) => resource));
    this.showOthers();
    this.tick.clear();
    // In a window without focus too: it may be in sight, and must not show a time that is over.
    if (openFiles.active() || this.listed.size > 0) this.tick.set(redrawMs, () => this.show());
  }

  private showFile(): void {
    const uri = this.deps.openFiles.active();
    if (!uri) return this.file.hide();
    const status = this.deps.statuses.of(toResource(uri));
    const { wait, view, serverChange } = status;
    // A user who waits knows already and needs no warning, until there is something to decide.
    const alarming = serverChange
      ? serverChange !== 'save'
      : wait === undefined && (view.state === 'lost' || (blocksUs(view) && status.edited));
    write(this.file, {
      text: this.textOf(status),
      tooltip: [...nextSteps(status), tooltip(status)].join('\n'),
      label: `${status.name}: ${[...nextStepTexts(status), accessibleText(status)].join(', ')}`,
    });
    this.file.backgroundColor = alarming ? new ThemeColor('statusBarItem.warningBackground') : undefined;
    this.file.command = {
      command: 'lockStatus.showActions',
      title: l10n.t('Lock Actions…'),
      arguments: [uri],
    };
    this.file.show();
  }

  private textOf({ wait, view, now, serverChange, edited }: FileStatus): string {
    if (serverChange) return serverChangeStatus(serverChange);
    if (wait) return waitStatusText(wait, view, now);
    // High-contrast themes have no warning background, so there is an icon too. A loss has one.
    const isWarning = blocksUs(view) && view.state !== 'lost' && edited;
    return statusText(view, now) + (isWarning ? ' $(warning)' : '');
  }

  /** What is to be said of other files than the active one, whose own item needs the room in a narrow window. */
  private showOthers(): void {
    const waiting = this.deps.waits.all().filter(({ phase }) => phase !== 'conflict');
    const others = waiting.filter(({ resource }) => !this.isActive(resource));
    const blocked = this.blockedNow();
    const blockedLines = blocked.map((resource) => this.blockedLine(resource));
    if (others.length > 0 && blocked.length > 0) {
      // Two items would leave no room; one counts what both would, also the active file.
      const text = l10n.t('{0} blocked, {1} waiting', blocked.length, waiting.length);
      list(this.waiting, '$(watch)', '', []);
      list(this.blocked, '$(warning)', text, [...blockedLines, ...this.waitLines(waiting)]);
      return;
    }
    const [first] = others;
    const named = first && others.length === 1 ? shortWaitText(first) : undefined;
    const text = named ?? waitCount(others.length, waiting.length > others.length);
    list(this.waiting, '$(watch)', text, this.waitLines(others));
    list(this.blocked, '$(warning)', this.blockedText(blocked), blockedLines);
  }

  private waitLines(waits: readonly Wait[]): string[] {
    return waits.flatMap((wait) => {
      const { view, now } = this.deps.statuses.of(wait.resource);
      const advice = waitAdvice(wait, view);
      return [waitText(wait, view, now), ...(advice === undefined ? [] : [advice])];
    });
  }

  /** Save All shows a toast for each file; their number is shown here, and what was to be saved by itself but was not. */
  private blockedNow(): readonly ResourceId[] {
    const { blockedSaves, waits } = this.deps;
    const conflicts = waits.all().filter(({ phase }) => phase === 'conflict');
    const refused = blockedSaves
      .all()
      .filter(({ resource }) => !waits.of(resource) && !this.isMerged(resource));
    const all = [...conflicts, ...refused].map(({ resource }) => resource);
    const isSeen = all.length === 1 && conflicts.every(({ resource }) => this.isActive(resource));
    return isSeen ? [] : all;
  }

  private blockedText([first, ...rest]: readonly ResourceId[]): string {
    if (first === undefined) return '';
    if (rest.length > 0) return l10n.t('{0} blocked saves', rest.length + 1);
    return this.blockedLine(first, roomForName);
  }

  /** What the server refused is not what is to be saved next. */
  private isMerged(resource: ResourceId): boolean {
    const { serverChange } = this.deps.statuses.of(resource);
    return serverChange === 'save' || serverChange === 'resolve';
  }

  private isActive(resource: ResourceId): boolean {
    const active = this.deps.openFiles.active();
    return active !== undefined && toResource(active) === resource;
  }

  private blockedLine(resource: ResourceId, room = Infinity): string {
    const { name: whole, view, now, serverChange } = this.deps.statuses.of(resource);
    const name = plain(whole, room);
    if (serverChange) return `${name}: ${serverChangeText(serverChange)}`;
    return blocksUs(view) ? `${name}: ${shortStatus(view, now)}` : name;
  }
}

function waitCount(count: number, isActiveToo: boolean): string {
  if (count === 1) return isActiveToo ? l10n.t('1 more file waiting') : l10n.t('1 file waiting');
  return isActiveToo ? l10n.t('{0} more files waiting', count) : l10n.t('{0} files waiting', count);
}

function write(item: StatusBarItem, content: { text: string; tooltip: string; label: string }): void {
  item.text = content.text;
  item.tooltip = content.tooltip;
  item.accessibilityInformation = { label: content.label, role: 'button' };
}

function list(item: StatusBarItem, icon: string, text: string, lines: readonly string[]): void {
  if (lines.length === 0) {
    item.hide();
    return;
  }
  const label = lines.length === 1 ? lines.join() : `${text}: ${lines.join(', ')}`;
  write(item, { text: `${icon} ${text}`, tooltip: lines.join('\n'), label });
  item.command = 'lockStatus.locks.focus';
  item.show();
}
