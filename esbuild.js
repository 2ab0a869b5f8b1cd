// Bundles the extension, and the small file that loads it. `--production`: small, without a source map; `--watch`: again after every
// change; `--metafile`: writes dist/meta.json, which tells what takes up the space.
const { mkdirSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const esbuild = require('esbuild');

const has = (flag) => process.argv.includes(flag);
const production = has('--production');

/** What nothing of ours reaches, and what fails if it is reached all the same. */
const leftOut = "module.exports = function () { throw new Error('left out'); };";

/**
 * What a bundled file of undici says instead of what it says in the package. They are a third of the download: HTTP/2
 * (which is off), SOCKS (which is no proxy of ours), bodies of forms, a log and tables of its parser that only others read. The
 * parser itself comes in two builds, and the one that any processor runs is used where the faster one fails to load: heads
 * of answers are short, and that one does.
 * @type {Readonly<Record<string, (file: string) => string>>}
 */
const undici = {
  'dispatcher/client-h2.js': () => leftOut,
  'dispatcher/socks5-proxy-agent.js': () => leftOut,
  'web/fetch/body.js': () => leftOut,
  'llhttp/llhttp_simd-wasm.js': () => "throw new Error('left out');",
  // As text, its bytes would take a third more room.
  'llhttp/llhttp-wasm.js': () =>
    "module.exports = require('node:fs').readFileSync(require('node:path').join(__dirname, require('./llhttp.wasm')));",
  // Without the log for who develops undici, which would name every address.
  'core/diagnostics.js': (file) => {
    const names = Object.entries(require(file).channels).map(([as, { name }]) => [as, name]);
    return `const { channel } = require('node:diagnostics_channel');
      const names = ${JSON.stringify(names)};
      module.exports = { channels: Object.fromEntries(names.map(([as, name]) => [as, channel(name)])) };`;
  },
  'llhttp/constants.js': (file) => {
    const { ERROR, TYPE } = require(file);
    return `module.exports = ${JSON.stringify({ ERROR, TYPE })};`;
  },
};

/** @type {esbuild.Plugin} */
const lean = {
  name: 'lean',
  setup: (build) => {
    build.onLoad({ filter: /[\\/]undici[\\/]lib[\\/]/ }, ({ path }) => {
      const name = path.replaceAll('\\', '/').split('/undici/lib/').pop();
      const contents = undici[name]?.(path);
      return contents === undefined ? undefined : { contents };
    });
    const filter = /llhttp\.wasm$/;
    build.onResolve({ filter }, ({ path, resolveDir }) => ({ path: join(resolveDir, path) }));
    build.onLoad({ filter }, ({ path }) => ({
      contents: require(path.replace('.wasm', '-wasm.js')),
      loader: 'file',
    }));
  },
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
  plugins: [lean],
  assetNames: '[name]',
  // Sources with `import` shake better than what was compiled from them.
  mainFields: ['module', 'main'],
  minify: production,
  sourcemap: production ? false : 'linked',
  legalComments: 'none',
  logLevel: 'info',
};

/** esbuild shares files among parts only in the format of modules, and VS Code’s loader takes the older one. */
const written = {
  name: 'written',
  /** @param {esbuild.PluginBuild} build */
  setup: ({ initialOptions: { minify, target, sourcemap }, onEnd }) => {
    const inFormat = {
      format: 'cjs',
      minify,
      target,
      legalComments: 'none',
      sourcemap: sourcemap && 'inline',
    };
    onEnd(async ({ outputFiles = [] }) => {
      for (const { path, text, contents } of outputFiles) {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, path.endsWith('.js') ? (await esbuild.transform(text, inFormat)).code : contents);
      }
    });
  },
};

/** The extension: what it starts with, what speaks with servers and is loaded at the first one, and what both need. */
const parts = {
  ...options,
  entryPoints: [
    { in: 'src/extension.ts', out: 'main' },
    { in: 'src/protocol/protocol.ts', out: 'protocol' },
  ],
  format: 'esm',
  splitting: true,
  chunkNames: 'shared',
  sourcemap: options.sourcemap && 'inline',
  outdir: 'dist',
  plugins: [lean, written],
  write: false,
};

/** What VS Code loads, which loads those parts, and the page that explains a lock. */
const whole = {
  ...options,
  entryPoints: [
    { in: 'src/loader.ts', out: 'extension' },
    { in: 'media/explain/page.js', out: 'explain/page' },
    { in: 'media/explain/page.css', out: 'explain/page' },
  ],
  outdir: 'dist',
};

const bundles = [parts, whole];

/**
 * Bundles everything.
 * @param {esbuild.BuildOptions} [other] options that are others than those above.
 */
async function bundle(other) {
  const made = { inputs: {}, outputs: {} };
  for (const one of bundles) {
    const { metafile } = await esbuild.build({ ...one, ...other, metafile: true });
    Object.assign(made.inputs, metafile.inputs);
    Object.assign(made.outputs, metafile.outputs);
  }
  return made;
}

/** What would be bundled, by its path. */
const bundled = async () => (await bundle({ write: false, plugins: [lean], logLevel: 'silent' })).inputs;

async function main() {
  if (has('--watch')) {
    for (const one of bundles) await (await esbuild.context(one)).watch();
    return;
  }
  const made = await bundle();
  if (has('--metafile')) writeFileSync('dist/meta.json', JSON.stringify(made));
}

module.exports = { options, bundle, bundled };

if (require.main === module)
  main().catch((error) => {
    // esbuild has printed what it found; anything else is new.
    if (!error.errors) console.error(error);
    process.exitCode = 1;
  });
