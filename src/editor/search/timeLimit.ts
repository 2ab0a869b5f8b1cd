import { createContext, Script } from 'node:vm';

/** As long as one slice of a text may be searched. Usual expressions take a hundredth of that. */
const limitMs = 100;

const script = new Script('run()');
let context: { run: () => void } | undefined;

/**
 * Runs synchronously, but no longer than the limit; undefined if it took longer. Some regular expressions take longer than
 * the universe exists, and the extension host has one thread: V8 interrupts even those.
 */
export function withinLimit<T>(run: () => T): { readonly value: T } | undefined {
  let value: { readonly value: T } | undefined;
  context ??= createContext({ run }) as { run: () => void };
  context.run = () => void (value = { value: run() });
  try {
    script.runInContext(context, { timeout: limitMs });
    return value;
  } catch (error) {
    if (isTimeout(error)) return undefined;
    throw error;
  }
}

/** The error comes from the context, whose `Error` is another one. */
function isTimeout(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}
