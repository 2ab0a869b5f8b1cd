import { l10n, StatusBarAlignment, window } from 'vscode';
import { Owner } from '../../base/disposable';
import type { Restrictions } from './restrictions';
import { restrictedText, restrictionDetails } from './words';

/** The status bar item that says that configuration is hidden. */
export class RestrictedItem extends Owner {
  private readonly item = this.owned.add(
    window.createStatusBarItem('lockStatus.restricted', StatusBarAlignment.Left, 4),
  );

  constructor(private readonly restrictions: Restrictions) {
    super();
    this.item.name = l10n.t('Restricted Servers');
    this.owned.add(restrictions.onDidChange(() => this.show()));
    this.show();
  }

  private show(): void {
    const all = this.restrictions.all();
    const [first] = all;
    if (!first) return this.item.hide();
    const text = restrictedText(all.flatMap(({ hidden }) => hidden));
    const details = all.map(restrictionDetails);
    this.item.text = `$(shield) ${text}`;
    this.item.tooltip = details.join('\n');
    this.item.accessibilityInformation = { label: [text, ...details].join(', '), role: 'button' };
    this.item.command = {
      command: 'lockStatus.trustServer',
      title: l10n.t('Trust…'),
      arguments: all.length === 1 ? [first.server] : [],
    };
    this.item.show();
  }
}
