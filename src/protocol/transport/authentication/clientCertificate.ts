import { createPrivateKey } from 'node:crypto';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { defined } from '../../../base/defined';
import type { ClientCertificate } from '../http';

/** The client certificate of the connection cannot be used: not there, not readable, or its passphrase is wrong. */
class BadClientCertificate extends Error {
  constructor(
    readonly code: 'CLIENT_CERTIFICATE' | 'CLIENT_CERTIFICATE_PASSPHRASE',
    cause: unknown,
  ) {
    super('The client certificate cannot be used', { cause });
  }
}

type Options = Pick<SecureContextOptions, 'cert' | 'key' | 'pfx' | 'passphrase'>;

/** The client certificate as Node takes it. Rejects with a {@link BadClientCertificate}, before anything is connected. */
export async function certificateOptions(read: () => Promise<ClientCertificate>): Promise<Options> {
  let encrypted: Options = {};
  try {
    const { cert, key, pfx, passphrase } = await read();
    const options = {
      ...defined({ cert, key }),
      ...(pfx !== undefined && { pfx: Buffer.from(pfx) }),
      // Without one OpenSSL would read the passphrase of a key from the terminal.
      passphrase: passphrase?.reveal() ?? '',
    };
    encrypted = options;
    createSecureContext(options);
    return options;
  } catch (error) {
    throw new BadClientCertificate(
      isPassphrase(error) || !canDecrypt(encrypted) ? 'CLIENT_CERTIFICATE_PASSPHRASE' : 'CLIENT_CERTIFICATE',
      error,
    );
  }
}

/** OpenSSL decrypts with a wrong passphrase and finds nonsense: a bad padding in a key, a bad checksum in PKCS#12. */
function isPassphrase(error: unknown): boolean {
  return error instanceof Error && /bad.?decrypt|mac verify failure|bad password read/i.test(error.message);
}

/** One wrong passphrase in 256 leaves a valid padding, and the nonsense fails as a key of no known kind. */
function canDecrypt({ key, passphrase }: Options): boolean {
  if (!(typeof key === 'string' || Buffer.isBuffer(key)) || !/ENCRYPTED/.test(key.toString())) return true;
  try {
    createPrivateKey({ key, passphrase });
    return true;
  } catch {
    return false;
  }
}
