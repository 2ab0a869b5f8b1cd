import { workspace, type Uri } from 'vscode';
import { serverOf, type ResourceId, type ServerId } from '../../core/model/resource';
import { isRemote, toResource } from '../uris';

/** The remote folders of the workspace. */
export function openFolders(): ResourceId[] {
  return openUris().map(toResource);
}

/** Whether the address of a folder of the server, as the workspace has it, ends with a slash after a name. */
export function isAnyOpenedWithSlash(server: ServerId): boolean {
  return openUris().some((uri) => /.\/$/.test(uri.path) && serverOf(toResource(uri)) === server);
}

function openUris(): Uri[] {
  return (workspace.workspaceFolders ?? []).map(({ uri }) => uri).filter(isRemote);
}
