import { DocumentDecoder } from './encoding';
import { XmlScanner } from './scanner';
import type { XmlSink } from './xml';

const sliceBytes = 64 * 1024;
const workMs = 4;
/** Less than this waits for more: a body may come byte by byte, and what is cut is looked at once for every piece. */
const pieceBytes = 16 * 1024;

/**
 * Parses a body as it arrives, and lets other work run after every 4 ms. Rejects with an `XmlError` for everything that
 * is not one complete, well-formed, namespace-correct document without DOCTYPE, and with whatever `chunks` rejects with.
 *
 * @param charset from Content-Type; a byte-order mark wins over it, and it wins over the XML declaration (RFC 7303).
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
      if (performance.now() - started < workMs) continue;
      // A loop over chunks that have all arrived would not let go by itself.
      await new Promise<void>((resume) => setImmediate(resume));
      started = performance.now();
    }
  }
  if (decoder) scanner.write(decoder.end());
  scanner.end();
}

/** The chunks, small ones joined. */
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
