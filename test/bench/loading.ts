// What the extension costs an editor that has not asked for anything yet, and what it keeps after an hour.
import { execFile } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build, type BuildOptions } from 'esbuild';
import { projectRoot } from '../support/hosts/paths';
import { loadedByHost } from './host';
import { interleaved, num, table } from './measure';
import { type Section, withWorker, type Workshop } from './report';

/** Loads a file as the extension host does, with an editor's module that answers everything with nothing. */
const program = `
  const Module = require('node:module');
  const nothing = () => new Proxy(class {}, { get: (on, name) => name === 'prototype' ? on.prototype : nothing() });
  const resolve = Module._resolveFilename;
  Module._resolveFilename = (name, ...more) => name === 'vscode' ? 'vscode' : resolve(name, ...more);
  require.cache.vscode = { id: 'vscode', exports: nothing(), loaded: true };
  for (const name of ${JSON.stringify(loadedByHost)}) require('node:' + name);
  const file = process.argv[2];
  const wrapped = Module.wrap(require('node:fs').readFileSync(file, 'utf8'));
  const before = process.cpuUsage();
  if (process.argv[3] === 'compiled only') new (require('node:vm').Script)(wrapped, { filename: file });
  else require(file);
  const { user, system } = process.cpuUsage(before);
  console.log(JSON.stringify({ ms: (user + system) / 1000 }));
`;

export async function loading(shop: Workshop): Promise<Section> {
  const { options } = (await import(join(projectRoot, 'esbuild.js'))) as { options: BuildOptions };
  const bundle = async (name: string, external: readonly string[]): Promise<string> => {
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
    await build({ ...like, external: ['vscode', ...external] });
    return outfile;
  };
  const whole = await bundle('extension.js', []);
  const bare = await bundle('without-http.js', ['undici/*']);
  const loader = join(shop.scratch, 'load.cjs');
  writeFileSync(loader, program);
  const load = async (file: string, ...how: 'compiled only'[]) => {
    const { stdout } = await promisify(execFile)(process.execPath, [loader, file, ...how]);
    return JSON.parse(stdout) as { ms: number };
  };
  const { ours, without, compiled, hour } = await interleaved({
    ours: () => load(whole),
    without: () => load(bare),
    compiled: () => load(bare, 'compiled only'),
    hour: () => withWorker(shop, (worker) => worker.do({ do: 'hour', url: '', account: shop.account })),
  });
  if (!ours || !without || !compiled || !hour) throw new Error('Nothing was measured');
  const kept = `${hour.shown('early')} MB → ${hour.shown('late')} MB`;
  return {
    title: 'Loading and keeping',
    text: table(
      ['', ''],
      [
        ['bundle, KB', num(statSync(whole).size / 1024, 0)],
        ['loading it, ms of processor time', ours.shown('ms')],
        ['the same without the HTTP client, which runs only for the first request', without.shown('ms')],
        [`of that, V8 compiling its ${num(statSync(bare).size / 1024, 0)} KB`, compiled.shown('ms')],
        ['listings in the simulated hour, of 10 folders', hour.shown('listings', 0)],
        ['heap after 5 minutes → after the hour, 10,000 files known', kept],
      ],
    ),
    rows: [
      {
        what: 'loading the bundle without its HTTP client · with it, ms of processor time',
        goal: '≤ 10 · –',
        measured: `${without.shown('ms')} · ${ours.shown('ms')}`,
      },
      {
        what: 'heap after an hour with 10,000 files ÷ after 5 minutes (simulated)',
        goal: '–',
        measured: `${hour.shown('growth', 2)}: ${kept}`,
      },
    ],
  };
}
