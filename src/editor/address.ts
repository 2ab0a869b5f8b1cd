import { resourceId, type ResourceId } from '../core/resource';

/** Reads an address as people type it: http(s), dav(s), or a bare host, which means https. Undefined where it is none. */
export function readAddress(text: string): ResourceId | undefined {
  const typed = text.trim();
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `https://${typed}`;
  const url = full.replace(/^dav(s?):/i, 'http$1:');
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return undefined;
  const { hostname, username, password } = new URL(url);
  // A name or password in an address would end up in settings and titles.
  return hostname === '' || username !== '' || password !== ''
    ? undefined
    : resourceId(url.split(/[?#]/, 1)[0] ?? url);
}
