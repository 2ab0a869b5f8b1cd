import { l10n, StatusBarAlignment, window } from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';
import type { Journal } from '../../core/saving/journal';
import type { KeptText } from '../../core/saving/keptText';
import type { LeaseRecovery } from '../../core/leases/leaseRecovery';
import type { Clock } from '../../core/model/ports';
import type { OpenFiles } from '../files/openFiles';

export interface ReminderDeps {
  readonly journal: Journal;
  readonly recovery: LeaseRecovery;
  readonly openFiles: OpenFiles;
  readonly clock: Clock;
}

/** The editor brings unsaved documents back by itself, and needs a moment for it. */
const startMs = 3_000;

/** A quiet word in the status bar while texts are kept that no editor shows, or locks of an earlier run stand. */
export class KeptReminder implements Disposable {
  private readonly owned = new Disposables();
  private readonly item = this.owned.add(
    window.createStatusBarItem('lockStatus.kept', StatusBarAlignment.Left, -2),
  );

  constructor(private readonly deps: ReminderDeps) {
    const { journal, recovery, openFiles, clock } = deps;
    this.item.name = l10n.t('Left from Earlier');
    this.item.command = 'lockStatus.recover';
    this.item.tooltip = l10n.t(
      'Texts that could not be saved, and locks of an earlier session. Click to look at them.',
    );
    this.owned.add(
      clock.after(startMs, () => {
        this.show();
        this.owned.add(journal.onDidChange(() => this.show()));
        this.owned.add(recovery.onDidChange(() => this.show()));
        this.owned.add(openFiles.onDidChangeDirty(() => this.show()));
      }),
    );
  }

  dispose(): void {
    this.owned.dispose();
  }

  private show(): void {
    const { openFiles, journal, recovery } = this.deps;
    const dirty = openFiles.dirtyFiles();
    const isShown = (text: KeptText) => journal.isCurrent(text) && dirty.has(text.resource);
    const texts = journal.waiting().filter((text) => !isShown(text)).length;
    const locks = recovery.offered().length;
    const words = [texts > 0 && textsWord(texts), locks > 0 && locksWord(locks)].filter(
      (word) => word !== false,
    );
    this.item.text = `$(history) ${words.join(', ')}`;
    if (words.length > 0) this.item.show();
    else this.item.hide();
  }
}

function textsWord(count: number): string {
  return count === 1 ? l10n.t('1 unsaved text kept') : l10n.t('{0} unsaved texts kept', count);
}

function locksWord(count: number): string {
  return count === 1 ? l10n.t('1 lock left') : l10n.t('{0} locks left', count);
}
