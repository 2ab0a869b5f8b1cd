import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../hosts/paths';

export type Ring = 'unit' | 'tools' | 'server' | 'editor' | 'window';

/** From the quickest to the slowest; each builds on what the one before has shown. */
export const rings: readonly Ring[] = ['unit', 'tools', 'server', 'editor', 'window'];

/** A ring, or those of its files whose path has a part: `window`, `window/palette`. */
export interface Choice {
  readonly ring: Ring;
  readonly part: string;
}

export function choiceOf(words: string): Choice {
  const [name, ...part] = words.split('/');
  const ring = rings.find((one) => one === name);
  if (!ring) throw new Error(`No ring ${name}; there are ${rings.join(', ')}`);
  return { ring, part: part.join('/') };
}

export function testFilesOf({ ring, part }: Choice): readonly string[] {
  // The tests of the tools stand beside what they prove.
  const folder = join(projectRoot, 'test', ring === 'tools' ? 'support' : ring);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts') && file.includes(part))
    .sort()
    .map((file) => join(folder, file));
}
