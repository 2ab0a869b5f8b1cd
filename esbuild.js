// Bundles the extension, and the small file that loads it. `--production`: small, without a source map; `--watch`: again after every
// change; `--metafile`: writes dist/meta.json, which tells what takes up the space.
const { mkdirSync, writeFileSync } = require('node:fs');
const esbuild = require('esbuild');

const has = (flag) => process.argv.includes(flag);
const production = has('--production');

/**
 * undici has its HTTP parser in two builds, and takes the one that any processor runs where the faster one fails to load.
 * Heads of answers are short: that one alone does, and saves a tenth of the download.
 * @type {esbuild.Plugin}
 */
const oneParser = {
  name: 'one-parser',
  setup: (build) =>
    build.onLoad({ filter: /llhttp_simd-wasm\.js$/ }, () => ({ contents: "throw new Error('left out');" })),
};

/** @type {esbuild.BuildOptions} */
const options = {
  bundle: true,
  format: 'cjs',
  platform: 'node',
  // What the extension host of the oldest supported editor runs.
  target: 'node20',
  // The editor gives this module; the rest is in the bundle.
  external: ['vscode'],
  plugins: [oneParser],
  // Sources with `import` shake better than what was compiled from them.
  mainFields: ['module', 'main'],
  minify: production,
  sourcemap: production ? false : 'linked',
  legalComments: 'none',
  metafile: has('--metafile'),
  logLevel: 'info',
};

/** What VS Code loads, and what that loads. */
const bundles = { entryPoints: { extension: 'src/loader.ts', main: 'src/extension.ts' }, outdir: 'dist' };

async function main() {
  if (has('--watch')) {
    const context = await esbuild.context({ ...options, ...bundles });
    await context.watch();
    return;
  }
  const { metafile } = await esbuild.build({ ...options, ...bundles });
  if (metafile) {
    mkdirSync('dist', { recursive: true });
    writeFileSync('dist/meta.json', JSON.stringify(metafile));
  }
}

module.exports = { options, bundles };

if (require.main === module)
  main().catch((error) => {
    // esbuild has printed what it found; anything else is new.
    if (!error.errors) console.error(error);
    process.exitCode = 1;
  });
