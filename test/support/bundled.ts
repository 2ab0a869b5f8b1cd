// The packages in the bundle, as esbuild itself lists them, and the notices that go with them.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { Metafile } from 'esbuild';

const root = resolve(import.meta.dirname, '../..');
/** Texts that a package owes but does not ship. */
const supplements = join(root, 'notices');

export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  /** The license texts of the files in the bundle. */
  readonly texts: readonly string[];
}

export async function bundledPackages(): Promise<BundledPackage[]> {
  const { bundled } = (await import(join(root, 'esbuild.js'))) as {
    bundled: () => Promise<Metafile['inputs']>;
  };
  const files = new Map<string, string[]>();
  for (const path of Object.keys(await bundled())) {
    const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
    if (folder !== undefined) files.set(folder, [...(files.get(folder) ?? []), path]);
  }
  return [...files]
    .map(([folder, paths]) => packageIn(folder, paths))
    .sort((one, other) => one.name.localeCompare(other.name));
}

function packageIn(folder: string, paths: readonly string[]): BundledPackage {
  const about = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
    license?: string;
  };
  const { name, version, license } = about;
  const supplement = join(supplements, `${name.replace('/', '-')}.txt`);
  const texts = [
    ...licensesAbove(folder, paths).map((path) => readFileSync(path, 'utf8')),
    ...(existsSync(supplement) ? [readFileSync(supplement, 'utf8')] : []),
  ].map((text) => text.trim());
  if (license === undefined || texts.length === 0)
    throw new Error(`${name} ships no license text: put it into ${relative(root, supplement)}`);
  return { name, version, license, texts };
}

/** A folder inside a package may have been taken from elsewhere, with a license of its own. */
function licensesAbove(folder: string, paths: readonly string[]): string[] {
  const folders = new Set<string>();
  for (const path of paths)
    for (let at = dirname(path); at.startsWith(folder); at = dirname(at)) folders.add(at);
  return [...folders].sort().flatMap((at) =>
    readdirSync(join(root, at))
      .filter((name) => /^(licen[cs]e|copying|notice)(\.\w+)?$/i.test(name))
      .map((name) => join(root, at, name)),
  );
}

/** The whole of ThirdPartyNotices.txt. */
export function noticesOf(packages: readonly BundledPackage[]): string {
  const line = '-'.repeat(80);
  const list = packages.map(({ name, version, license }) => `${name} ${version} (${license})`);
  const sections = packages.map(
    ({ name, version, texts }) => `${line}\n${name} ${version}\n${line}\n\n${texts.join(`\n\n`)}`,
  );
  return [
    'Lock Status contains the following packages in its bundle, under their own licenses.',
    list.join('\n'),
    ...sections,
  ]
    .join('\n\n')
    .replaceAll('\r\n', '\n')
    .concat('\n');
}
