import { build } from 'esbuild';
import { join } from 'node:path';
import { projectRoot } from '../hosts/paths';
import { testFilesOf, type Choice } from './files';

/** Bundles the tests of the editor ring to one module with a `run()`, as the extension host wants it; gives its path. */
export async function bundleSuite(choice: Choice): Promise<string> {
  const suite = join(projectRoot, 'out/editor/index.js');
  const requires = testFilesOf(choice).map((file) => `require(${JSON.stringify(file)});`);
  const main = join(projectRoot, 'test/support/rings/suiteMain.ts');
  await build({
    stdin: {
      contents: `import { runSuite } from ${JSON.stringify(main)};
        export const run = () => runSuite(() => { ${requires.join(' ')} });`,
      resolveDir: projectRoot,
      loader: 'ts',
    },
    outfile: suite,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    sourcemap: 'linked',
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
  });
  return suite;
}
