import { isAscii } from 'node:buffer';
import { TextDecoder } from 'node:util';
import { XmlError } from './xml';

/** Decodes a document as it arrives. Throws an {@link XmlError} for bytes that are invalid in its encoding. */
export class DocumentDecoder {
  readonly #decoder: TextDecoder;
  readonly #isUtf8: boolean;
  /** Only the first character can be a byte-order mark. */
  #isAtStart = true;
  /** Whether the last chunk may end inside a multi-byte character. */
  #isInsideCharacter = false;

  /** `head`: the first bytes of the document. Throws an {@link XmlError} for an unknown encoding. */
  constructor(head: Uint8Array, charset: string | undefined) {
    const label = markedEncoding(head) ?? charset ?? declaredEncoding(head) ?? 'utf-8';
    try {
      this.#decoder = new TextDecoder(label, { fatal: true, ignoreBOM: true });
    } catch (error) {
      throw new XmlError(`The encoding ${label} is not known.`, { cause: error });
    }
    this.#isUtf8 = this.#decoder.encoding === 'utf-8';
  }

  write(bytes: Uint8Array): string {
    if (bytes.length === 0) return '';
    const text = this.#write(bytes);
    const isMarked = this.#isAtStart && text.startsWith('\ufeff');
    this.#isAtStart &&= text === '';
    return isMarked ? text.slice(1) : text;
  }

  #write(bytes: Uint8Array): string {
    // Most of every listing is ASCII. TextDecoder is ten times slower for it, and its strings take twice the memory
    // and several times as long to search.
    if (this.#isUtf8 && !this.#isInsideCharacter && isAscii(bytes))
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
    this.#isInsideCharacter = (bytes.at(-1) ?? 0) >= 0x80;
    return this.#decoded(() => this.#decoder.decode(bytes, { stream: true }));
  }

  end(): string {
    return this.#decoded(() => this.#decoder.decode());
  }

  #decoded(text: () => string): string {
    try {
      return text();
    } catch (error) {
      throw new XmlError('The bytes are not in their encoding.', { cause: error });
    }
  }
}

function markedEncoding([a, b, c]: Uint8Array): string | undefined {
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  // No byte-order mark, but "<" as a 16-bit unit.
  if (a === 0x3c && b === 0) return 'utf-16le';
  if (a === 0 && b === 0x3c) return 'utf-16be';
  return undefined;
}

function declaredEncoding(head: Uint8Array): string | undefined {
  const start = String.fromCharCode(...head.subarray(0, 128));
  const label = /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([^"']+)["']/.exec(start)?.[1];
  // A declaration that is readable byte by byte can't be UTF-16, even if it claims so.
  return label && /^utf-?16/i.test(label) ? 'utf-8' : label;
}
