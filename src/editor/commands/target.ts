import { l10n, Uri } from 'vscode';
import { asObject } from '../../base/untrusted';
import type { ResourceId } from '../../core/model/resource';
import { HumanError } from '../messages/humanError';
import { activeRemoteUri } from '../files/openFiles';
import { isRemote, toResource } from '../uris';
import type { Needs } from './commandContext';

/**
 * A command's file: from a Uri (menus, programs), a row of the Locks view, the key of a blocked save (links in
 * messages) or else the active editor. Throws a HumanError if there is none.
 */
export function targetOf(context: Needs<'blockedSaves'>, argument: unknown): ResourceId {
  const target = findTarget(context, argument);
  if (target) return target;
  if (typeof argument === 'string') throw new HumanError(l10n.t('This save is no longer blocked.'));
  throw new HumanError(l10n.t('No remote file is open. Open a file in a remote folder first.'), {
    next: { label: l10n.t('Open Remote Folder…'), command: 'lockStatus.openRemoteFolder' },
  });
}

export function findTarget(context: Needs<'blockedSaves'>, argument: unknown): ResourceId | undefined {
  if (typeof argument === 'string') return context.blockedSaves.resourceOf(argument);
  const uri = uriIn(argument) ?? activeRemoteUri();
  return uri && isRemote(uri) ? toResource(uri) : undefined;
}

function uriIn(argument: unknown): Uri | undefined {
  if (argument instanceof Uri) return argument;
  const uri = asObject(argument)?.resourceUri;
  return uri instanceof Uri ? uri : undefined;
}
