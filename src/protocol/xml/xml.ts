import { SaxesParser } from 'saxes';

/** By their names as written. */
export type XmlAttributes = Readonly<Record<string, { readonly value: string }>>;

/** What a guarded parse tells, in document order. Throwing from any of them ends the parse. */
export interface XmlSink {
  open(namespace: string, local: string, attributes?: XmlAttributes): void;
  /** Character data or a CDATA section, entities resolved; may come in pieces. */
  text(text: string): void;
  close(): void;
  /** A namespace that the element about to be opened binds to a prefix. May not be told of each occurrence. */
  declares?(namespace: string): void;
}

/** Not well-formed, truncated, badly encoded, or beyond a limit. */
export class XmlError extends Error {
  override readonly name = 'XmlError';

  /** Set where it is well-formed, as far as it was read, and more than is taken in. */
  readonly code: typeof tooLarge | undefined;

  constructor(message: string, { code, ...options }: ErrorOptions & { code?: typeof tooLarge } = {}) {
    super(message, options);
    this.code = code;
  }
}

/** The code of failures for which there is too much of something. */
export const tooLarge = 'TOO_LARGE';

/** Deepest nesting: the parser's namespace look-up is quadratic in it. */
export const maxDepth = 64;
export const maxAttributes = 64;
/** Most UTF-16 units without any markup. */
export const maxText = 1 << 20;

/** Parses a text that is at hand. Throws an {@link XmlError} for all that is not one whole document. */
export function parseXmlText(text: string, sink: XmlSink): void {
  const parser = new GuardedParser(sink);
  parser.write(text);
  parser.end();
}

/**
 * A conforming, namespace-aware parser that throws an {@link XmlError} for everything that is not one complete document
 * without DOCTYPE and within the limits. The only user of the XML library.
 */
export class GuardedParser {
  readonly #parser = new SaxesParser({ xmlns: true, position: false });
  #depth = 0;
  #attributes = 0;
  #unmarked = 0;

  constructor(sink: XmlSink) {
    const parser = this.#parser;
    parser.on('error', (error) => {
      throw new XmlError(error.message);
    });
    parser.on('doctype', () => {
      throw new XmlError('A DOCTYPE is not accepted.');
    });
    parser.on('attribute', ({ prefix, value }) => {
      if (++this.#attributes > maxAttributes) throw new XmlError('Too many attributes.');
      if (prefix === 'xmlns') sink.declares?.(value);
    });
    parser.on('opentag', (tag) => {
      this.#attributes = 0;
      this.#unmarked = 0;
      if (++this.#depth > maxDepth) throw new XmlError('Nested too deeply.');
      sink.open(tag.uri, tag.local, tag.attributes);
    });
    parser.on('closetag', () => {
      this.#unmarked = 0;
      this.#depth--;
      sink.close();
    });
    const text = (piece: string) => {
      if (this.#depth > 0) sink.text(piece);
    };
    parser.on('text', text);
    parser.on('cdata', text);
  }

  write(text: string): void {
    this.#unmarked += text.length;
    // Counted between tags: also for what the parser still gathers and has not told.
    this.#parser.write(text);
    if (this.#unmarked > maxText) throw new XmlError('A text is too long.');
  }

  end(): void {
    this.#parser.close();
  }
}
