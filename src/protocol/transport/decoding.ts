import { pipeline, type Duplex, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { GivenUp } from './watch';

/** What is asked for; `deflate` is understood, but half of those who send it mean something else by it. */
export const acceptedEncodings = 'gzip, br';

const decoders: Readonly<Record<string, () => Duplex>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** No server applies more than one; a list without an end would cost memory for each. */
const mostLayers = 3;

/**
 * The body without its content codings (RFC 9110 section 8.4), as a stream that keeps only what its reader has not yet
 * taken: a bomb unfolds no faster than it is read. A coding that is unknown here fails the stream.
 */
export function decoded(body: Readable, contentEncoding = ''): Readable {
  const layers = contentEncoding
    .split(',')
    .map((layer) => layer.trim().toLowerCase())
    .filter((layer) => layer !== '' && layer !== 'identity')
    .reverse();
  const creators = layers.flatMap((layer) => (Object.hasOwn(decoders, layer) ? (decoders[layer] ?? []) : []));
  if (creators.length < layers.length || layers.length > mostLayers) {
    return body.destroy(new GivenUp('badAnswer', 'CONTENT_ENCODING'));
  }
  // A pipeline carries an error at either end to the other; the reader meets it there.
  return creators.reduce<Readable>((stream, create) => pipeline(stream, create(), () => undefined), body);
}
