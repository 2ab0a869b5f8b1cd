import type { Contact, Holder } from './lock';
import { plainLine } from './plainLine';

/** The only schemes we open, and their kinds. Addresses with any other scheme stay plain text. */
const kindOfScheme: Readonly<Record<string, Contact['kind']>> = {
  mailto: 'mail',
  http: 'web',
  https: 'web',
  tel: 'tel',
  sip: 'chat',
  sips: 'chat',
  xmpp: 'chat',
  im: 'chat',
  matrix: 'chat',
  msteams: 'chat',
  slack: 'chat',
};

export const contactSchemes: readonly string[] = Object.keys(kindOfScheme);

const maxLength = 512;
/** Users see where an address leads before they open it, so it must fit in full; of a web address, its host must. */
export const maxShownAddress = 120;
const maxHostLength = 100;
const encodedControl = /%(?:[01][0-9a-f]|7f)/i;

/** Reads an address; undefined if its scheme is never opened or it cannot be shown in full. */
export function asContact(text: string): Contact | undefined {
  const uri = text.trim();
  const scheme = uri.slice(0, uri.indexOf(':')).toLowerCase();
  const kind = Object.hasOwn(kindOfScheme, scheme) ? kindOfScheme[scheme] : undefined;
  // An encoded line break could start another field in the program that opens the address.
  if (encodedControl.test(uri)) return undefined;
  if (!kind || uri.length > maxLength || /\s/.test(uri) || plainLine(uri, maxLength) !== uri)
    return undefined;
  if (kind === 'mail') return asMail(uri);
  if (kind === 'web') return isPlainWebAddress(uri) ? { kind, uri } : undefined;
  return uri.length > scheme.length + 1 && uri.length <= maxShownAddress ? { kind, uri } : undefined;
}

/** Keeps only the address: a foreign subject, body or copy must not get into the user's mail (RFC 6068). */
function asMail(uri: string): Contact | undefined {
  // Some mail programs read a comma, a semicolon or a second @, even encoded, as several addresses.
  if (/%(?:2c|3b|40)/i.test(uri.split(/[?#]/, 1)[0] ?? '')) return undefined;
  const address = /^mailto:([^?#\s@,;]+@[^?#\s@,;]+)(?:[?#]|$)/i.exec(uri)?.[1];
  const mail = `mailto:${address}`;
  return address === undefined || mail.length > maxShownAddress ? undefined : { kind: 'mail', uri: mail };
}

/**
 * Rejects a user name or password, which can make an address look like another host's, and a host too long to
 * show.
 */
function isPlainWebAddress(uri: string): boolean {
  if (!URL.canParse(uri)) return false;
  const { username, password, host } = new URL(uri);
  return username === '' && password === '' && host !== '' && host.length <= maxHostLength;
}

/** A way to contact someone about a lock, and where it comes from. */
export interface ContactOption {
  readonly contact: Contact;
  readonly from: 'setting' | 'lock' | 'server' | 'administrator';
}

/** All ways to contact the holder, most reliable first: the user's setting, the lock, the administrator. */
export function contactOptions(
  holder: Holder | undefined,
  contacts: Readonly<Record<string, string>>,
  administrator: string,
): ContactOption[] {
  const ways: ContactOption[] = [];
  const add = (uri: string | undefined, from: ContactOption['from']) => {
    const contact = uri === undefined ? undefined : asContact(uri);
    if (contact && !ways.some((way) => way.contact.uri === contact.uri)) ways.push({ contact, from });
  };
  const name = holder?.name?.toLocaleLowerCase();
  add(Object.entries(contacts).find(([who]) => who.toLocaleLowerCase() === name)?.[1], 'setting');
  for (const { uri } of holder?.contacts ?? []) add(uri, holder?.assertedBy === 'server' ? 'server' : 'lock');
  add(administrator, 'administrator');
  return ways;
}

/** The address to open, with the message in it if the scheme supports one. */
export function addressWith(contact: Contact, subject: string, body: string): string {
  if (contact.kind !== 'mail') return contact.uri;
  return `${contact.uri}?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(body)}`;
}
