import { plainLine } from './plainLine';

/**
 * What our locks say about their holder in DAV:owner (RFC 4918 section 14.17). Every part is optional, because the
 * user decides (section 20.4).
 */
export interface OwnerText {
  readonly name?: string;
  /** Addresses such as `mailto:ann@example.org`. */
  readonly contacts: readonly string[];
  readonly app?: string;
  readonly host?: string;
  /** The user name on the server. */
  readonly account?: string;
  /** Random, one per lock: the only part that tells which of our locks this is. */
  readonly mark?: string;
}

/** Some servers truncate or refuse longer owners. */
export const ownerTextLimit = 255;

const prefixes = { host: 'on ', account: 'as ', mark: 'id ' } as const;

/**
 * One readable line that {@link parseOwnerText} can parse:
 * `Ann Lee <mailto:ann@example.org> (VS Code, on LAPTOP-7, as alice, id 3fz81c)`.
 * To stay within {@link ownerTextLimit}, it drops contacts first, then shortens the name.
 */
export function ownerText(owner: OwnerText): string {
  const machine = [
    part('', owner.app),
    part(prefixes.host, owner.host),
    part(prefixes.account, owner.account),
    part(prefixes.mark, owner.mark),
  ].filter((text) => text !== '');
  const tail = machine.length > 0 ? `(${machine.join(', ')})` : '';
  const contacts = owner.contacts.filter(isBracketable).map((uri) => `<${uri}>`);
  const name = plainPart(owner.name);
  for (let kept = contacts.length; kept >= 0; kept--) {
    const text = [name, ...contacts.slice(0, kept), tail].filter((piece) => piece !== '').join(' ');
    if (text.length <= ownerTextLimit) return text;
  }
  const room = ownerTextLimit - tail.length - 1;
  return [plainLine(name, Math.max(room, 1)), tail].join(' ').trim().slice(0, ownerTextLimit);
}

/** Parses a text that {@link ownerText} wrote; undefined for any other text, such as a plain name. */
export function parseOwnerText(text: string): OwnerText | undefined {
  const match = /^([^<>()]*)((?:<[^<>\s]+>\s*)*)\(([^()]+)\)$/.exec(text.trim());
  if (!match) return undefined;
  const [, name = '', contacts = '', machine = ''] = match;
  const owner: { -readonly [Key in keyof OwnerText]: OwnerText[Key] } = {
    contacts: contacts.match(/[^<>\s]+/g) ?? [],
  };
  if (name.trim() !== '') owner.name = name.trim();
  for (const [index, piece] of machine.split(', ').entries()) {
    const field = (['host', 'account', 'mark'] as const).find((key) => piece.startsWith(prefixes[key]));
    if (field) owner[field] = piece.slice(prefixes[field].length);
    else if (index === 0) owner.app = piece;
    else return undefined;
  }
  // Anybody may write "Ann (Berlin)"; only a host, account or mark makes the text ours.
  return (owner.host ?? owner.account ?? owner.mark) ? owner : undefined;
}

function part(prefix: string, value: string | undefined): string {
  const text = plainPart(value, 60);
  return text === '' ? '' : prefix + text;
}

/** Removes the characters that separate the parts. */
function plainPart(value: string | undefined, max = ownerTextLimit): string {
  return plainLine((value ?? '').replace(/[()<>,]/g, ' '), max);
}

function isBracketable(uri: string): boolean {
  return /^[a-z][a-z0-9+.-]*:[^\s<>()]+$/i.test(uri);
}
