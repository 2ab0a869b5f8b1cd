import type { ResourceId } from '../core/resource';

const extensionId = 'lock-status.lock-status';

/** The address that opens a remote file in the receiver's editor, after it has asked them. */
export function openLink(uriScheme: string, resource: ResourceId): string {
  return `${uriScheme}://${extensionId}/open?url=${encodeURIComponent(resource)}`;
}
