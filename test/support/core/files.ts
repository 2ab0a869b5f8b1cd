import { resourceId, type ResourceId } from '../../../src/core/model/resource';

/** A file of the server that tests speak of. */
export function file(path: string): ResourceId {
  return resourceId(`https://h/${path}`);
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function textOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes && new TextDecoder().decode(bytes);
}
