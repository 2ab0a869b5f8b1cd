import { randomBytes } from 'node:crypto';
import { l10n } from 'vscode';
import { checkServer as check, type ServerCheck } from '../../core/diagnosis/serverCheck';
import { childOf, nameOf, parentOf, type ResourceId } from '../../core/model/resource';
import type { Needs } from '../commands/commandContext';
import { hostOf } from '../words/failureWords';
import { plain } from '../words/plainText';
import { confirm } from '../messages/prompts';

/** Tests the server's locks on a scratch file after a confirmation; undefined if the user cancels. */
export async function checkServer(
  context: Needs<'clock' | 'directory' | 'filesOf' | 'lockProviders' | 'settings'>,
  resource: ResourceId,
): Promise<ServerCheck | undefined> {
  const folder = parentOf(resource);
  if (!folder) return undefined;
  const scratch = childOf(folder, `lock-status-check-${randomBytes(4).toString('hex')}.txt`);
  const confirmed = await confirm(
    l10n.t('Check how {0} locks files?', hostOf(resource)),
    l10n.t(
      "A small file '{0}' is created in the folder '{1}', locked, written, released and deleted again. Nothing else is touched.",
      nameOf(scratch),
      plain(nameOf(folder), 80),
    ),
    l10n.t('Check'),
  );
  if (!confirmed) return undefined;
  const lockRequest = { seconds: 60, owner: context.settings.get().owner.name || 'Lock Status' };
  const at = context.clock.now().wall;
  const results = await check({
    files: context.filesOf(resource),
    locks: context.lockProviders.of(resource),
    scratch,
    lockRequest,
  });
  context.directory.forget(folder);
  return { at, results };
}
