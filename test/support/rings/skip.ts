import type Mocha from 'mocha';

const reasons = new WeakMap<object, string>();

/** Skips the running test, or from a hook all tests of its suite, and says why in the summary. */
export function skipBecause(context: Mocha.Context, why: string): never {
  const running = context.test as (Mocha.Test | Mocha.Hook) | undefined;
  if (running) reasons.set(running.type === 'hook' && running.parent ? running.parent : running, why);
  return context.skip();
}

export function whyOf(test: Mocha.Test): string {
  for (let one: Mocha.Test | Mocha.Suite | undefined = test; one; one = one.parent) {
    const why = reasons.get(one);
    if (why !== undefined) return why;
  }
  return 'the run above says why';
}
