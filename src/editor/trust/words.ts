import { l10n } from 'vscode';
import { isLoopback } from '../../core/model/loopback';
import { serverOf, type ResourceId, type ServerId } from '../../core/model/resource';
import { displayNameOf, plain } from '../words/plainText';
import type { Restriction } from './restrictions';

/** At most this many names stand in a tooltip. */
const maxNames = 10;

/** The server as a person recognizes it; with its scheme if the connection is not encrypted. */
export function serverName(server: ServerId): string {
  const { protocol, host } = new URL(server);
  return plain(protocol === 'http:' ? `http://${host}` : host, 120);
}

/** What a yes means. */
export function meaningOfTrust(server: ServerId): string {
  const { protocol, hostname } = new URL(server);
  const meaning = l10n.t(
    'Settings, tasks and agent instructions in its folders can run programs on your computer. They stay hidden until you trust the server.',
  );
  if (protocol !== 'http:' || isLoopback(hostname)) return meaning;
  return `${meaning} ${l10n.t('The connection isn’t encrypted, so anyone on the network can change them.')}`;
}

export function trustQuestion(server: ServerId): string {
  return l10n.t('Trust {0}?', serverName(server));
}

export function restrictedText(hidden: Restriction['hidden']): string {
  const count = hidden.length;
  if (hidden.some(({ isFolder }) => isFolder))
    return count === 1
      ? l10n.t('Restricted: 1 configuration folder hidden')
      : l10n.t('Restricted: {0} configuration files and folders hidden', count);
  return count === 1
    ? l10n.t('Restricted: 1 configuration file hidden')
    : l10n.t('Restricted: {0} configuration files hidden', count);
}

/** Whose files are hidden, and which. */
export function restrictionDetails({ server, hidden }: Restriction): string {
  const names = hidden
    .map(({ resource, isFolder }) => displayNameOf(resource) + (isFolder ? '/' : ''))
    .sort((one, other) => one.localeCompare(other))
    .slice(0, maxNames);
  const more = hidden.length > maxNames ? ` (+${hidden.length - maxNames})` : '';
  return l10n.t(
    '{0} isn’t trusted. Hidden: {1}. Click to decide.',
    serverName(server),
    names.join(', ') + more,
  );
}

/** Why a configuration file was not written. VS Code also shows this where a link in it would not work. */
export function restrictedWriteSentence(resource: ResourceId): string {
  return l10n.t(
    '{0} wasn’t saved: you haven’t trusted {1}, so its configuration stays as it is. Use "Locks: Trust Server…" first.',
    displayNameOf(resource),
    serverName(serverOf(resource)),
  );
}
