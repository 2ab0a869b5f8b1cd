// A picture of a few colors as a small PNG: a palette, and a byte or less for each pixel.
import { crc32, deflateSync } from 'node:zlib';

export interface Bitmap {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue and opacity of each pixel, row by row. */
  readonly rgba: Uint8Array;
}

type Color = number;

/** With the colors that most pixels have; each other pixel gets the nearest of these. */
export function encodePng({ width, height, rgba }: Bitmap, most: number): Buffer {
  const pixels = new Uint32Array(width * height);
  const counts = new Map<Color, number>();
  for (let at = 0; at < pixels.length; at++) {
    const color = (rgba[at * 4]! << 16) | (rgba[at * 4 + 1]! << 8) | rgba[at * 4 + 2]!;
    pixels[at] = color;
    counts.set(color, (counts.get(color) ?? 0) + 1);
  }
  const palette = paletteOf(counts, most);
  const nearest = new Map([...counts.keys()].map((color) => [color, nearestIn(palette, color)]));
  const bits = palette.length > 16 ? 8 : palette.length > 4 ? 4 : 2;
  const perByte = 8 / bits;
  const stride = Math.ceil(width / perByte) + 1;
  // Each row begins with the number of its filter: none.
  const rows = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const place = y * stride + 1 + Math.floor(x / perByte);
      const shift = 8 - bits * ((x % perByte) + 1);
      rows[place]! |= nearest.get(pixels[y * width + x]!)! << shift;
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([bits, 3, 0, 0, 0], 8);
  const colors = Buffer.from(palette.flatMap((color) => [color >> 16, (color >> 8) & 255, color & 255]));
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', head),
    chunk('PLTE', colors),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The most frequent colors, leaving out those that look like a more frequent one. */
function paletteOf(counts: ReadonlyMap<Color, number>, most: number): Color[] {
  const byCount = [...counts].sort(([, one], [, other]) => other - one).map(([color]) => color);
  for (let apart = 4; ; apart *= 2) {
    const chosen: Color[] = [];
    for (const color of byCount)
      if (chosen.every((other) => distance(color, other) > apart)) chosen.push(color);
    if (chosen.length <= most) return chosen;
  }
}

function nearestIn(palette: readonly Color[], color: Color): number {
  let best = 0;
  for (let at = 1; at < palette.length; at++)
    if (distance(palette[at]!, color) < distance(palette[best]!, color)) best = at;
  return best;
}

function distance(one: Color, other: Color): number {
  const parts = [16, 8, 0].map((shift) => ((one >> shift) & 255) - ((other >> shift) & 255));
  return parts.reduce((sum, part) => sum + part * part, 0);
}

function chunk(kind: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
  const frame = Buffer.alloc(body.length + 8);
  frame.writeUInt32BE(data.length, 0);
  body.copy(frame, 4);
  frame.writeUInt32BE(crc32(body), body.length + 4);
  return frame;
}
