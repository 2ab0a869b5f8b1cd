import { commands, l10n, StatusBarAlignment, window } from 'vscode';
import { Owner } from '../../base/disposable';
import type { Journal } from '../../core/saving/journal';
import type { KeptText } from '../../core/saving/journalStore';
import type { LeaseRecovery } from '../../core/leases/leaseRecovery';
import type { Clock } from '../../core/model/ports';
import type { OpenFiles } from '../files/openFiles';
import { displayNameOf } from '../words/plainText';
import { clockText } from '../words/time';
import { showInformation } from './prompts';

export interface ReminderDeps {
  readonly journal: Journal;
  readonly leaseRecovery: LeaseRecovery;
  readonly openFiles: OpenFiles;
  readonly clock: Clock;
}

/** VS Code restores unsaved documents by itself, which takes a moment. */
const startMs = 3_000;

/**
 * A status bar item while there are kept texts that no editor shows, or locks of an earlier session. At the start, a
 * message names a text that waits from an earlier session, once.
 */
export class KeptReminder extends Owner {
  private readonly item = this.owned.add(
    window.createStatusBarItem('lockStatus.kept', StatusBarAlignment.Left, -2),
  );

  private isReminded = false;

  constructor(private readonly deps: ReminderDeps) {
    super();
    const { journal, leaseRecovery, openFiles, clock } = deps;
    this.item.name = l10n.t('Recover Unsaved Text');
    this.item.command = 'lockStatus.recover';
    this.item.tooltip = l10n.t(
      'Unsaved text and locks from an earlier session. Click to recover or release them.',
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

  private show(): void {
    const { openFiles, journal, leaseRecovery } = this.deps;
    const dirty = openFiles.dirtyFiles();
    const isShown = (text: KeptText) => journal.isCurrent(text) && dirty.has(text.resource);
    const waiting = journal.waiting().filter((text) => !isShown(text));
    void this.remind(waiting.filter((text) => !journal.isCurrent(text)));
    const texts = waiting.length;
    const locks = leaseRecovery.checkedLeftovers().length;
    const parts = [texts > 0 && textCount(texts), locks > 0 && lockCount(locks)].filter(
      (part) => part !== false,
    );
    const text = parts.join(', ');
    this.item.text = `$(history) ${text}`;
    this.item.accessibilityInformation = {
      label: l10n.t('From an earlier session: {0}', text),
      role: 'button',
    };
    if (parts.length > 0) this.item.show();
    else this.item.hide();
  }

  private async remind(left: readonly KeptText[]): Promise<void> {
    const [newest] = left;
    if (!newest || this.isReminded) return;
    // It stays until it is answered: VS Code can only hide all messages, and another may be the refusal of a save.
    this.isReminded = true;
    const name = displayNameOf(newest.resource);
    const since = clockText(newest.since, this.deps.clock.now());
    const message =
      left.length === 1
        ? l10n.t('Your changes to {0} couldn’t be saved at {1} and are kept on this computer.', name, since)
        : l10n.t(
            '{0} unsaved texts are kept on this computer. The newest is of {1}, {2}.',
            left.length,
            name,
            since,
          );
    const recover = l10n.t('Recover…');
    if ((await showInformation(message, recover)) === recover)
      await commands.executeCommand('lockStatus.recover');
  }
}

function textCount(count: number): string {
  return count === 1 ? l10n.t('1 unsaved text kept') : l10n.t('{0} unsaved texts kept', count);
}

function lockCount(count: number): string {
  return count === 1 ? l10n.t('1 lock left') : l10n.t('{0} locks left', count);
}
