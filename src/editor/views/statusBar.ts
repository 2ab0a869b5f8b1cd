import { l10n, StatusBarAlignment, ThemeColor, window, type StatusBarItem } from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';
import { blocksUs } from '../../core/model/lockView';
import type { ResourceId } from '../../core/model/resource';
import { statusOf, type StatusSources } from './fileStatus';
import { toResource } from '../uris';
import { shortStatus, statusText } from '../words/status';
import { accessibleText, tooltip } from '../words/tooltip';
import { waitAdvice, waitText } from '../words/wait';

// The tooltip shows an age: in seconds at first, then in minutes.
const recentMs = 60_000;
const redrawMs = { young: 10_000, old: 60_000 };

/** The status bar items: the active file's lock, the waits, and saves that were refused together. */
export class LockStatusBar implements Disposable {
  private readonly owned = new Disposables();
  private readonly file = this.owned.add(
    // Right of the center, before the cursor position: VS Code puts items about the active file there.
    window.createStatusBarItem('lockStatus.file', StatusBarAlignment.Right, 101),
  );
  private readonly waiting = this.owned.add(
    window.createStatusBarItem('lockStatus.waiting', StatusBarAlignment.Left, 2),
  );
  private readonly blocked = this.owned.add(
    window.createStatusBarItem('lockStatus.blocked', StatusBarAlignment.Left, 1),
  );
  private tick: Disposable | undefined;

  constructor(private readonly sources: StatusSources) {
    const { store, waits, blockedSaves, openFiles } = sources;
    this.file.name = l10n.t('Lock of the Active File');
    this.waiting.name = l10n.t('Waiting for Locks');
    this.blocked.name = l10n.t('Blocked Saves');
    this.owned.add(store.onDidChange((resources) => this.refreshShown(resources)));
    this.owned.add(waits.onDidChange(() => this.show()));
    this.owned.add(blockedSaves.onDidChange(() => this.show()));
    this.owned.add(openFiles.onDidChangeActive(() => this.show()));
    this.owned.add(openFiles.onDidChangeDirty(() => this.show()));
    this.owned.add(window.onDidChangeWindowState(() => this.show()));
    this.show();
  }

  dispose(): void {
    this.tick?.dispose();
    this.owned.dispose();
  }

  /** Most changes are to files that are not shown here. */
  private refreshShown(resources: readonly ResourceId[]): void {
    const active = this.sources.openFiles.active();
    const shown = [...this.sources.waits.all().map((wait) => wait.resource), active && toResource(active)];
    if (resources.some((resource) => shown.includes(resource))) this.show();
  }

  private show(): void {
    const ageMs = this.showFile();
    this.showWaits();
    this.showBlocked();
    this.tick?.dispose();
    this.tick = undefined;
    if (ageMs === undefined || !window.state.focused) return;
    this.tick = this.sources.clock.after(ageMs < recentMs ? redrawMs.young : redrawMs.old, () => this.show());
  }

  /** Returns the age of what it shows; undefined while nothing is shown. */
  private showFile(): number | undefined {
    const uri = this.sources.openFiles.active();
    if (!uri) {
      this.file.hide();
      return undefined;
    }
    const status = statusOf(this.sources, toResource(uri));
    // A user who waits knows already and needs no warning.
    const waits = this.sources.waits.of(status.resource) !== undefined;
    const alarming = status.view.state === 'lost' || (blocksUs(status.view) && status.edited && !waits);
    write(this.file, {
      // High-contrast themes have no warning background, so there is an icon too.
      text:
        statusText(status.view, status.now) + (alarming && status.view.state !== 'lost' ? ' $(warning)' : ''),
      tooltip: tooltip(status),
      label: accessibleText(status),
    });
    this.file.backgroundColor = alarming ? new ThemeColor('statusBarItem.warningBackground') : undefined;
    this.file.command = {
      command: 'lockStatus.showActions',
      title: l10n.t('Lock Actions…'),
      arguments: [uri],
    };
    this.file.show();
    return status.now.wall - (status.view.asOf ?? status.now.wall);
  }

  private showWaits(): void {
    const entries = this.sources.waits.all().map((wait) => {
      const { view, now } = statusOf(this.sources, wait.resource);
      return { text: waitText(wait, view, now), advice: waitAdvice(wait, view) };
    });
    const text = entries.length > 1 ? l10n.t('{0} files waiting', entries.length) : (entries[0]?.text ?? '');
    const lines = entries.flatMap((wait) => [wait.text, ...(wait.advice === undefined ? [] : [wait.advice])]);
    list(this.waiting, '$(watch)', text, lines);
  }

  /** Save All shows a toast for each file; their number is shown here. */
  private showBlocked(): void {
    const { blockedSaves, waits } = this.sources;
    const saves = blockedSaves.all().filter(({ resource }) => !waits.of(resource));
    const lines = saves.length > 1 ? saves.map(({ resource }) => this.blockedLine(resource)) : [];
    list(this.blocked, '$(warning)', l10n.t('{0} files not saved', lines.length), lines);
  }

  private blockedLine(resource: ResourceId): string {
    const { name, view, now } = statusOf(this.sources, resource);
    return blocksUs(view) ? `${name}: ${shortStatus(view, now)}` : name;
  }
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
  const label = lines.length === 1 ? text : `${text}: ${lines.join(', ')}`;
  write(item, { text: `${icon} ${text}`, tooltip: lines.join('\n'), label });
  item.command = 'lockStatus.locks.focus';
  item.show();
}
