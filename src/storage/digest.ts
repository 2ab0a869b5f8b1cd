import { createHash } from 'node:crypto';

/** Recognizes a content that is not kept itself. */
export function digestOf(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('base64');
}
