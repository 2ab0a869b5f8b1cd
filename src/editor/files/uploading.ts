import { l10n, ProgressLocation, window } from 'vscode';
import { nameOf, type ResourceId } from '../../core/model/resource';
import { plain } from '../words/plainText';

/** Smaller files are sent before anybody could read the progress. */
const minSizeForProgress = 1024 * 1024;

/** Runs an upload; for a large file the status bar shows its progress. */
export async function uploading<T>(
  resource: ResourceId,
  size: number,
  run: (onSent?: (bytes: number) => void) => Promise<T>,
): Promise<T> {
  if (size < minSizeForProgress) return run();
  const name = plain(nameOf(resource), 40);
  return window.withProgress({ location: ProgressLocation.Window, title: name }, (progress) =>
    run((bytes) => progress.report({ message: l10n.t('{0}% sent', Math.floor((100 * bytes) / size)) })),
  );
}
