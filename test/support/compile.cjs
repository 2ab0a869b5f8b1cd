// Compiles TypeScript as it is required, for what is a matter of the processor alone: `node --require compile.cjs`.
// tsx starts slower and keeps the names of functions, for which each of them pays at each call: a sixth of long tests.
const { readFileSync } = require('node:fs');
const Module = require('node:module');
const { transformSync } = require('esbuild');

process.setSourceMapsEnabled(true);

Module._extensions['.ts'] = (module, file) => {
  const { code } = transformSync(readFileSync(file, 'utf8'), {
    loader: 'ts',
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    sourcefile: file,
    sourcemap: 'inline',
    define: { 'import.meta.dirname': '__dirname' },
  });
  module._compile(code, file);
};
