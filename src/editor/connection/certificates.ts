import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import type { Log } from '../log';

/** The certificates that a connection trusts: PEM text in the setting, or the file that it names. */
export function certificatesIn(setting: string, log: Log): string | undefined {
  if (setting.includes('-----BEGIN')) return setting;
  const path = resolve(setting.trim().replace(/^~(?=[\\/])/, homedir()));
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    // The server stays untrusted, and the TLS error names the setting.
    log.failure('Reading the certificates that "lockStatus.connections" names', error);
    return undefined;
  }
}
