import { SaxesParser } from 'saxes';

/** Keyed by qualified name. */
export type XmlAttributes = Readonly<Record<string, { readonly value: string }>>;

/** Receives the parse events in document order. An exception from any method ends the parse. */
export interface XmlSink {
  open(namespace: string, local: string, attributes?: XmlAttributes): void;
  /** Character data or a CDATA section, entities resolved, possibly in pieces. */
  text(text: string): void;
  close(): void;
  /** The next element binds this namespace to a prefix. Not called for every occurrence. */
  declares?(namespace: string): void;
}

/** Not well-formed, truncated, badly encoded, or beyond a limit. */
export class XmlError extends Error {
  override readonly name = 'XmlError';

  /** Set if the document exceeds a size limit and is well-formed up to there. */
  readonly code: typeof tooLarge | undefined;

  constructor(message: string, { code, ...options }: ErrorOptions & { code?: typeof tooLarge } = {}) {
    super(message, options);
    this.code = code;
  }
}

/** Failure code for exceeded size limits. */
export const tooLarge = 'TOO_LARGE';

/** Limits nesting, because the parser's namespace lookup is quadratic in the depth. */
export const maxDepth = 64;
export const maxAttributes = 64;
/** Maximum number of UTF-16 units between two tags. */
export const maxText = 1 << 20;

/** Parses a complete text. Throws an {@link XmlError} for anything but one complete document. */
export function parseXmlText(text: string, sink: XmlSink): void {
  // Half a surrogate pair is no character (XML 1.0 section 2.2), and the library does not expect one.
  if (!text.isWellFormed()) throw new XmlError('Not well-formed Unicode.');
  const parser = new GuardedParser(sink);
  parser.write(text);
  parser.end();
}

/**
 * A conforming, namespace-aware parser. Throws an {@link XmlError} for anything but one complete document without
 * DOCTYPE and within the limits. The only user of the XML library.
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
    // Also counts text that the parser still buffers.
    this.#parser.write(text);
    if (this.#unmarked > maxText) throw new XmlError('A text is too long.');
  }

  end(): void {
    this.#parser.close();
  }
}
