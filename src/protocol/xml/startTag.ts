import { Scope, type Tag } from './markup';
import { detached } from './detached';
import { maxAttributes } from './xml';

const ncName = '[A-Za-z_][\\w.-]*';
const space = '[ \\t\\r\\n]';
/** Accepts namespace names of printable ASCII only. */
const declaration = `${space}+xmlns(?::${ncName})?=(?:"[!#-%'-;=-~]+"|'[!-%(-;=-~]+')`;
const startTag = new RegExp(`^(?:(${ncName}):)?(${ncName})((?:${declaration})*)${space}*(/?)$`);
const oneDeclaration = new RegExp(`xmlns(?::(${ncName}))?=(?:"([^"]+)"|'([^']+)')`, 'g');
/** Bounds the memory for documents in which every tag is different. */
const maxTags = 1024;
const maxTagLength = 4096;

/** Parses and caches the start tags of one document. */
export class TagReader {
  readonly #declares: (namespace: string) => void;
  #cachedCount = 0;

  constructor(declares: (namespace: string) => void) {
    this.#declares = declares;
  }

  /** The tag with this source text (without brackets) in this scope. Undefined outside the supported subset. */
  tag(spelling: string, around: Scope): Tag | undefined {
    return around.tags.get(spelling) ?? this.#read(spelling, around);
  }

  #read(spelling: string, around: Scope): Tag | undefined {
    // Detached once here, because its parts are slices of it.
    const known = detached(spelling);
    const [, prefix = '', local = '', declarations = '', end] = startTag.exec(known) ?? [];
    const scope = local === '' ? undefined : this.#declared(declarations, around);
    const namespace = scope?.prefixes.get(prefix) ?? (prefix === '' ? '' : undefined);
    if (!scope || namespace === undefined || prefix === 'xmlns') return undefined;
    const name = prefix === '' ? local : `${prefix}:${local}`;
    const isCached = this.#cachedCount < maxTags && known.length <= maxTagLength;
    // Interning pays off only for tags that are compared again.
    const as = isCached ? interned : (text: string) => text;
    const expandedName = { namespace: as(namespace), local: as(local) };
    const tag = { source: known, name, ...expandedName, isEmpty: end === '/', scope, isCached, runs: [] };
    if (isCached) {
      this.#cachedCount++;
      around.tags.set(known, tag);
    }
    return tag;
  }

  /** The scope inside a tag. Undefined for declarations outside the supported subset. */
  #declared(declarations: string, around: Scope): Scope | undefined {
    if (declarations === '') return around;
    const added = new Map<string, string>();
    for (const [, prefix = '', quoted, uri = quoted ?? ''] of declarations.matchAll(oneDeclaration)) {
      if (added.has(prefix) || /^xml/i.test(prefix) || uri.startsWith('http://www.w3.org/')) return undefined;
      added.set(prefix, uri);
    }
    // Each scope copies all prefixes, so documents with more are left to the full parser, which does not.
    if (around.prefixes.size + added.size > maxAttributes) return undefined;
    for (const [prefix, uri] of added) if (prefix !== '') this.#declares(uri);
    return new Scope(new Map([...around.prefixes, ...added]));
  }
}

/** The text as V8 interns property names: two interned strings are compared by address. */
function interned(text: string): string {
  return Object.keys({ [text]: true })[0] ?? text;
}
