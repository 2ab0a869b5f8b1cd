import { asContact, contactSchemes } from '../../core/model/contact';
import type { Contact, Holder } from '../../core/model/lock';
import { type OwnerText, parseOwnerText } from '../../core/model/ownerText';
import { plainLine } from '../../core/model/plainLine';
import type { RawOwner } from './raw';

const nameLimit = 255;
const contactLimit = 8;
/** Addresses of one owner that are looked at. */
const addressLimit = 16;

const uriInText = new RegExp(`\\b(?:${contactSchemes.join('|')}):[^\\s<>"'\`\\\\^{}|]+`, 'gi');

/** Owners that name a program and nobody. */
const programs: readonly (readonly [RegExp, string])[] = [
  [/^https?:\/\/www\.apple\.com\/webdav_fs\/?$/i, 'macOS Finder'],
  [/^LibreOffice - https?:\/\/www\.libreoffice\.org\/?$/i, 'LibreOffice'],
  [/^OpenOffice(?:\.org)? - https?:\/\/\S+$/i, 'OpenOffice'],
];

/** Who holds a lock, by the word of the program that took it. */
export type HolderText = Pick<Holder, 'name' | 'contacts' | 'app' | 'host'> & {
  /** Present where the text is in our own form. */
  readonly ours?: OwnerText;
};

/**
 * Reads DAV:owner (RFC 4918 section 14.17): text, addresses, nested elements, or markup that was escaped once too
 * often. Never throws; what cannot be understood is a name, and nothing at all is no name.
 */
export function readOwner(raw: RawOwner | undefined): HolderText {
  if (!raw) return { contacts: [] };
  const text = withoutTags(raw.text);
  const whole = plainLine([text, ...raw.hrefs].join(' '), 1024);
  const program = programs.find(([pattern]) => pattern.test(whole));
  if (program) return { contacts: [], app: program[1] };

  const ours = parseOwnerText(plainLine(raw.text, 1024));
  const contacts = contactsIn([...raw.hrefs, ...(ours?.contacts ?? []), text]);
  if (ours) return { ...shown(ours), contacts, ours };
  return { ...named(nameIn(text, raw.hrefs)), contacts };
}

function shown({ name, app, host }: OwnerText): Pick<HolderText, 'name' | 'app' | 'host'> {
  return {
    ...(name === undefined ? {} : { name: plainLine(name, nameLimit) }),
    ...(app === undefined ? {} : { app: plainLine(app, nameLimit) }),
    ...(host === undefined ? {} : { host: plainLine(host, nameLimit) }),
  };
}

/** `einstein@idp via Collabora`: office servers write the program behind the person. */
function named(name: string): Pick<HolderText, 'name' | 'app'> {
  const [, person, app] = /^(.*?)\s+via\s+(\S.*)$/i.exec(name) ?? [];
  if (person && app) return { name: person, app };
  return name === '' ? {} : { name };
}

/** The words without addresses; where there are none, the first address as a person would read it. */
function nameIn(text: string, hrefs: readonly string[]): string {
  const words = plainLine(text.replace(uriInText, ' ').replace(/<\s*>/g, ' '), nameLimit);
  if (words !== '') return words;
  const first = hrefs.find((href) => href.trim() !== '') ?? text.match(uriInText)?.[0] ?? '';
  return plainLine(readable(first.trim()), nameLimit);
}

function readable(uri: string): string {
  const opaque = /^(?:mailto|tel|sips?|xmpp|im):([^?]*)/i.exec(uri)?.[1];
  if (opaque === undefined) return uri;
  try {
    return decodeURIComponent(opaque);
  } catch (error) {
    if (error instanceof URIError) return opaque;
    throw error;
  }
}

function contactsIn(texts: readonly string[]): Contact[] {
  const found = new Map<string, Contact>();
  const addresses = texts.flatMap((text) => text.match(uriInText) ?? []).slice(0, addressLimit);
  for (const address of addresses) {
    const contact = contactOf(address);
    if (contact && found.size < contactLimit) found.set(contact.uri, contact);
  }
  return [...found.values()];
}

/** A sentence's punctuation clings to an address in running text. */
function contactOf(text: string): Contact | undefined {
  // Not by a pattern for the end: that one looks through the rest of the text from every mark.
  let end = text.length;
  while (end > 0 && '.,;:!?)]'.includes(text.charAt(end - 1))) end--;
  return asContact(text.slice(0, end));
}

/** Markup that arrived as text: `&lt;D:href&gt;mailto:…&lt;/D:href&gt;`. Autolinks such as `<mailto:…>` stay. */
function withoutTags(text: string): string {
  return text.replace(/<\/?[a-z][\w.-]*(?::[a-z][\w.-]*)?(?:\s[^<>]*)?\/?>/gi, (tag) =>
    new RegExp(`^<(?:${contactSchemes.join('|')}):`, 'i').test(tag) ? tag : ' ',
  );
}
