// `npm run check`: form, types, lint, layers and leftovers, as many at a time as there are processors.
import { projectRoot } from './hosts/paths';
import { runBeside } from './hosts/processes';
import { cores, limited } from './limited';

/** The slowest first. */
const checks = ['eslint .', 'tsc --noEmit', 'prettier --check .', 'depcruise src test', 'knip'];

const inTurn = limited(cores);

async function check(command: string): Promise<boolean> {
  const [name = '', ...args] = command.split(' ');
  const code = await inTurn(() => runBeside(`\n== ${command}`, name, args, { cwd: projectRoot }));
  return code === 0;
}

Promise.all(checks.map(check)).then(
  (passed) => process.exit(passed.includes(false) ? 1 : 0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
