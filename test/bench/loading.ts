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
  const { existsSync, readFileSync, writeFileSync } = require('node:fs');
  const [, , file, how] = process.argv;
  const before = process.cpuUsage();
  if (how !== 'kept') require(file);
  else {
    // As the extension's loader does it.
    const { crc32 } = require('node:zlib');
    const cachedData = existsSync(file + '.kept') ? readFileSync(file + '.kept') : undefined;
    const bytes = readFileSync(file);
    for (const one of [bytes, cachedData]) if (one) crc32(one);
    const script = new (require('node:vm').Script)(Module.wrap(bytes.toString('latin1')), { filename: file, cachedData });
    const module = { exports: {} };
    script.runInThisContext()(module.exports, require, module, file, '');
    if (!cachedData) writeFileSync(file + '.kept', script.createCachedData());
    else if (script.cachedDataRejected) throw new Error('V8 does not take what it compiled');
  }
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

export async function loading(shop: Workshop): Promise<Section> {
  const { options } = (await import(join(projectRoot, 'esbuild.js'))) as { options: BuildOptions };
  const bundle = async (name: string): Promise<string> => {
    const outfile = join(shop.scratch, name);
    const entryPoints = [join(projectRoot, 'src/extension.ts')];
    const like = {
      ...options,
      entryPoints,
      outfile,
      minify: true,
      sourcemap: false,
      logLevel: 'silent',
    } as const;
    await build(like);
    return outfile;
  };
  const whole = await bundle('main.js');
  const first = await bundleOfFirst(shop.scratch);
  const loader = join(shop.scratch, 'load.cjs');
  writeFileSync(loader, program);
  const load = async (file: string, ...how: 'kept'[]) => {
    const { stdout } = await promisify(execFile)(process.execPath, [loader, file, ...how]);
    return JSON.parse(stdout) as { ms: number };
  };
  await load(whole, 'kept');
  const {
    ours,
    kept: again,
    old,
    hour,
  } = await interleaved({
    ours: () => load(whole),
    ...(first && { old: () => load(first) }),
    kept: () => load(whole, 'kept'),
    hour: () => withWorker(shop, (worker) => worker.do({ do: 'hour', url: '', account: shop.account })),
  });
  if (!ours || !again || !hour) throw new Error('Nothing was measured');
  const kept = `${hour.shown('early')} MB → ${hour.shown('late')} MB`;
  return {
    title: 'Loading and keeping',
    text: table(
      ['', ''],
      [
        ['bundle, KB', num(statSync(whole).size / 1024, 0)],
        ['loading it for the first time, ms of processor time', ours.shown('ms')],
        ['loading it from what V8 compiled at an earlier start', again.shown('ms')],
        ['loading 0.1.0', old?.shown('ms') ?? noFirst],
        ['listings in the simulated hour, of 10 folders', hour.shown('listings', 0)],
        ['heap after 5 minutes → after the hour, 10,000 files known', kept],
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
        measured: `${hour.shown('growth', 2)}: ${kept}`,
      },
    ],
  };
}
