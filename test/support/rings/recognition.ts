// Whether servers are recognized in this run: nothing may depend on it but speed.
import type Mocha from 'mocha';
import { skipBecause } from './skip';

/** `off`: every server counts as unknown. */
export const recognitionVariable = 'LOCK_STATUS_TEST_RECOGNITION';

export const recognize = process.env[recognitionVariable] !== 'off';

/** The tests that also run where no server is recognized, by a part of their path. */
const unrecognized = [
  'breaking',
  'causes',
  'deletedUnderLock',
  'lostLocks',
  'subversion',
  'webdav.',
  'webdavFiles',
  'filesLock',
];

export function runsUnrecognized(file: string): boolean {
  return unrecognized.some((part) => file.includes(part));
}

/** Skips what holds only where the server is recognized, and says why. */
export function skipUnrecognized(context: Mocha.Context, why: string): void {
  if (!recognize) skipBecause(context, why);
}
