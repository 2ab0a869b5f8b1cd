import type { ResourceId } from '../../core/model/resource';

const extensionId = 'lock-status.lock-status';

/**
 * The link that opens a remote file in the receiver's editor after a confirmation. Always VS Code's own scheme:
 * the receiver's edition is unknown, and the sender's (Insiders, a custom build) opens nothing elsewhere.
 */
export function openLink(resource: ResourceId): string {
  return `vscode://${extensionId}/open?url=${encodeURIComponent(resource)}`;
}
