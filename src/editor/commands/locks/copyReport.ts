import { env, l10n, version, extensions } from 'vscode';
import { openFolders } from '../../connection/openFolders';
import { HumanError } from '../../messages/humanError';
import { withTimeout } from '../../../core/leases/withTimeout';
import type { ResourceId } from '../../../core/model/resource';
import { reportText } from '../../explain/report';
import { showStatusMessage } from '../../messages/statusMessage';
import type { Command, Needs } from '../commandContext';
import { findTarget } from '../target';

const timeoutMs = 5_000;

/** Copies a report for an administrator to the clipboard, without secrets. */
export const copyReport: Command<'blockedSaves' | 'clock' | 'diagnosisService' | 'explanations'> = async (
  context,
  argument,
) => {
  // Without a file, report on the first open folder and its server.
  const resource = findTarget(context, argument) ?? openFolders()[0];
  if (!resource)
    throw new HumanError(l10n.t('No remote file is open. Open a file in a remote folder first.'));
  const own = extensions.getExtension('lock-status.lock-status')?.packageJSON as
    { version?: string } | undefined;
  const versions = `Lock Status ${own?.version ?? ''}, ${env.appName} ${version}`;
  await env.clipboard.writeText(await reportOn(context, resource, versions));
  showStatusMessage(l10n.t('Copied the report to the clipboard.'));
};

/** Asks the server first. A server that does not answer is part of the report and must not delay it. */
export async function reportOn(
  context: Needs<'clock' | 'diagnosisService' | 'explanations'>,
  resource: ResourceId,
  versions: string,
): Promise<string> {
  await withTimeout(context.clock, timeoutMs, context.diagnosisService.requestFacts(resource));
  return reportText(
    context.diagnosisService.facts(resource),
    versions,
    context.explanations.checkOf(resource),
  );
}
