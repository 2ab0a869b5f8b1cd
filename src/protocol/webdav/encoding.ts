import { TextDecoder } from 'node:util';
import { XmlError } from './xml';

/** The decoder for a document that begins with these bytes; fatal. Throws an {@link XmlError} for an unknown encoding. */
export function decoderFor(head: Uint8Array, charset: string | undefined): TextDecoder {
  const label = markedEncoding(head) ?? charset ?? declaredEncoding(head) ?? 'utf-8';
  try {
    return new TextDecoder(label, { fatal: true });
  } catch (error) {
    throw new XmlError(`The encoding ${label} is not known.`, { cause: error });
  }
}

/** More of the text; without bytes its end. Throws an {@link XmlError} for what is not in the encoding. */
export function decode(decoder: TextDecoder, bytes?: Uint8Array): string {
  try {
    return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
  } catch (error) {
    throw new XmlError('The bytes are not in their encoding.', { cause: error });
  }
}

function markedEncoding([a, b, c]: Uint8Array): string | undefined {
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  // No mark, but "<" in sixteen bits.
  if (a === 0x3c && b === 0) return 'utf-16le';
  if (a === 0 && b === 0x3c) return 'utf-16be';
  return undefined;
}

function declaredEncoding(head: Uint8Array): string | undefined {
  const start = String.fromCharCode(...head.subarray(0, 128));
  const label = /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([^"']+)["']/.exec(start)?.[1];
  // A declaration that can be read byte by byte is not in sixteen bits, whatever it says.
  return label && /^utf-?16/i.test(label) ? 'utf-8' : label;
}
