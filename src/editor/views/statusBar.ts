import { l10n, StatusBarAlignment, ThemeColor, window, type StatusBarItem } from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';
import { blocksUs } from '../../core/model/lockView';
import type { ResourceId } from '../../core/model/resource';
import { statusOf, type StatusSources } from './fileStatus';
import { toResource } from '../uris';
import { shortStatus, statusText } from '../words/status';
import { spoken, tooltip } from '../words/tooltip';
import { waitAdvice, waitText } from '../words/wait';

// The tooltip tells an age: seconds while it is young, minutes after.
const youngMs = 60_000;
const tickMs = { young: 10_000, old: 60_000 };

/** What the status bar says of locks: the active file's, the waits, and saves that were refused together. */
export class LockStatusBar implements Disposable {
  private readonly owned = new Disposables();
  private readonly file = this.owned.add(
    // Right of the centre, before the cursor's position: about the active file, as VS Code sorts its own.
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
    this.owned.add(store.onDidChange((resources) => this.news(resources)));
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

  /** Most news is about files that are not shown here. */
  private news(resources: readonly ResourceId[]): void {
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
    this.tick = this.sources.clock.after(ageMs < youngMs ? tickMs.young : tickMs.old, () => this.show());
  }

  /** Returns how old what it shows is; undefined while nothing is shown. */
  private showFile(): number | undefined {
    const uri = this.sources.openFiles.active();
    if (!uri) {
      this.file.hide();
      return undefined;
    }
    const status = statusOf(this.sources, toResource(uri));
    // Who waits knows, and need not be warned again.
    const waits = this.sources.waits.of(status.resource) !== undefined;
    const alarming = status.view.state === 'lost' || (blocksUs(status.view) && status.edited && !waits);
    write(this.file, {
      // High-contrast themes have no background to warn with.
      text:
        statusText(status.view, status.now) + (alarming && status.view.state !== 'lost' ? ' $(warning)' : ''),
      tooltip: tooltip(status),
      label: spoken(status),
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
    const told = this.sources.waits.all().map((wait) => {
      const { view, now } = statusOf(this.sources, wait.resource);
      return { text: waitText(wait, view, now), advice: waitAdvice(wait, view) };
    });
    const text = told.length > 1 ? l10n.t('{0} files waiting', told.length) : (told[0]?.text ?? '');
    const lines = told.flatMap((wait) => [wait.text, ...(wait.advice === undefined ? [] : [wait.advice])]);
    list(this.waiting, '$(watch)', text, lines);
  }

  /** Save All shows a toast for each file; the count of them belongs in one place. */
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

function write(item: StatusBarItem, told: { text: string; tooltip: string; label: string }): void {
  item.text = told.text;
  item.tooltip = told.tooltip;
  item.accessibilityInformation = { label: told.label, role: 'button' };
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
