import { readWebAddress, type ResourceId } from '../../core/model/resource';

/** Reads an address as people type it: http(s), dav(s), or a bare host, which means https. Undefined where it is none. */
export function readAddress(text: string): ResourceId | undefined {
  const typed = text.trim();
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `https://${typed}`;
  return readWebAddress(full.replace(/^dav(s?):/i, 'http$1:'));
}
