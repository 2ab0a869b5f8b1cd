import { commands, l10n, window, workspace, type Disposable, type Uri } from 'vscode';
import { percentDecoded } from '../../base/untrusted';
import { isShowable } from '../../core/model/memberName';
import { nameOf, type ResourceId } from '../../core/model/resource';
import { readAddress } from '../connection/address';
import { hostOf } from '../words/failureWords';
import { plain } from '../words/plainText';
import { showError, confirm } from './prompts';
import { toUri } from '../uris';
import { unsafeNameSentence } from '../words/unsafeName';

/**
 * Handles links such as `vscode://lock-status.lock-status/open?url=https://…`. Anybody may have written one, so
 * nothing is done and no server is contacted before the user confirms.
 */
export function handleLinks(): Disposable {
  return window.registerUriHandler({ handleUri: (uri) => void openFromLink(uri) });
}

export async function openFromLink(uri: Uri): Promise<void> {
  const resource = linked(uri);
  if (!resource) {
    void showError(l10n.t('This link isn’t the address of a remote file, so nothing was opened.'));
    return;
  }
  if (!isShowable(resource, process.platform)) {
    void showError(unsafeNameSentence(resource));
    return;
  }
  const target = toUri(resource);
  const isOurs = (workspace.workspaceFolders ?? []).some(({ uri: folder }) => contains(folder, target));
  const confirmed = await confirm(
    l10n.t('Open {0} from {1}?', plain(nameOf(resource), 80), plain(hostOf(resource), 120)),
    [
      plain(resource, 400),
      '',
      isOurs
        ? l10n.t('It belongs to a folder that is open here.')
        : l10n.t(
            'It doesn’t belong to a folder that is open here. Open it only if you know who sent the link.',
          ),
    ].join('\n'),
    l10n.t('Open'),
  );
  if (confirmed) await commands.executeCommand('vscode.open', target);
}

/** The file that a link names; undefined for any other URI. */
export function linked(uri: Uri): ResourceId | undefined {
  if (uri.path !== '/open') return undefined;
  // Parsed by hand: the path in it has its own encoding and must not be decoded twice.
  const parameter = /(?:^|&)url=([^&]*)/.exec(uri.query)?.[1] ?? '';
  // Some programs that forward a link encode it once more.
  const url = /^https?%3a/i.test(parameter) ? (percentDecoded(parameter) ?? '') : parameter;
  // Must be a full URL, because a bare host would be a folder, and of a plausible length.
  return url.length <= 2_000 && /^https?:\/\/[^/]+\/./i.test(url) ? readAddress(url) : undefined;
}

function contains(folder: Uri, target: Uri): boolean {
  if (folder.scheme !== target.scheme || folder.authority !== target.authority) return false;
  const root = folder.path.endsWith('/') ? folder.path : `${folder.path}/`;
  return target.path.startsWith(root);
}
