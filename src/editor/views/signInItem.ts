import { l10n, StatusBarAlignment, window } from 'vscode';
import { Owner } from '../../base/disposable';
import type { Connections } from '../connection/connections';
import { hostOf } from '../words/failureWords';
import { toUri } from '../uris';

/** Offers a declined sign-in, because the prompt does not come again. */
export class SignInItem extends Owner {
  private readonly item = this.owned.add(
    window.createStatusBarItem('lockStatus.signIn', StatusBarAlignment.Left, 3),
  );

  constructor(private readonly connections: Connections) {
    super();
    this.item.name = l10n.t('Sign In');
    this.owned.add(connections.onDidChangeDeclined(() => this.show()));
  }

  private show(): void {
    const [declined] = this.connections.declined();
    if (!declined) return this.item.hide();
    const { folder } = declined;
    const text = l10n.t('Sign in to {0}', hostOf(folder));
    this.item.text = `$(key) ${text}`;
    this.item.tooltip = l10n.t('{0} shows nothing until you sign in.', hostOf(folder));
    this.item.command = {
      command: 'lockStatus.signIn',
      title: text,
      arguments: [toUri(folder)],
    };
    this.item.show();
  }
}
