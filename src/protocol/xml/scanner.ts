import { end, type Run, Scope, type Tag } from './markup';
import { RunRecorder } from './runRecorder';
import { TagReader } from './startTag';
import { detached } from './detached';
import { GuardedParser, maxDepth, maxText, XmlError, type XmlSink } from './xml';

const space = '[ \\t\\r\\n]';
const prologue = new RegExp(
  `^<\\?xml version=(["'])1\\.0\\1(?: encoding=(["'])[A-Za-z][\\w.-]*\\2)?(?: standalone=(["'])(?:yes|no)\\3)?${space}*\\?>$`,
);
const blank = /^[ \t\r\n]*$/;
/** Text that needs no processing: printable ASCII without references or leading whitespace. */
const verbatim = /^[!-%'-\\^-~][ -%'-\\^-~]*$/;
/** Characters that XML forbids in text, and `]]>`. */
const forbidden = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\]\]>/;
const otherReference = /&(?!(?:amp|lt|gt|quot|apos);)/;

/**
 * Parses the XML subset that servers use (elements, namespace declarations, text, the five named entities) several
 * times faster than a full parser. At the first construct outside this subset it hands over, with the open
 * elements, to the conforming parser, which alone decides about well-formedness.
 */
export class XmlScanner {
  readonly #sink: XmlSink;
  readonly #tags: TagReader;
  readonly #recorder = new RunRecorder();
  readonly #open: Tag[] = [];
  readonly #outside = new Scope(new Map());
  /** The last text with entities, cached with its result: many locks in a folder have the same owner. */
  #entities = '';
  #plain: string | undefined;
  /** The source text before the root element. */
  #prologue = '';
  #hasEnded = false;
  #rest = '';
  #parser: GuardedParser | undefined;

  constructor(sink: XmlSink) {
    this.#sink = sink;
    this.#tags = new TagReader((namespace) => sink.declares?.(namespace));
  }

  write(text: string): void {
    // Join the rest only with the text up to the next `>`, to avoid copying the whole chunk.
    const whole = this.#rest === '' ? 0 : text.indexOf('>') + 1;
    if (whole > 0) this.#read(this.#rest + text.slice(0, whole));
    this.#read(this.#rest + text.slice(whole));
  }

  #read(all: string): void {
    if (this.#parser) return this.#parser.write(all);
    this.#rest = '';
    const done = this.#scan(all);
    if (done !== undefined) this.#handOver(all.slice(done));
  }

  end(): void {
    if (!this.#parser && !(this.#hasEnded && blank.test(this.#rest))) this.#handOver(this.#rest);
    this.#parser?.end();
  }

  /** Parses all complete tags and texts and keeps the rest. Returns the offset where the supported subset ends. */
  #scan(all: string): number | undefined {
    let at = 0;
    // The start of an unfinished run was in the previous chunk, which is no longer available.
    this.#recorder.drop();
    for (;;) {
      const less = all.indexOf('<', at);
      if (less > at && !this.#text(all, at, less)) return at;
      const run = less < 0 ? undefined : this.#run(all, less);
      if (run) {
        at = less + run.source.length;
        continue;
      }
      const greater = less < 0 ? -1 : all.indexOf('>', less + 1);
      if (greater < 0) {
        this.#rest = all.slice(less < 0 ? at : less);
        if (this.#rest.length > maxText) throw new XmlError('A text is too long.');
        return undefined;
      }
      this.#recorder.begin(this.#open.at(-1), less);
      const isEnd = all.charCodeAt(less + 1) === slash;
      const isRead = isEnd
        ? this.#endTag(all.slice(less + 2, greater))
        : this.#startTag(all.slice(less + 1, greater));
      if (!isRead) return less;
      at = greater + 1;
    }
  }

  #text(all: string, at: number, less: number): boolean {
    const text = all.slice(at, less);
    if (this.#open.length > 0 && verbatim.test(text)) {
      this.#recorder.finish(all, at);
      this.#sink.text(text);
      return true;
    }
    const isBlank = blank.test(text);
    if (this.#open.length === 0) {
      if (!isBlank) return false;
      if (!this.#hasEnded) this.#prologue += text;
      return true;
    }
    const plain = this.#resolved(text);
    if (plain === undefined) return false;
    if (isBlank) this.#recorder.blanks(plain);
    else this.#recorder.finish(all, at);
    this.#sink.text(plain);
    return true;
  }

  #resolved(text: string): string | undefined {
    if (!text.includes('&')) return characters(text);
    if (text === this.#entities) return this.#plain;
    this.#entities = detached(text);
    return (this.#plain = resolved(text));
  }

  /** Replays the run at this offset, if the open element has it stored. */
  #run(all: string, at: number): Run | undefined {
    const runs = this.#open[this.#open.length - 1]?.runs;
    if (!runs) return undefined;
    for (let index = 0; index < runs.length; index++) {
      const run = runs[index];
      if (!run || all.slice(at, at + run.source.length) !== run.source || !this.#fits(run)) continue;
      if (index > 0) [runs[0], runs[index]] = [run, runs[0] ?? run];
      this.#recorder.finish(all, at);
      this.#repeat(run);
      return run;
    }
    return undefined;
  }

  #fits({ closes, nesting }: Run): boolean {
    const open = this.#open;
    let last = open.length;
    // A run never closes the root element: different rules apply after it.
    if (last + nesting > maxDepth || last <= closes.length) return false;
    for (const tag of closes) if (open[--last] !== tag) return false;
    return true;
  }

  #repeat({ steps, closes, opens }: Run): void {
    const sink = this.#sink;
    for (const step of steps) {
      if (step === end) sink.close();
      else if (typeof step === 'string') sink.text(step);
      else {
        sink.open(step.namespace, step.local);
        if (step.isEmpty) sink.close();
      }
    }
    for (let count = closes.length; count > 0; count--) this.#open.pop();
    for (const tag of opens) this.#open.push(tag);
  }

  #startTag(spelling: string): boolean {
    const tag = this.#tags.tag(spelling, this.#open.at(-1)?.scope ?? this.#outside);
    if (!tag) return this.#open.length === 0 && this.#isPrologue(`<${spelling}>`);
    if (this.#hasEnded) return false;
    if (this.#open.length >= maxDepth) throw new XmlError('Nested too deeply.');
    this.#recorder.opened(tag);
    this.#sink.open(tag.namespace, tag.local);
    if (tag.isEmpty) {
      this.#sink.close();
      this.#hasEnded = this.#open.length === 0;
    } else this.#open.push(tag);
    return true;
  }

  #endTag(spelling: string): boolean {
    const tag = this.#open.at(-1);
    if (
      spelling !== tag?.name &&
      (!tag || !spelling.startsWith(tag.name) || !blank.test(spelling.slice(tag.name.length)))
    )
      return false;
    this.#open.pop();
    this.#sink.close();
    this.#hasEnded = this.#open.length === 0;
    if (this.#hasEnded) this.#recorder.drop();
    else this.#recorder.closed(tag);
    return true;
  }

  #isPrologue(text: string): boolean {
    if (this.#prologue !== '' || this.#hasEnded || !prologue.test(text)) return false;
    this.#prologue = text;
    return true;
  }

  #handOver(text: string): void {
    const sink = this.#sink;
    // The sink has already received what is replayed to bring the parser to this state.
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
    const before = this.#open.map(({ source }) => `<${source}>`).join('');
    this.#parser.write(this.#prologue + (this.#hasEnded ? '<ended/>' : before));
    isNew = true;
    this.#parser.write(text);
  }
}

const slash = 0x2f;

/** A text without references, line ends normalized. Undefined if it contains characters that XML forbids. */
function characters(text: string): string | undefined {
  if (forbidden.test(text) || !text.isWellFormed()) return undefined;
  return text.includes('\r') ? text.replace(/\r\n/g, '\n').replace(/\r/g, '\n') : text;
}

/** The text with its entities resolved. Undefined for references other than the five named ones. */
function resolved(text: string): string | undefined {
  if (otherReference.test(text)) return undefined;
  // Patterns of fixed text, because V8 replaces those several times faster. `&amp;` comes last, because what it stands for must not be read as the beginning of another one.
  return characters(text)
    ?.replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&apos;/g, "'")
    .replace(/&amp;/g, '&');
}
