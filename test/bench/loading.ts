// What the extension costs an editor that has not asked for anything yet, and what it keeps after an hour.
import { execFile } from 'node:child_process';
import { mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build, type BuildOptions } from 'esbuild';
import { projectRoot } from '../support/hosts/paths';
import { loadedByHost } from './host';
import { interleaved, num, ratio, table } from './measure';
import { type Section, withWorker, type Workshop } from './report';

/** Loads a file as the extension host does, with an editor's module that answers everything with nothing. */
const program = `
  const Module = require('node:module');
  const nothing = () => new Proxy(class {}, { get: (on, name) => name === 'prototype' ? on.prototype : nothing() });
  const resolve = Module._resolveFilename;
  Module._resolveFilename = (name, ...more) => name === 'vscode' ? 'vscode' : resolve(name, ...more);
  require.cache.vscode = { id: 'vscode', exports: nothing(), loaded: true };
  for (const name of ${JSON.stringify(loadedByHost)}) require('node:' + name);
  const [, , file, how, kept, part] = process.argv;
  const { CompiledFiles } = how === undefined ? {} : require(how);
  // What is compiled is kept at once, and not seconds later.
  const later = globalThis.setTimeout;
  globalThis.setTimeout = (run) => ({ ref: later(run, 0), unref() {} });
  const files = CompiledFiles && new CompiledFiles(file, kept, require);
  if (part !== undefined) files.load('./main.js');
  const before = process.cpuUsage();
  if (files) files.load(part ?? './main.js');
  else require(file);
  const { user, system } = process.cpuUsage(before);
  console.log(JSON.stringify({ ms: (user + system) / 1000 }));
`;

/** 0.1.0, with which loading is compared. */
const firstVersion = '5b75191c099da4087dbaca371882d7dee055b4b9';
const noFirst = 'not compared: 0.1.0 is not in this clone’s history';

/** Its bundle, made of the packages of today; nothing where the history does not reach back so far. */
async function bundleOfFirst(scratch: string): Promise<string | undefined> {
  const folder = join(scratch, 'first');
  const archive = `${folder}.tar`;
  const git = ['-C', projectRoot, 'archive', '--output', archive, firstVersion];
  try {
    await promisify(execFile)('git', git);
  } catch {
    console.error(`  ${noFirst}`);
    return undefined;
  }
  mkdirSync(folder);
  await promisify(execFile)('tar', ['-xf', archive, '-C', folder]);
  symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'));
  const { options } = (await import(join(folder, 'esbuild.js'))) as { options: BuildOptions };
  const outfile = join(scratch, 'first.js');
  await build({
    ...options,
    absWorkingDir: folder,
    outfile,
    minify: true,
    sourcemap: false,
    logLevel: 'silent',
  });
  return outfile;
}

interface Bundling {
  readonly options: BuildOptions;
  readonly bundle: (other: BuildOptions) => Promise<unknown>;
}

export async function loading(shop: Workshop): Promise<Section> {
  const { options, bundle } = (await import(join(projectRoot, 'esbuild.js'))) as Bundling;
  const as = { absWorkingDir: projectRoot, minify: true, sourcemap: false, logLevel: 'silent' } as const;
  const dist = join(shop.scratch, 'dist');
  await bundle({ ...as, outdir: dist });
  const compiledFiles = join(shop.scratch, 'compiledFiles.js');
  await build({ ...options, ...as, entryPoints: ['src/compiledFiles.ts'], outfile: compiledFiles });
  const first = await bundleOfFirst(shop.scratch);
  const loader = join(shop.scratch, 'load.cjs');
  writeFileSync(loader, program);
  const load = async (...what: readonly string[]) => {
    const { stdout } = await promisify(execFile)(process.execPath, [loader, ...what]);
    return JSON.parse(stdout) as { ms: number };
  };
  const kept = join(shop.scratch, 'compiled');
  const loadOurs = (from: string, ...part: readonly string[]) => load(dist, compiledFiles, from, ...part);
  let fresh = 0;
  const nothingKept = () => `${kept}-${fresh++}`;
  await loadOurs(kept, './protocol.js');
  const {
    ours,
    kept: again,
    protocol,
    old,
    hour,
  } = await interleaved({
    ours: () => loadOurs(nothingKept()),
    ...(first && { old: () => load(first) }),
    kept: () => loadOurs(kept),
    protocol: () => loadOurs(kept, './protocol.js'),
    hour: () => withWorker(shop, (worker) => worker.do({ do: 'hour', url: '', account: shop.account })),
  });
  if (!ours || !again || !protocol || !hour) throw new Error('Nothing was measured');
  const sizeOf = (...names: readonly string[]) =>
    num(names.reduce((sum, name) => sum + statSync(join(dist, name)).size, 0) / 1024, 0);
  const heap = `${hour.shown('early')} MB → ${hour.shown('late')} MB`;
  return {
    title: 'Loading and keeping',
    text: table(
      ['', ''],
      [
        [
          'what it starts with · what speaks with servers, KB',
          `${sizeOf('main.js', 'shared.js')} · ${sizeOf('protocol.js')}`,
        ],
        ['loading it for the first time, ms of processor time', ours.shown('ms')],
        ['loading it from what V8 compiled at an earlier start', again.shown('ms')],
        ['loading what speaks with servers from that, at the first server', protocol.shown('ms')],
        ['loading 0.1.0', old?.shown('ms') ?? noFirst],
        ['listings in the simulated hour, of 10 folders', hour.shown('listings', 0)],
        ['heap after 5 minutes → after the hour, 10,000 files known', heap],
      ],
    ),
    rows: [
      {
        what: 'loading from what was compiled earlier ÷ loading 0.1.0, in processor time',
        goal: '≤ 0.45',
        measured: old ? `${ratio(again, old)}: ${again.shown('ms')} and ${old.shown('ms')} ms` : noFirst,
      },
      {
        what: 'heap after an hour with 10,000 files ÷ after 5 minutes (simulated)',
        goal: '–',
        measured: `${hour.shown('growth', 2)}: ${heap}`,
      },
    ],
  };
}
