import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';
import type { ExtensionContext } from 'vscode';
import type * as main from './extension';

// What VS Code loads. Most of the time of a start goes into compiling, so the extension itself is loaded from what V8
// compiled at an earlier start; what is kept of that is rebuilt whenever anything about it is in doubt.

type Extension = typeof main;

/** Not while VS Code is starting. */
const keepAfterMs = 10_000;

let extension: Extension | undefined;

export function activate(context: ExtensionContext): ReturnType<Extension['activate']> {
  extension = load(join(context.globalStorageUri.fsPath, 'compiled'));
  return extension.activate(context);
}

export async function deactivate(): Promise<void> {
  await extension?.deactivate();
}

function load(folder: string): Extension {
  const filename = join(__dirname, 'main.js');
  const bytes = readFileSync(filename);
  // V8 compares no more than the length of a source.
  const name = crc32(bytes, crc32(`${process.version} ${process.versions.v8} ${process.arch}`)).toString(16);
  const cachedData = readKept(join(folder, name));
  // The bundle is ASCII alone, which is read and compiled faster as such.
  const source = bytes.toString('latin1');
  const wrapped = `(function (exports, require, module, __filename, __dirname) {${source}\n})`;
  const script = new Script(wrapped, { filename, ...(cachedData && { cachedData }) });
  const run = script.runInThisContext() as (...globals: readonly unknown[]) => void;
  const module = { exports: {} as Extension };
  run(module.exports, requiringOnce(require), module, filename, __dirname);
  if (!cachedData || script.cachedDataRejected)
    setTimeout(() => keep(folder, name, script.createCachedData()), keepAfterMs).unref();
  return module.exports;
}

/** A hundred files of the bundle ask for `vscode`, and for each the editor looks up on the disk who is asking. */
function requiringOnce(load: NodeJS.Require): NodeJS.Require {
  const loaded = new Map<string, unknown>();
  const once = (name: string): unknown => {
    if (!loaded.has(name)) loaded.set(name, load(name));
    return loaded.get(name);
  };
  return Object.assign(once, load);
}

/** Checked before V8 takes it: it may crash by damaged data. */
function readKept(file: string): Buffer | undefined {
  try {
    const kept = readFileSync(file);
    const data = kept.subarray(4);
    return kept.length > 4 && crc32(data) === kept.readUInt32BE() ? data : undefined;
  } catch {
    return undefined;
  }
}

/** Best effort: without it, the next start takes a little longer. */
function keep(folder: string, name: string, data: Buffer): void {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(data));
  const temporary = join(folder, `${name}.${process.pid}`);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(temporary, Buffer.concat([sum, data]));
    renameSync(temporary, join(folder, name));
    for (const other of readdirSync(folder)) if (other !== name) rmSync(join(folder, other));
  } catch {
    rmSync(temporary, { force: true });
  }
}
