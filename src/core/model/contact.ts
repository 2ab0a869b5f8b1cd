import type { Contact, Holder } from './lock';
import { plainLine } from './plainLine';

/** Schemes that are ever opened, and what they are. Everything else a server may send is text. */
const kinds: Readonly<Record<string, Contact['kind']>> = {
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

export const contactSchemes: readonly string[] = Object.keys(kinds);

const longest = 512;
/** Where an address leads is shown before it is opened, and to its end: all of it, or of a web address the host. */
export const shownOfAddress = 120;
const longestHost = 100;
const encodedControl = /%(?:[01][0-9a-f]|7f)/i;

/** Reads an address; undefined for schemes that are never opened and for what is no address that can be shown. */
export function asContact(text: string): Contact | undefined {
  const uri = text.trim();
  const scheme = uri.slice(0, uri.indexOf(':')).toLowerCase();
  const kind = Object.hasOwn(kinds, scheme) ? kinds[scheme] : undefined;
  // What is encoded is for the program that gets it: a line break would begin another field there.
  if (encodedControl.test(uri)) return undefined;
  if (!kind || uri.length > longest || /\s/.test(uri) || plainLine(uri, longest) !== uri) return undefined;
  if (kind === 'mail') return asMail(uri);
  if (kind === 'web') return isPlainWebAddress(uri) ? { kind, uri } : undefined;
  return uri.length > scheme.length + 1 && uri.length <= shownOfAddress ? { kind, uri } : undefined;
}

/** Only the address: a foreign subject, body or copy must not get into the person's mail (RFC 6068). */
function asMail(uri: string): Contact | undefined {
  // One address: a comma, a semicolon or a second @ would make it several for some program, also where it is encoded.
  if (/%(?:2c|3b|40)/i.test(uri.split(/[?#]/, 1)[0] ?? '')) return undefined;
  const address = /^mailto:([^?#\s@,;]+@[^?#\s@,;]+)(?:[?#]|$)/i.exec(uri)?.[1];
  const mail = `mailto:${address}`;
  return address === undefined || mail.length > shownOfAddress ? undefined : { kind: 'mail', uri: mail };
}

/** No user name or password in it: those make an address look like another host's, and so does a host that is cut. */
function isPlainWebAddress(uri: string): boolean {
  if (!URL.canParse(uri)) return false;
  const { username, password, host } = new URL(uri);
  return username === '' && password === '' && host !== '' && host.length <= longestHost;
}

/** A way to reach somebody about a lock, and on whose word. */
export interface Reach {
  readonly contact: Contact;
  readonly from: 'setting' | 'lock' | 'server' | 'administrator';
}

/** Every way to reach the holder, the surest first: the person's own setting, then the lock, last the administrator. */
export function waysToReach(
  holder: Holder | undefined,
  contacts: Readonly<Record<string, string>>,
  administrator: string,
): Reach[] {
  const ways: Reach[] = [];
  const add = (uri: string | undefined, from: Reach['from']) => {
    const contact = uri === undefined ? undefined : asContact(uri);
    if (contact && !ways.some((way) => way.contact.uri === contact.uri)) ways.push({ contact, from });
  };
  const name = holder?.name?.toLocaleLowerCase();
  add(Object.entries(contacts).find(([who]) => who.toLocaleLowerCase() === name)?.[1], 'setting');
  for (const { uri } of holder?.contacts ?? []) add(uri, holder?.assertedBy === 'server' ? 'server' : 'lock');
  add(administrator, 'administrator');
  return ways;
}

/** The address to open, with the message in it where the scheme can carry one. */
export function addressWith(contact: Contact, subject: string, body: string): string {
  if (contact.kind !== 'mail') return contact.uri;
  return `${contact.uri}?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(body)}`;
}
