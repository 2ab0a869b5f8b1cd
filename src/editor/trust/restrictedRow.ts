import { l10n, ThemeIcon, TreeItem } from 'vscode';
import type { Restriction } from './restrictions';
import { restrictedText, restrictionDetails, serverName } from './words';

/** A server in the Locks view whose configuration is hidden. Menus pass it to commands, which read `server`. */
export interface RestrictedRow extends Restriction {
  readonly kind: 'restricted';
}

export function restrictedItem(row: RestrictedRow): TreeItem {
  const item = new TreeItem(serverName(row.server));
  item.id = `restricted ${row.server}`;
  item.description = restrictedText(row.hidden);
  item.tooltip = restrictionDetails(row);
  item.iconPath = new ThemeIcon('shield');
  item.contextValue = 'restricted';
  item.command = { command: 'lockStatus.trustServer', title: l10n.t('Trust…'), arguments: [row.server] };
  return item;
}
