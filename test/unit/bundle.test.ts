// What is shipped: which files, and that its HTTP client leaves everybody else's alone.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { deflateRawSync } from 'node:zlib';
import { build, type BuildOptions } from 'esbuild';
import { bundledPackages, noticesOf } from '../support/bundled';
import { once } from '../support/rings/once';
import { activate, activateAndKeep, useTransport } from './bundlePrograms';

const root = resolve(__dirname, '../..');

interface DetailsPage {
  readonly detailsPage: (readme: string) => string;
  readonly writeDetailsPage: (root: string) => void;
}

interface Bundling {
  readonly options: BuildOptions;
  readonly bundle: (other: BuildOptions) => Promise<unknown>;
}

/** What is large, or made: a copy of the project has a folder with one file in its place. */
const notCopied = ['.git', '.vscode-test', '.test-output', 'out', 'dist'];

/** A copy in which all is built anew, because the editors of other tests load what stands in the project. */
function copyOfProject(into: string): string {
  const copy = join(into, 'project');
  mkdirSync(copy);
  for (const name of readdirSync(root)) {
    if (name === 'node_modules') symlinkSync(join(root, name), join(copy, name), 'junction');
    else if (!notCopied.includes(name)) cpSync(join(root, name), join(copy, name), { recursive: true });
  }
  for (const name of notCopied) {
    mkdirSync(join(copy, name));
    writeFileSync(join(copy, name, 'made.txt'), 'not to be shipped');
  }
  return copy;
}

describe('What is shipped', function () {
  // The packaging tool alone takes seconds to load.
  this.timeout(120_000);

  let scratch: string;
  let project: string;
  let server: Server;
  let options: BuildOptions;
  let page: DetailsPage;

  before(async () => {
    scratch = mkdtempSync(join(tmpdir(), 'lock-status-bundle-'));
    server = createServer((_, response) => response.end('hello'));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    project = copyOfProject(scratch);
    const { options: common, bundle } = (await import(join(root, 'esbuild.js'))) as Bundling;
    options = common;
    page = (await import(join(root, 'readme.js'))) as DetailsPage;
    page.writeDetailsPage(project);
    await bundle({ absWorkingDir: project, minify: true, sourcemap: false, logLevel: 'silent' });
  });

  after(() => {
    server.close();
    rmSync(scratch, { recursive: true });
  });

  /** As the packaging tool lists them; in a process of its own, because it sets what another test wants untouched. */
  const shippedFiles = once(async () => {
    const tool = join(root, 'node_modules/@vscode/vsce/vsce');
    const how = ['ls', '--no-dependencies', '--readme-path', 'dist/README.md'];
    const { stdout } = await promisify(execFile)(process.execPath, [tool, ...how], { cwd: project });
    return stdout.split('\n').filter((line) => line !== '');
  });

  it('is the kept list of files and no other', async () => {
    const files = await shippedFiles();
    assert.deepEqual([...files].sort(), [
      'CHANGELOG.md',
      'LICENSE',
      'ThirdPartyNotices.txt',
      'dist/README.md',
      'dist/explain/page.css',
      'dist/explain/page.js',
      'dist/extension.js',
      'dist/llhttp.wasm',
      'dist/main.js',
      'dist/protocol.js',
      'dist/shared.js',
      'l10n/bundle.l10n.de.json',
      'lock-status.d.ts',
      'media/icon.png',
      ...['ask', 'explain', 'open', 'save', 'see'].map((step) => `media/walkthrough/${step}.svg`),
      'package.json',
      'package.nls.de.json',
      'package.nls.json',
    ]);
  });

  it('is described without pictures and links that the details page cannot follow', () => {
    const text = page.detailsPage(readFileSync(join(root, 'README.md'), 'utf8'));
    const targets = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, target = '']) => target);
    for (const target of targets) assert.match(target, /^(https:|#)/);
    assert.doesNotMatch(text, /!\[/);
    assert.match(text, /^```text\n▾ projects\n/m);
    assert.doesNotMatch(text, /^> The Explorer|<!--|npm run|npm start/m);
    assert.match(text, /^SECURITY\.md lists the threats/m);
  });

  it('has a description of each picture that has no sketch', () =>
    assert.equal(page.detailsPage('![A picture.](media/a.png)\n'), '> A picture.\n'));

  it('comes with the license of every package in it (npm run notices)', async () => {
    const packages = await bundledPackages();
    assert.ok(packages.some(({ name }) => name === 'undici'));
    const notices = readFileSync(join(root, 'ThirdPartyNotices.txt'), 'utf8');
    assert.equal(notices, noticesOf(packages));
    for (const { name, version, texts } of packages) {
      assert.ok(notices.includes(`${name} ${version}`), name);
      assert.match(texts.join('\n'), /copyright/i, name);
    }
  });

  it('loads without a connection, and leaves the HTTP client that all extensions share alone', async () => {
    const bundle = join(scratch, 'transport.js');
    await build({
      ...options,
      entryPoints: [join(root, 'src/protocol/transport/transport.ts')],
      outfile: bundle,
      logLevel: 'silent',
    });
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', useTransport(bundle, origin)]);
    assert.deepEqual(JSON.parse(stdout), { status: 200, text: 'hello', slots: [] });
  });

  it('activates at once, without a connection or what would speak over it, and ends by itself', async () => {
    const bundle = join(project, 'dist/extension.js');
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', activate(bundle, scratch)]);
    const files = ['main.js', 'shared.js'];
    assert.deepEqual(JSON.parse(stdout), { version: 1, connections: 0, files });
  });

  it('is read as ASCII, which is all it has', () => {
    for (const name of ['main.js', 'protocol.js', 'shared.js']) {
      const bundle = readFileSync(join(project, 'dist', name));
      assert.equal(
        bundle.find((byte) => byte > 127),
        undefined,
        name,
      );
    }
  });

  it('starts from what was compiled at an earlier start, and from its source where that is damaged', async () => {
    const storage = mkdtempSync(join(scratch, 'storage-'));
    const folder = join(storage, 'compiled');
    const start = async () => {
      const program = activateAndKeep(join(project, 'dist/extension.js'), storage);
      const { stdout } = await promisify(execFile)(process.execPath, ['-e', program]);
      return JSON.parse(stdout) as { version: number; kept: number };
    };
    assert.deepEqual(await start(), { version: 1, kept: 0 });
    const names = readdirSync(folder);
    const parts = names.map((name) => name.replace(/[.][0-9a-f]+$/, ''));
    assert.deepEqual(parts.sort(), ['main.js', 'protocol.js', 'shared.js']);
    assert.deepEqual(await start(), { version: 1, kept: 3 });
    const [damaged] = names;
    assert.ok(damaged);
    const file = readFileSync(join(folder, damaged));
    file[file.length >> 1]! ^= 255;
    writeFileSync(join(folder, damaged), file);
    writeFileSync(join(folder, 'main.js.0'), 'of an earlier version');
    assert.deepEqual(await start(), { version: 1, kept: 2 });
    assert.deepEqual(await start(), { version: 1, kept: 3 });
    assert.deepEqual(readdirSync(folder), names);
  });

  it('takes at most 316 KB to download', async () => {
    const files = await shippedFiles();
    const bytes = files.map((file) => deflateRawSync(readFileSync(join(project, file))).length);
    const all = bytes.reduce((sum, one) => sum + one, 0);
    assert.ok(all < 316_000, `${all} bytes`);
  });
});
