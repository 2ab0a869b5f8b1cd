import { l10n, ProgressLocation, window } from 'vscode';
import { nameOf, type ResourceId } from '../../core/model/resource';
import { plain } from '../words/plainText';

/** Smaller files are there before anybody could read the words. */
const worthShowing = 1024 * 1024;

/** Runs an upload; of a large file the status bar tells how far it is. */
export async function uploading<T>(
  resource: ResourceId,
  size: number,
  run: (onSent?: (bytes: number) => void) => Promise<T>,
): Promise<T> {
  if (size < worthShowing) return run();
  const name = plain(nameOf(resource), 40);
  return window.withProgress({ location: ProgressLocation.Window, title: name }, (progress) =>
    run((bytes) => progress.report({ message: l10n.t('{0} % sent', Math.floor((100 * bytes) / size)) })),
  );
}
