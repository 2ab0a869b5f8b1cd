import type Mocha from 'mocha';
import type { LockServer } from '../servers/server';
import { availableServers } from '../servers/start';
import { skipBecause } from './skip';

/** Skips where that server cannot be had on this machine. */
export function skipWithout(context: Mocha.Context, kind: LockServer['kind']): void {
  const why = availableServers().skipped.find((one) => one.kind === kind)?.why;
  if (why !== undefined) skipBecause(context, why);
}
