import { DocumentDecoder } from './encoding';
import { XmlScanner } from './scanner';
import type { XmlSink } from './xml';

const sliceBytes = 64 * 1024;
const workMs = 4;
/** An XML declaration fits in these bytes, and so does any byte-order mark. */
const headBytes = 128;

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
  let head: Uint8Array = new Uint8Array(0);
  let started = performance.now();
  for await (const chunk of chunks) {
    let bytes = chunk;
    if (!decoder) {
      head = Buffer.concat([head, chunk]);
      if (head.length < headBytes) continue;
      decoder = new DocumentDecoder(head, charset);
      bytes = head;
    }
    for (let at = 0; at < bytes.length; at += sliceBytes) {
      scanner.write(decoder.write(bytes.subarray(at, at + sliceBytes)));
      if (performance.now() - started < workMs) continue;
      // A loop over chunks that have all arrived would not let go by itself.
      await new Promise<void>((resume) => setImmediate(resume));
      started = performance.now();
    }
  }
  if (!decoder) {
    decoder = new DocumentDecoder(head, charset);
    scanner.write(decoder.write(head));
  }
  scanner.write(decoder.end());
  scanner.end();
}
