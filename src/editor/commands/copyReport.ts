import { env, l10n, version, extensions } from 'vscode';
import { openFolders } from '../connections';
import { HumanError } from '../humanError';
import { reportText } from '../explain/report';
import { say } from './lock';
import type { Command } from './room';
import { findTarget } from './target';

/** What an administrator needs to know, on the clipboard, without a secret. */
export const copyReport: Command = async (room, argument) => {
  // Without a file the folder speaks for its server.
  const resource = findTarget(room, argument) ?? openFolders()[0];
  if (!resource)
    throw new HumanError(l10n.t('No remote file is open. Open a file of a remote folder first.'));
  const facts = room.casebook.facts(resource);
  const own = extensions.getExtension('lock-status.lock-status')?.packageJSON as
    { version?: string } | undefined;
  const versions = `Lock Status ${own?.version ?? ''}, ${env.appName} ${version}`;
  await env.clipboard.writeText(reportText(facts, versions));
  say(l10n.t('The report is on the clipboard.'));
};
