// The pictures of the README: what the window shows, small enough to be loaded at once.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { projectRoot } from '../hosts/paths';
import { type Bitmap, encodePng } from './png';

/** What a window shows can be told apart with so many colors. */
const manyColors = 16;
/** Enough where there is little but text. */
export const textColors = 8;
/** A window that shows all that matters in a picture as wide as a page. */
const small = { width: 880, height: 400 };

export interface Shot {
  /** Only what begins where this does; otherwise all of the window. */
  readonly at?: Locator;
  /** If not those of the part itself. */
  readonly width?: number;
  readonly height?: number;
  readonly colors?: number;
  /** The size of the window for the picture, if it is to change. */
  readonly window?: { readonly width: number; readonly height: number };
  /** What a change of the size has undone. */
  readonly again?: () => Promise<void>;
}

export async function takePicture(page: Page, path: string, shot: Shot): Promise<void> {
  const before = page.viewportSize();
  const size = shot.window ?? (shot.at ? undefined : small);
  if (size) await page.setViewportSize(size);
  await shot.again?.();
  const png = await shoot(page, shot);
  if (before) await page.setViewportSize(before);
  const encoded = encodePng(await decode(page, png), shot.colors ?? manyColors);
  await writeFile(join(projectRoot, path), encoded);
  console.log(`${path}: ${encoded.length} bytes`);
}

async function shoot(page: Page, { at, width, height }: Shot): Promise<Buffer> {
  // Two frames: the workbench lays itself out in one and paints in the next.
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  const box = await at?.boundingBox();
  if (!box) return page.screenshot();
  return page.screenshot({ clip: { ...box, width: width ?? box.width, height: height ?? box.height } });
}

/** The browser knows how to read its own pictures. */
async function decode(page: Page, png: Buffer): Promise<Bitmap> {
  const blank = await page.context().newPage();
  try {
    const read = `(async () => {
      const picture = await createImageBitmap(await (await fetch('data:image/png;base64,${png.toString('base64')}')).blob());
      const canvas = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
      canvas.drawImage(picture, 0, 0);
      const { width, height, data } = canvas.getImageData(0, 0, picture.width, picture.height);
      let text = '';
      for (let at = 0; at < data.length; at += 8192) text += String.fromCharCode(...data.subarray(at, at + 8192));
      return { width, height, text: btoa(text) };
    })()`;
    const { width, height, text } = await blank.evaluate<{ width: number; height: number; text: string }>(
      read,
    );
    return { width, height, rgba: Buffer.from(text, 'base64') };
  } finally {
    await blank.close();
  }
}
