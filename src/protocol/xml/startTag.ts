import { Scope, type Tag } from './markup';
import { detached } from './detached';
import { maxAttributes } from './xml';

const ncName = '[A-Za-z_][\\w.-]*';
const space = '[ \\t\\r\\n]';
/** Of printable ASCII, as names of namespaces are. */
const declaration = `${space}+xmlns(?::${ncName})?=(?:"[!#-%'-;=-~]+"|'[!-%(-;=-~]+')`;
const startTag = new RegExp(`^(?:(${ncName}):)?(${ncName})((?:${declaration})*)${space}*(/?)$`);
const oneDeclaration = new RegExp(`xmlns(?::(${ncName}))?=(?:"([^"]+)"|'([^']+)')`, 'g');
/** Most tags kept of one document: what differs from tag to tag would else stay in memory, all of it. */
const keptTags = 1024;
const longestKept = 4096;

/** Reads the plain start tags of one document, those that it has kept only once. */
export class TagReader {
  readonly #declares: (namespace: string) => void;
  #kept = 0;

  constructor(declares: (namespace: string) => void) {
    this.#declares = declares;
  }

  /** The tag that is spelled so (without the brackets) where prefixes mean that; undefined for what is not plain. */
  tag(spelling: string, around: Scope): Tag | undefined {
    return around.tags.get(spelling) ?? this.#read(spelling, around);
  }

  #read(spelling: string, around: Scope): Tag | undefined {
    // Its parts are slices of it.
    const known = detached(spelling);
    const [, prefix = '', local = '', declarations = '', end] = startTag.exec(known) ?? [];
    const within = local === '' ? undefined : this.#declared(declarations, around);
    const namespace = within?.prefixes.get(prefix) ?? (prefix === '' ? '' : undefined);
    if (!within || namespace === undefined || prefix === 'xmlns') return undefined;
    const name = prefix === '' ? local : `${prefix}:${local}`;
    const isKept = this.#kept < keptTags && known.length <= longestKept;
    // What is not kept is not compared again either.
    const as = isKept ? interned : (text: string) => text;
    const told = { namespace: as(namespace), local: as(local) };
    const tag = { spelling: known, name, ...told, isEmpty: end === '/', within, isKept, runs: [] };
    if (isKept) {
      this.#kept++;
      around.tags.set(known, tag);
    }
    return tag;
  }

  /** The scope within a tag; undefined for declarations that are not plain. */
  #declared(declarations: string, around: Scope): Scope | undefined {
    if (declarations === '') return around;
    const added = new Map<string, string>();
    for (const [, prefix = '', quoted, uri = quoted ?? ''] of declarations.matchAll(oneDeclaration)) {
      if (added.has(prefix) || /^xml/i.test(prefix) || uri.startsWith('http://www.w3.org/')) return undefined;
      added.set(prefix, uri);
    }
    // Each scope has a copy of them all: more are the parser's affair, which has none.
    if (around.prefixes.size + added.size > maxAttributes) return undefined;
    for (const [prefix, uri] of added) if (prefix !== '') this.#declares(uri);
    return new Scope(new Map([...around.prefixes, ...added]));
  }
}

/** The same text, as V8 keeps the names of properties: two of those are compared by their addresses. */
function interned(text: string): string {
  return Object.keys({ [text]: true })[0] ?? text;
}
