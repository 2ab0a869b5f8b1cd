// VS Code's own cost: an extension that has its files in memory and answers everything at once.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../support/hosts/paths';
import { runOrThrow } from '../../support/hosts/processes';

export interface FloorOptions {
  /** Names of the files in its folder `/`, and how many more are in `/big`. */
  readonly names: readonly string[];
  readonly big: readonly string[];
  /** Saves of this file are refused. */
  readonly refused: string;
  /** Where it says that a text has changed: one byte over a connection to this port. */
  readonly port: number;
}

/** The folders of the `floor:` scheme. */
export const floorFolder = 'floor://memory/';

/** Packs it into a VSIX. */
export async function packFloor(scratch: string, options: FloorOptions): Promise<string> {
  const folder = join(scratch, 'floor');
  mkdirSync(folder, { recursive: true });
  const about = {
    ...{ name: 'floor', publisher: 'bench', version: '0.0.1', license: 'MIT' },
    ...{ main: './extension.js', engines: { vscode: '^1.100.0' }, activationEvents: ['onFileSystem:floor'] },
    capabilities: { virtualWorkspaces: true, untrustedWorkspaces: { supported: true } },
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(about));
  writeFileSync(join(folder, 'extension.js'), program(options));
  const vsix = join(folder, 'floor.vsix');
  const tool = join(projectRoot, 'node_modules/@vscode/vsce/vsce');
  const how = ['--no-dependencies', '--allow-missing-repository', '--skip-license', '--out', vsix];
  await runOrThrow(process.execPath, [tool, 'package', ...how], { cwd: folder });
  return vsix;
}

const program = (options: FloorOptions): string => `
const vscode = require('vscode');
const { names, big, refused, port } = ${JSON.stringify(options)};
exports.activate = ({ subscriptions }) => {
  const files = new Map();
  const put = (path, bytes, now = files.get(path)?.mtime ?? 0) =>
    files.set(path, { type: 1, ctime: 0, mtime: now + 1, size: bytes.length, bytes });
  for (const name of names) put('/' + name, Buffer.from('text'));
  for (const name of big) put('/big/' + name, Buffer.from('text'));
  const changed = new vscode.EventEmitter();
  const provider = {
    onDidChangeFile: changed.event,
    watch: () => ({ dispose() {} }),
    stat: ({ path }) => {
      if (path === '/' || path === '/big') return { type: 2, ctime: 0, mtime: 0, size: 0 };
      const file = files.get(path);
      if (file) return file;
      throw vscode.FileSystemError.FileNotFound();
    },
    readDirectory: ({ path }) =>
      path === '/' ? [['big', 2], ...names.map((name) => [name, 1])] : big.map((name) => [name, 1]),
    readFile: ({ path }) => provider.stat({ path }).bytes,
    writeFile: ({ path }, bytes) => {
      if (path === '/' + refused) throw vscode.FileSystemError.Unavailable('refused');
      put(path, bytes);
    },
  };
  for (const name of ['createDirectory', 'delete', 'rename'])
    provider[name] = () => { throw vscode.FileSystemError.NoPermissions(); };
  subscriptions.push(vscode.workspace.registerFileSystemProvider('floor', provider));
  const bench = require('node:net').connect(port, '127.0.0.1').setNoDelay(true).on('error', () => {});
  subscriptions.push(vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
    if (document.uri.scheme === 'floor' && contentChanges.length > 0) bench.write('.');
  }));
};
`;
