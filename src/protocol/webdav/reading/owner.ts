import { percentDecoded } from '../../../base/untrusted';
import { asContact, contactSchemes } from '../../../core/model/contact';
import type { Contact, Holder } from '../../../core/model/lock';
import { type OwnerText, parseOwnerText } from '../../../core/model/ownerText';
import { programWords } from '../../../core/diagnosis/programWords';
import { plainLine } from '../../../core/model/plainLine';
import type { RawOwner } from './raw';

const nameLimit = 255;
const contactLimit = 8;
/** Maximum number of addresses of one owner that are parsed. */
const addressLimit = 16;

/** `Ann Lee <ann@example.org>`, as mail programs write it. */
const mailInBrackets = /<([^\s<>@:]{1,64}@[^\s<>@:]{1,255})>/g;
const uriInText = new RegExp(`\\b(?:${contactSchemes.join('|')}):[^\\s<>"'\`\\\\^{}|]+`, 'gi');

/** Owner texts that name only a program, not a person. */
const programs: readonly (readonly [RegExp, string])[] = [
  [/^https?:\/\/www\.apple\.com\/webdav_fs\/?$/i, 'macOS Finder'],
  [/^LibreOffice - https?:\/\/www\.libreoffice\.org\/?$/i, 'LibreOffice'],
  [/^OpenOffice(?:\.org)? - https?:\/\/\S+$/i, 'OpenOffice'],
];

/** The lock holder as written by the program that took the lock, unverified. */
export type HolderText = Pick<Holder, 'name' | 'note' | 'contacts' | 'app' | 'host'> & {
  /** Present if the text is in our own format. */
  readonly ours?: OwnerText;
};

/**
 * Reads DAV:owner (RFC 4918 section 14.17): text, addresses, nested elements, or double-escaped markup. Never
 * throws: unrecognized text is used as the name.
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
  return { ...namedOrNoted(nameIn(text, raw.hrefs)), contacts };
}

function shown({ name, app, host }: OwnerText): Pick<HolderText, 'name' | 'app' | 'host'> {
  return {
    ...(name === undefined ? {} : { name: plainLine(name, nameLimit) }),
    ...(app === undefined ? {} : { app: plainLine(app, nameLimit) }),
    ...(host === undefined ? {} : { host: plainLine(host, nameLimit) }),
  };
}

/** `Ann Lee: please do not change` is a name with a note. */
function namedOrNoted(text: string): Pick<HolderText, 'name' | 'note' | 'app'> {
  const [, before = '', after] =
    /^(\p{Lu}[\p{L}’'-]*(?: \p{Lu}[\p{L}’'.-]*){1,3}): (\S.*)$/u.exec(text) ?? [];
  if (after !== undefined && !isProse(before)) return { name: before, note: after };
  return isProse(text) ? { note: text } : named(text);
}

/**
 * Whether the text is a sentence and no name: some servers put the comment of the lock here. Programs describe
 * themselves in several words.
 */
function isProse(text: string): boolean {
  const words = text.split(/[\s,;]+/).filter((word) => /\p{L}/u.test(word));
  const lower = words.filter((word) => /^\p{Ll}/u.test(word)).length;
  const isSentence = words.length >= 4 ? lower * 2 >= words.length : words.length === 3 && lower === 3;
  return isSentence && !/\bvia\b/i.test(text) && programWords({ name: text }) === undefined;
}

/** Splits `einstein@idp via Collabora`: office servers write the program after the person. */
export function named(name: string): Pick<HolderText, 'name' | 'app'> {
  const [, person, app] = /^(.*?)\s+via\s+(\S.*)$/i.exec(name) ?? [];
  if (person && app) return { name: person, app };
  return name === '' ? {} : { name };
}

/** The text without addresses. If none is left, the first address in readable form. */
function nameIn(text: string, hrefs: readonly string[]): string {
  const withoutAddresses = plainLine(
    text.replace(uriInText, ' ').replace(mailInBrackets, ' ').replace(/<\s*>/g, ' '),
    nameLimit,
  );
  if (withoutAddresses !== '') return withoutAddresses;
  const first = hrefs.find((href) => href.trim() !== '') ?? text.match(uriInText)?.[0] ?? '';
  return plainLine(readable(first.trim()), nameLimit);
}

function readable(uri: string): string {
  const opaque = /^(?:mailto|tel|sips?|xmpp|im):([^?]*)/i.exec(uri)?.[1];
  if (opaque === undefined) return uri;
  return percentDecoded(opaque) ?? opaque;
}

function contactsIn(texts: readonly string[]): Contact[] {
  const found = new Map<string, Contact>();
  const mails = texts.flatMap((text) =>
    [...text.matchAll(mailInBrackets)].map(([, mail]) => `mailto:${mail}`),
  );
  const addresses = [...texts.flatMap((text) => text.match(uriInText) ?? []), ...mails].slice(
    0,
    addressLimit,
  );
  for (const address of addresses) {
    const contact = contactOf(address);
    if (contact && found.size < contactLimit) found.set(contact.uri, contact);
  }
  return [...found.values()];
}

/** Removes punctuation after an address in running text. */
function contactOf(text: string): Contact | undefined {
  // No regular expression anchored at the end: it rescans the rest of the text from every punctuation mark.
  let end = text.length;
  while (end > 0 && '.,;:!?)]'.includes(text.charAt(end - 1))) end--;
  return asContact(text.slice(0, end));
}

/** Removes double-escaped tags such as `&lt;D:href&gt;`, but keeps autolinks such as `<mailto:…>`. */
function withoutTags(text: string): string {
  return text.replace(/<\/?[a-z][\w.-]*(?::[a-z][\w.-]*)?(?:\s[^<>]*)?\/?>/gi, (tag) =>
    new RegExp(`^<(?:${contactSchemes.join('|')}):`, 'i').test(tag) ? tag : ' ',
  );
}
