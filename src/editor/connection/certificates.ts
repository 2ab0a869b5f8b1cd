import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { defined } from '../../base/defined';
import type { Connection } from '../../core/settings/connectionSetting';
import type { Log } from '../log';

/** The certificates that a connection trusts: PEM text in the setting, or the file that it names. */
export function certificatesIn(setting: string, log: Log): string | undefined {
  if (isText(setting)) return setting;
  try {
    return readFileSync(pathOf(setting), 'utf8');
  } catch (error) {
    // The server stays untrusted, and the TLS error names the setting.
    log.failure('Reading the certificates that "lockStatus.connections" names', error);
    return undefined;
  }
}

export function hasClientCertificate({ cert, pfx }: NonNullable<Connection['tls']>): boolean {
  return cert !== undefined || pfx !== undefined;
}

/** The client certificate that a connection names, read when it is needed. Rejects with the file system's error. */
export async function clientCertificateIn({ cert, key, pfx }: NonNullable<Connection['tls']>) {
  const [certText, keyText, bytes] = await Promise.all([
    textIn(cert),
    textIn(key ?? cert),
    pfx === undefined ? undefined : readFile(pathOf(pfx)),
  ]);
  return defined({ cert: certText, key: keyText, pfx: bytes });
}

async function textIn(setting: string | undefined): Promise<string | undefined> {
  if (setting === undefined || isText(setting)) return setting;
  return readFile(pathOf(setting), 'utf8');
}

function isText(setting: string): boolean {
  return setting.includes('-----BEGIN');
}

function pathOf(setting: string): string {
  return resolve(setting.trim().replace(/^~(?=[\\/])/, homedir()));
}
