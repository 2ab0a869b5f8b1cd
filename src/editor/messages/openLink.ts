import type { ResourceId } from '../../core/model/resource';

const extensionId = 'lock-status.lock-status';

/**
 * The address that opens a remote file in the receiver's editor, after it has asked them. Always VS Code's own scheme:
 * nobody knows which edition the receiver has, and the sender's (Insiders, a build of one's own) opens nothing elsewhere.
 */
export function openLink(resource: ResourceId): string {
  return `vscode://${extensionId}/open?url=${encodeURIComponent(resource)}`;
}
