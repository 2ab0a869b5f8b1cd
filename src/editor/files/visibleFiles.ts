import { window } from 'vscode';
import type { ResourceId } from '../../core/model/resource';
import { activeRemoteUri } from './openFiles';
import { isRemote, toResource } from '../uris';

/** Remote files in visible editors, the active one first. */
export function visibleFiles(): ResourceId[] {
  const uris = window.visibleTextEditors.map(({ document }) => document.uri);
  const active = activeRemoteUri();
  return [...new Set([...(active ? [active] : []), ...uris].filter(isRemote).map(toResource))];
}
