import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';

/** Not while VS Code is starting. */
const keepAfterMs = 10_000;

/**
 * Loads files of the bundle from what V8 compiled at an earlier start, because most of the time of a start goes into
 * compiling. What is kept of that is rebuilt whenever anything about it is in doubt.
 */
export class CompiledFiles {
  private readonly loaded = new Map<string, unknown>();

  /**
   * @param folder of the bundle.
   * @param kept where the compiled files are kept.
   */
  constructor(
    private readonly folder: string,
    private readonly kept: string,
    private readonly host: NodeJS.Require,
  ) {}

  /**
   * What a file exports; the file is run once.
   *
   * @param name relative to the folder: `./main.js`.
   */
  load(name: string): unknown {
    return this.once(name, () => this.run(name));
  }

  private run(name: string): unknown {
    const filename = join(this.folder, name);
    const bytes = readFileSync(filename);
    // V8 compares no more than the length of a source.
    const sum = crc32(bytes, crc32(`${process.version} ${process.versions.v8} ${process.arch}`)).toString(16);
    const keptFile = join(this.kept, `${name}.${sum}`);
    const cachedData = readKept(keptFile);
    // The bundle is ASCII alone, which is read and compiled faster as such.
    const source = bytes.toString('latin1');
    const wrapped = `(function (exports, require, module, __filename, __dirname) {${source}\n})`;
    const script = new Script(wrapped, { filename, ...(cachedData && { cachedData }) });
    const run = script.runInThisContext() as (...globals: readonly unknown[]) => void;
    const module = { exports: {} };
    run(module.exports, this.require(), module, filename, this.folder);
    if (!cachedData || script.cachedDataRejected)
      setTimeout(() => this.keep(keptFile, script.createCachedData()), keepAfterMs).unref();
    return module.exports;
  }

  private require(): NodeJS.Require {
    const load = (name: string): unknown =>
      // A hundred files of the bundle ask for `vscode`, and for each the editor looks up on the disk who is asking.
      name.startsWith('./') ? this.load(name) : this.once(name, () => this.host(name) as unknown);
    return Object.assign(load, this.host);
  }

  private once(name: string, load: () => unknown): unknown {
    if (!this.loaded.has(name)) this.loaded.set(name, load());
    return this.loaded.get(name);
  }

  /** Best effort: without it, the next start takes a little longer. */
  private keep(file: string, data: Buffer): void {
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(data));
    const temporary = `${file}.${process.pid}`;
    try {
      mkdirSync(this.kept, { recursive: true });
      writeFileSync(temporary, Buffer.concat([sum, data]));
      renameSync(temporary, file);
      for (const other of this.earlierOf(file)) rmSync(other);
    } catch {
      rmSync(temporary, { force: true });
    }
  }

  /** What was kept of earlier versions of the same file of the bundle. */
  private earlierOf(file: string): readonly string[] {
    const versions = file.slice(0, file.lastIndexOf('.') + 1);
    return readdirSync(this.kept)
      .map((name) => join(this.kept, name))
      .filter((other) => other !== file && other.startsWith(versions));
  }
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
