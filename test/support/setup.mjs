// Runs one of the scripts beside it in a fresh clone as well: installs the packages first when they are missing
// or older than the lockfile. Plain JavaScript without packages, because nothing may be installed yet.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../..');
const [script, ...args] = process.argv.slice(2);

if (!script) {
  console.error('Usage: node test/support/setup.mjs <script.ts> [arguments]');
  process.exit(2);
}

// Ctrl+C goes to the script as well, which cleans up; this one stays until it has.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => undefined);

// npm and Chromium both write below the home folder, and an empty HOME sends them to the root of the disk.
const env = { ...process.env };
if (!env.HOME && process.platform !== 'win32') env.HOME = homedir() || userInfo().homedir;

if (!installedAsLocked()) {
  console.log('Installing the packages of package-lock.json (npm ci): about 300 MB, in a minute or two ...');
  run(process.platform === 'win32' ? 'npm.cmd' : 'npm', [
    'ci',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ]);
}
run(process.execPath, ['--import', 'tsx', join(here, script), ...args]);

// npm leaves a copy of what it installed beside the packages; it differs from the lockfile only by what other
// platforms need and by where the packages came from.
function installedAsLocked() {
  const copy = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(copy)) return false;
  const installed = packagesOf(copy);
  return Object.entries(packagesOf(join(root, 'package-lock.json'))).every(
    ([path, wanted]) =>
      path === '' || wanted.optional || wanted.peer || installed[path]?.version === wanted.version,
  );
}

function packagesOf(lockfile) {
  return JSON.parse(readFileSync(lockfile, 'utf8')).packages ?? {};
}

function run(command, commandArgs) {
  const { status, signal, error } = spawnSync(command, commandArgs, { cwd: root, env, stdio: 'inherit' });
  if (error) {
    console.error(`${command} could not be started: ${error.message}`);
    process.exit(1);
  }
  if (status !== 0) {
    if (signal) console.error(`${command} was ended by ${signal}`);
    process.exit(status ?? 1);
  }
}
