import { Readable } from 'node:stream';

/** Small enough that a slow connection reports often, large enough to cost nothing. */
const slice = 64 * 1024;

/**
 * A body in slices; reports the bytes so far whenever the connection has taken one. The caller sends the length as
 * Content-Length, because some servers refuse a body of unknown length.
 */
export function upload(body: Uint8Array, onSent: (bytes: number) => void): Readable {
  return Readable.from(slicesOf(body, onSent), { objectMode: false, highWaterMark: slice });
}

function* slicesOf(body: Uint8Array, onSent: (bytes: number) => void): Generator<Uint8Array> {
  for (let at = 0; at < body.length; at += slice) {
    yield body.subarray(at, at + slice);
    onSent(Math.min(at + slice, body.length));
  }
}
