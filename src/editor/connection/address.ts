import { parseWebAddress, type ResourceId } from '../../core/model/resource';

/** Reads a typed address: http(s), dav(s) or a bare host, which means https. Undefined if it is invalid. */
export function readAddress(text: string): ResourceId | undefined {
  const typed = text.trim();
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `https://${typed}`;
  return parseWebAddress(full.replace(/^dav(s?):/i, 'http$1:'));
}

/** Whether a host name as URLs write it is this machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(?:\.\d+){3}$/.test(host);
}
