import { env, l10n, version, extensions } from 'vscode';
import { openFolders } from '../connection/connections';
import { HumanError } from '../messages/humanError';
import { withTimeout } from '../../core/leases/withTimeout';
import type { ResourceId } from '../../core/model/resource';
import { reportText } from '../explain/report';
import { say } from './lock';
import type { Command, CommandContext } from './commandContext';
import { findTarget } from './target';

const patienceMs = 5_000;

/** What an administrator needs to know, on the clipboard, without a secret. */
export const copyReport: Command = async (context, argument) => {
  // Without a file the folder speaks for its server.
  const resource = findTarget(context, argument) ?? openFolders()[0];
  if (!resource)
    throw new HumanError(l10n.t('No remote file is open. Open a file of a remote folder first.'));
  const own = extensions.getExtension('lock-status.lock-status')?.packageJSON as
    { version?: string } | undefined;
  const versions = `Lock Status ${own?.version ?? ''}, ${env.appName} ${version}`;
  await env.clipboard.writeText(await reportOn(context, resource, versions));
  say(l10n.t('The report is on the clipboard.'));
};

/** A report rests on a fresh look. A server that does not answer is a part of it, and must not hold it up. */
export async function reportOn(
  context: CommandContext,
  resource: ResourceId,
  versions: string,
): Promise<string> {
  await withTimeout(context.clock, patienceMs, context.diagnosisService.inquire(resource));
  return reportText(
    context.diagnosisService.facts(resource),
    versions,
    context.explanations.checkOf(resource),
  );
}
