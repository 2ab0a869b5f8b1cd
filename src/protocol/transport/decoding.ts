import { pipeline, type Duplex, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip } from 'node:zlib';
import { GivenUp } from './sending/watch';

/**
 * The codings to ask for. None for content: a server that compresses a file also changes its ETag (`-gzip`, or weak), and
 * no conditional write could use that one.
 */
export function codingsFor(method: string): readonly string[] {
  return method === 'GET' || method === 'HEAD' ? [] : ['gzip', 'br'];
}

const decoders: Readonly<Record<string, () => Duplex>> = { gzip: createGunzip, br: createBrotliDecompress };

/** No server applies more than one; a list without an end would cost memory for each. */
const mostLayers = 3;

/**
 * The body without its content codings (RFC 9110 section 8.4). The stream holds no more than its reader has room for, so
 * a bomb unpacks no faster than it is read. A coding that was not asked for fails the stream: a few hundred bytes could
 * become gigabytes, and what is unpacked is not the content that a later write replaces.
 */
export function decoded(body: Readable, contentEncoding = '', accepts: readonly string[] = []): Readable {
  const layers = contentEncoding
    .split(',', mostLayers + 1)
    // RFC 9110 section 8.4.1.3: `x-gzip` is the same as `gzip`.
    .map((layer) =>
      layer
        .trim()
        .toLowerCase()
        .replace(/^x-gzip$/, 'gzip'),
    )
    .filter((layer) => layer !== '' && layer !== 'identity')
    .reverse();
  const creators = layers.flatMap((layer) => (accepts.includes(layer) ? (decoders[layer] ?? []) : []));
  if (creators.length < layers.length || layers.length > mostLayers) {
    return body.destroy(new GivenUp('badAnswer', 'CONTENT_ENCODING'));
  }
  // A pipeline carries an error at either end to the other, where the reader sees it.
  return creators.reduce<Readable>((stream, create) => pipeline(stream, create(), () => undefined), body);
}
