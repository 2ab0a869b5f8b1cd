import { l10n, ProgressLocation, window } from 'vscode';
import { isFailure } from '../../core/model/failure';
import { nameOf, serverOf as serverIdOf, type ResourceId } from '../../core/model/resource';
import { CopyStopped, OriginalKept, type ServerCopy } from '../../core/saving/serverCopy';
import { failureSentence, hostOf } from '../words/failureWords';
import { showWarning } from '../messages/prompts';
import { plain } from '../words/plainText';
import { unavailable } from './fileErrors';

export function areOnDifferentServers(one: ResourceId, other: ResourceId): boolean {
  return serverIdOf(one) !== serverIdOf(other);
}

/**
 * Copies or moves between two servers, with its progress in a message that can stop it. VS Code's own request for a copy
 * has neither.
 */
export async function copyBetween(
  serverCopy: ServerCopy,
  how: 'move' | 'copy',
  { from, to }: { readonly from: ResourceId; readonly to: ResourceId },
): Promise<void> {
  const cancel = new AbortController();
  const name = plain(nameOf(from), 80);
  const title =
    how === 'move'
      ? l10n.t('Moving {0} to {1}', name, hostOf(to))
      : l10n.t('Copying {0} to {1}', name, hostOf(to));
  const leftOut = await window.withProgress(
    { location: ProgressLocation.Notification, cancellable: true, title },
    async (progress, token) => {
      token.onCancellationRequested(() => cancel.abort());
      const onProgress: Parameters<ServerCopy['copy']>[0]['onProgress'] = ({ copied, files }) =>
        progress.report({ message: l10n.t('{0} of {1} files', copied, files), increment: 100 / files });
      try {
        const options = { from, to, signal: cancel.signal, onProgress };
        if (how === 'copy') return (await serverCopy.copy(options)).progress.leftOut;
        await serverCopy.move(options);
        return 0;
      } catch (error) {
        throw asFileError(error, from, to);
      }
    },
  );
  if (leftOut > 0) void showWarning(leftOutSentence(name, to));
}

function asFileError(error: unknown, from: ResourceId, to: ResourceId): unknown {
  const name = plain(nameOf(from), 80);
  if (error instanceof OriginalKept)
    return unavailable(
      l10n.t(
        '{0} was copied to {1}, but the original stays: it changed in the meantime, or parts of it weren’t copied.',
        name,
        hostOf(to),
      ),
    );
  if (!(error instanceof CopyStopped)) return error;
  const { copied, files } = error.progress;
  const { cause } = error;
  if (cause === undefined)
    return unavailable(
      l10n.t('You stopped copying {0}. {1} of {2} files are on {3} now.', name, copied, files, hostOf(to)),
    );
  if (!isFailure(cause)) return cause;
  if (files <= 1 && copied === 0) return cause;
  return unavailable(
    l10n.t('Only {0} of {1} files of {2} were copied. {3}', copied, files, name, failureSentence(cause)),
  );
}

function leftOutSentence(name: string, to: ResourceId): string {
  return l10n.t(
    '{0} was copied to {1} without its configuration files because one of the servers isn’t trusted. Use "Locks: Trust Server…" first.',
    name,
    hostOf(to),
  );
}
