import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Edition } from './editions';
import { editorsFolder } from './paths';
import { runOrThrow } from './processes';

export interface InstalledEditor {
  readonly edition: Edition;
  /** The Node that this editor runs on. */
  readonly node: string;
  readonly serverMain: string;
}

/** The editor's files, installed on first use and kept. */
export async function ensureEditor(edition: Edition): Promise<InstalledEditor> {
  const folder = join(editorsFolder, `code-server-${edition.codeServer}`);
  await (installing.get(folder) ?? begin(folder, edition));
  return {
    edition,
    node: nodeFor(folder),
    serverMain: join(folder, vscodeFolder, 'out/server-main.js'),
  };
}

/** Under way in this process. */
const installing = new Map<string, Promise<void>>();

async function begin(folder: string, edition: Edition): Promise<void> {
  if (existsSync(folder)) return;
  const installation = installInto(folder, edition).finally(() => installing.delete(folder));
  installing.set(folder, installation);
  return installation;
}

const vscodeFolder = 'node_modules/code-server/lib/vscode';

// Whoever is second to finish finds the folder taken and uses it; a killed installation never leaves half a one.
async function installInto(folder: string, edition: Edition): Promise<void> {
  console.log(`Installing VS Code ${edition.vscode} (npm package code-server@${edition.codeServer}) ...`);
  await mkdir(editorsFolder, { recursive: true });
  const unfinished = await mkdtemp(join(editorsFolder, 'unfinished-'));
  try {
    await install(unfinished, edition);
    await rename(unfinished, folder);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}

async function install(folder: string, edition: Edition): Promise<void> {
  const packages = [`code-server@${edition.codeServer}`];
  if (!ownNodeFits(edition)) packages.push(`${nodePackage()}@${edition.node}`);
  await writeFile(join(folder, 'package.json'), '{"private":true}');
  // Its install scripts insist on one Node and on a compiler; the editor runs without what they would build.
  await npm(folder, ['install', ...packages, '--ignore-scripts']);
  await npm(join(folder, vscodeFolder), ['install', '--omit=dev', '--ignore-scripts']);
}

async function npm(cwd: string, args: readonly string[]): Promise<void> {
  await runOrThrow('npm', [...args, '--no-audit', '--no-fund'], { cwd });
}

// The npm package `node` is a thin cover of one package for each platform, which its install script chooses.
function nodePackage(): string {
  const prefix = process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
  return `${prefix}-${process.platform}-${process.arch}`;
}

function ownNodeFits(edition: Edition): boolean {
  return Number.parseInt(process.versions.node, 10) === edition.node;
}

function nodeFor(folder: string): string {
  const installed = join(folder, 'node_modules', nodePackage(), 'bin/node');
  return existsSync(installed) ? installed : process.execPath;
}
