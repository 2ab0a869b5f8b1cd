import { DocumentDecoder } from './encoding';
import { XmlScanner } from './scanner';
import type { XmlSink } from './xml';

const sliceBytes = 64 * 1024;
const yieldMs = 4;
/** Smaller chunks are joined: a body may arrive byte by byte, and an unfinished tag is rescanned for every piece. */
const pieceBytes = 16 * 1024;

/**
 * Parses a body as it arrives, and yields to the event loop every 4 ms. Rejects with an `XmlError` for anything
 * but one complete, well-formed, namespace-correct document without DOCTYPE, and with whatever `chunks` rejects
 * with.
 *
 * @param charset from Content-Type; overridden by a byte-order mark, overrides the XML declaration (RFC 7303).
 */
export async function parseXml(
  chunks: AsyncIterable<Uint8Array>,
  sink: XmlSink,
  charset?: string,
): Promise<void> {
  const scanner = new XmlScanner(sink);
  let decoder: DocumentDecoder | undefined;
  let started = performance.now();
  for await (const bytes of pieces(chunks)) {
    decoder ??= new DocumentDecoder(bytes, charset);
    for (let at = 0; at < bytes.length; at += sliceBytes) {
      scanner.write(decoder.write(bytes.subarray(at, at + sliceBytes)));
      if (performance.now() - started < yieldMs) continue;
      // A loop over chunks that have already arrived never yields to the event loop by itself.
      await new Promise<void>((resume) => setImmediate(resume));
      started = performance.now();
    }
  }
  if (decoder) scanner.write(decoder.end());
  scanner.end();
}

/** Joins small chunks. */
async function* pieces(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  let gathered: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    gathered.push(chunk);
    size += chunk.length;
    if (size < pieceBytes) continue;
    yield gathered.length === 1 ? chunk : Buffer.concat(gathered);
    gathered = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(gathered);
}
