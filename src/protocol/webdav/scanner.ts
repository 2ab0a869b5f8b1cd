import { unsliced } from './unsliced';
import { GuardedParser, maxAttributes, maxDepth, maxText, XmlError, type XmlSink } from './xml';

/** A start tag: what it says depends on its spelling and on the prefixes around it, and on nothing else. */
interface Tag {
  /** Without the brackets. */
  readonly spelling: string;
  readonly name: string;
  readonly namespace: string;
  readonly local: string;
  readonly isEmpty: boolean;
  /** Where it stands, and what it makes of that. */
  readonly around: Scope;
  readonly within: Scope;
  /** Whether it may be met again: only such tags are kept, and only they may keep others. */
  readonly isKept: boolean;
  /** The kept start tag that came next when this one was last read. */
  follower: Tag | undefined;
}

/** What prefixes mean in some part of the document, with the kept tags of it. */
class Scope {
  readonly tags = new Map<string, Tag>();

  constructor(readonly prefixes: ReadonlyMap<string, string>) {}
}

const ncName = '[A-Za-z_][\\w.-]*';
const space = '[ \\t\\r\\n]';
const declaration = `${space}+xmlns(?::${ncName})?=(?:"[^"<&\\s]+"|'[^'<&\\s]+')`;
const startTag = new RegExp(`^(?:(${ncName}):)?(${ncName})((?:${declaration})*)${space}*(/?)$`);
const oneDeclaration = new RegExp(`xmlns(?::(${ncName}))?=(?:"([^"]+)"|'([^']+)')`, 'g');
const prologue = new RegExp(
  `^<\\?xml version=(["'])1\\.0\\1(?: encoding=(["'])[A-Za-z][\\w.-]*\\2)?(?: standalone=(["'])(?:yes|no)\\3)?${space}*\\?>$`,
);
const blank = /^[ \t\r\n]*$/;
/** What XML forbids in text, and what ends a CDATA section there. */
const irregular = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\]\]>/;
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
/** Most tags kept of one document: what differs from tag to tag would else stay in memory, all of it. */
const keptTags = 1024;
const longestKept = 4096;

/**
 * Reads the plain part of XML that servers write (elements, namespace declarations, text, the five named entities)
 * several times faster than a full parser can. It judges nothing: at the first thing beyond that plain part it hands
 * over, with the elements that are open, to the conforming parser, which decides as if it had read everything itself.
 */
export class XmlScanner {
  readonly #sink: XmlSink;
  readonly #open: Tag[] = [];
  readonly #outside = new Scope(new Map());
  #scope = this.#outside;
  #last: Tag | undefined;
  #kept = 0;
  /** The last text with entities, and what it meant: in a folder many locks have one owner. */
  #entities = '';
  #plain: string | undefined;
  /** What stood before the root, as it was written. */
  #prologue = '';
  #hasEnded = false;
  #rest = '';
  #parser: GuardedParser | undefined;

  constructor(sink: XmlSink) {
    this.#sink = sink;
  }

  write(text: string): void {
    if (this.#parser) return this.#parser.write(text);
    const all = this.#rest + text;
    const done = irregular.test(all) || !all.isWellFormed() ? 0 : this.#scan(all);
    if (done === undefined) return;
    this.#rest = '';
    this.#handOver(all.slice(done));
  }

  end(): void {
    if (!this.#parser && !(this.#hasEnded && blank.test(this.#rest))) this.#handOver(this.#rest);
    this.#parser?.end();
  }

  /** Reads what is whole and keeps the rest; or gives where the plain part ends. */
  #scan(all: string): number | undefined {
    let at = 0;
    for (;;) {
      const less = all.indexOf('<', at);
      if (less > at && !this.#text(all.slice(at, less))) return at;
      const expected = less < 0 ? 0 : this.#expected(all, less + 1);
      if (expected > 0) {
        at = expected;
        continue;
      }
      const greater = less < 0 ? -1 : all.indexOf('>', less + 1);
      if (greater < 0) {
        this.#rest = all.slice(less < 0 ? at : less);
        if (this.#rest.length > maxText) throw new XmlError('A text is too long.');
        return undefined;
      }
      const isEnd = all.charCodeAt(less + 1) === slash;
      const isRead = isEnd
        ? this.#endTag(all.slice(less + 2, greater))
        : this.#startTag(all.slice(less + 1, greater));
      if (!isRead) return less;
      at = greater + 1;
    }
  }

  #text(text: string): boolean {
    if (this.#open.length === 0) {
      if (!blank.test(text)) return false;
      if (!this.#hasEnded) this.#prologue += text;
      return true;
    }
    const plain = text.includes('&') ? this.#resolved(text) : text;
    if (plain === undefined) return false;
    this.#sink.text(plain.includes('\r') ? plain.replace(/\r\n?/g, '\n') : plain);
    return true;
  }

  #resolved(text: string): string | undefined {
    if (text === this.#entities) return this.#plain;
    this.#entities = unsliced(text);
    return (this.#plain = resolved(text));
  }

  /**
   * Reads the tag that is most likely here, behind its `<`: the end of the open element, or the one that followed the
   * last tag when that was read before. Gives the place behind it, or 0 where it is another.
   */
  #expected(all: string, at: number): number {
    if (all.charCodeAt(at) === slash) {
      const { name } = this.#open.at(-1) ?? {};
      if (name === undefined || !all.startsWith(name, at + 1)) return 0;
      const behind = at + 1 + name.length;
      if (all.charCodeAt(behind) !== greaterThan) return 0;
      this.#close();
      return behind + 1;
    }
    const tag = this.#last?.follower;
    if (tag?.around !== this.#scope || !all.startsWith(tag.spelling, at)) return 0;
    const behind = at + tag.spelling.length;
    if (all.charCodeAt(behind) !== greaterThan || this.#hasEnded) return 0;
    this.#enter(tag);
    return behind + 1;
  }

  #startTag(spelling: string): boolean {
    const tag = this.#scope.tags.get(spelling) ?? this.#read(spelling);
    if (!tag) return this.#open.length === 0 && this.#isPrologue(`<${spelling}>`);
    if (this.#hasEnded) return false;
    if (this.#last?.isKept && tag.isKept) this.#last.follower = tag;
    this.#enter(tag);
    return true;
  }

  #enter(tag: Tag): void {
    this.#last = tag;
    this.#sink.open(tag.namespace, tag.local);
    if (tag.isEmpty) {
      this.#sink.close();
      this.#hasEnded = this.#open.length === 0;
    } else {
      if (this.#open.push(tag) > maxDepth) throw new XmlError('Nested too deeply.');
      this.#scope = tag.within;
    }
  }

  #endTag(spelling: string): boolean {
    const { name } = this.#open.at(-1) ?? {};
    if (
      spelling !== name &&
      (name === undefined || !spelling.startsWith(name) || !blank.test(spelling.slice(name.length)))
    )
      return false;
    this.#close();
    return true;
  }

  #close(): void {
    this.#open.pop();
    this.#sink.close();
    this.#scope = this.#open.at(-1)?.within ?? this.#outside;
    this.#hasEnded = this.#open.length === 0;
  }

  #isPrologue(text: string): boolean {
    if (this.#prologue !== '' || this.#hasEnded || !prologue.test(text)) return false;
    this.#prologue = text;
    return true;
  }

  #read(spelling: string): Tag | undefined {
    // Its parts are slices of it.
    const known = unsliced(spelling);
    const [, prefix = '', local = '', declarations = '', end] = startTag.exec(known) ?? [];
    const within = local === '' ? undefined : this.#declared(declarations);
    const namespace = within?.prefixes.get(prefix) ?? (prefix === '' ? '' : undefined);
    if (!within || namespace === undefined || prefix === 'xmlns') return undefined;
    const name = prefix === '' ? local : `${prefix}:${local}`;
    const around = this.#scope;
    const isEmpty = end === '/';
    const isKept = this.#kept < keptTags && known.length <= longestKept;
    const tag: Tag = {
      spelling: known,
      name,
      namespace,
      local,
      isEmpty,
      around,
      within,
      isKept,
      follower: undefined,
    };
    if (isKept) {
      this.#kept++;
      around.tags.set(known, tag);
    }
    return tag;
  }

  /** The scope within a tag; undefined for declarations that are not plain. */
  #declared(declarations: string): Scope | undefined {
    if (declarations === '') return this.#scope;
    const added = new Map<string, string>();
    for (const [, prefix = '', quoted, uri = quoted ?? ''] of declarations.matchAll(oneDeclaration)) {
      if (added.has(prefix) || /^xml/i.test(prefix) || uri.startsWith('http://www.w3.org/')) return undefined;
      added.set(prefix, uri);
    }
    // Each scope has a copy of them all: more are the parser's affair, which has none.
    if (this.#scope.prefixes.size + added.size > maxAttributes) return undefined;
    for (const [prefix, uri] of added) if (prefix !== '') this.#sink.declares?.(uri);
    return new Scope(new Map([...this.#scope.prefixes, ...added]));
  }

  #handOver(text: string): void {
    const sink = this.#sink;
    // What is read again, so that the parser knows where it is, has been told already.
    let isNew = false;
    this.#parser = new GuardedParser({
      open: (namespace, local) => {
        if (isNew) sink.open(namespace, local);
      },
      text: (piece) => {
        if (isNew) sink.text(piece);
      },
      close: () => {
        if (isNew) sink.close();
      },
      declares: (namespace) => {
        if (isNew) sink.declares?.(namespace);
      },
    });
    const before = this.#open.map(({ spelling }) => `<${spelling}>`).join('');
    this.#parser.write(this.#prologue + (this.#hasEnded ? '<ended/>' : before));
    isNew = true;
    this.#parser.write(text);
  }
}

const slash = 0x2f;
const greaterThan = 0x3e;

/** The text without its entities; undefined where there are other references than the five named ones. */
function resolved(text: string): string | undefined {
  let isPlain = true;
  const plain = text.replace(/&(?:(amp|lt|gt|quot|apos);)?/g, (_, name: string | undefined) => {
    if (name === undefined) isPlain = false;
    return entities[name ?? ''] ?? '';
  });
  return isPlain ? plain : undefined;
}
