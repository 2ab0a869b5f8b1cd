import { l10n } from 'vscode';
import type { ResourceId } from '../../core/model/resource';
import { displayNameOf } from './plainText';

/** Why a resource is not opened whose path has a name that `isShowable` refuses. */
export function unsafeNameSentence(resource: ResourceId): string {
  return l10n.t(
    '{0} wasn’t opened: a name in its address contains characters that could do harm here, such as a backslash, an invisible character or a link. Rename it on the server.',
    displayNameOf(resource),
  );
}
