// `npm start`: the extension in a real editor, on an embedded lock server, with a colleague who is in the way.
import { readFileSync } from 'node:fs';
import { openEditor } from './start/editor';
import { builtExtension } from './start/extension';
import { demonstrate } from './start/session';

const stop = new AbortController();

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (stop.signal.aborted) process.exit(1);
    console.log('\nStopping the editor, the colleague and the server …');
    stop.abort();
  });
}

// Whoever started this may be ended alone, as npm is by a plain `kill`: then nobody is left to press Ctrl+C.
const born = forebears();
setInterval(() => {
  if (forebears() !== born && !stop.signal.aborted) stop.abort();
}, 1000).unref();

/** Our parent and, where the system tells, its parent: npm starts a shell, which starts the set-up, which starts us. */
function forebears(): string {
  const parent = process.ppid;
  try {
    // "pid (name) state ppid …", and the name may hold spaces.
    return `${parent} ${/^.*\) \S (\d+)/.exec(readFileSync(`/proc/${parent}/stat`, 'utf8'))?.[1]}`;
  } catch {
    // No such table on this system, or the parent has just gone and its number with it.
    return String(parent);
  }
}

async function main(): Promise<void> {
  console.log(
    'The first start takes about two minutes and, with the packages, 600 MB in this folder; the next ones take seconds.',
  );
  const vsix = await builtExtension();
  await demonstrate({
    openEditor: (address) => openEditor(address, vsix, process.argv.includes('--browser')),
    say: (sentence) => console.log(sentence),
    stop: stop.signal,
  });
  console.log('Everything has ended, and the example files are gone.');
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    if (!stop.signal.aborted) console.error(error instanceof Error ? error.message : error);
    process.exit(stop.signal.aborted ? 0 : 1);
  },
);
