import { l10n, StatusBarAlignment, window } from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';
import type { Journal } from '../../core/saving/journal';
import type { KeptText } from '../../core/saving/keptText';
import type { LeaseRecovery } from '../../core/leases/leaseRecovery';
import type { Clock } from '../../core/model/ports';
import type { OpenFiles } from '../files/openFiles';

export interface ReminderDeps {
  readonly journal: Journal;
  readonly leaseRecovery: LeaseRecovery;
  readonly openFiles: OpenFiles;
  readonly clock: Clock;
}

/** VS Code restores unsaved documents by itself, which takes a moment. */
const startMs = 3_000;

/** A status bar item while there are kept texts that no editor shows, or locks of an earlier session. */
export class KeptReminder implements Disposable {
  private readonly owned = new Disposables();
  private readonly item = this.owned.add(
    window.createStatusBarItem('lockStatus.kept', StatusBarAlignment.Left, -2),
  );

  constructor(private readonly deps: ReminderDeps) {
    const { journal, leaseRecovery, openFiles, clock } = deps;
    this.item.name = l10n.t('Left from Earlier');
    this.item.command = 'lockStatus.recover';
    this.item.tooltip = l10n.t(
      'Texts that could not be saved, and locks of an earlier session. Click to look at them.',
    );
    this.owned.add(
      clock.after(startMs, () => {
        this.show();
        this.owned.add(journal.onDidChange(() => this.show()));
        this.owned.add(leaseRecovery.onDidChange(() => this.show()));
        this.owned.add(openFiles.onDidChangeDirty(() => this.show()));
      }),
    );
  }

  dispose(): void {
    this.owned.dispose();
  }

  private show(): void {
    const { openFiles, journal, leaseRecovery } = this.deps;
    const dirty = openFiles.dirtyFiles();
    const isShown = (text: KeptText) => journal.isCurrent(text) && dirty.has(text.resource);
    const texts = journal.waiting().filter((text) => !isShown(text)).length;
    const locks = leaseRecovery.checkedLeftovers().length;
    const parts = [texts > 0 && textCount(texts), locks > 0 && lockCount(locks)].filter(
      (part) => part !== false,
    );
    const text = parts.join(', ');
    this.item.text = `$(history) ${text}`;
    this.item.accessibilityInformation = { label: l10n.t('Left from earlier: {0}', text), role: 'button' };
    if (parts.length > 0) this.item.show();
    else this.item.hide();
  }
}

function textCount(count: number): string {
  return count === 1 ? l10n.t('1 unsaved text kept') : l10n.t('{0} unsaved texts kept', count);
}

function lockCount(count: number): string {
  return count === 1 ? l10n.t('1 lock left') : l10n.t('{0} locks left', count);
}
