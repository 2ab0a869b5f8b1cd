import { l10n } from 'vscode';
import type { FailureFacts } from '../../core/model/failure';
import { plain } from './plainText';

/** Alerts by which a server refuses a client without a certificate that it trusts (RFC 8446 section 6.2). */
const wantsCertificate =
  /ALERT_(?:CERTIFICATE_REQUIRED|BAD_CERTIFICATE|HANDSHAKE_FAILURE|UNKNOWN_CA|CERTIFICATE_UNKNOWN|ACCESS_DENIED)/;

/** Why no secure connection to the server came about. */
export function certificateSentence(host: string, { code = 'TLS', cause }: FailureFacts): string {
  if (code === 'CLIENT_CERTIFICATE')
    return l10n.t(
      'Can’t use the client certificate for {0} ({1}). Check "tls.cert", "tls.key" and "tls.pfx" in the setting "lockStatus.connections".',
      host,
      plain(reasonOf(cause), 120),
    );
  if (wantsCertificate.test(code))
    return l10n.t(
      '{0} requires a client certificate that it trusts. Add yours as "tls.cert" and "tls.key", or as "tls.pfx", to the setting "lockStatus.connections".',
      host,
    );
  if (code === 'CERT_HAS_EXPIRED')
    return l10n.t(
      'The certificate of {0} has expired. Check the clock of this computer, or ask the administrator to renew the certificate.',
      host,
    );
  if (code === 'CERT_NOT_YET_VALID')
    return l10n.t(
      'The certificate of {0} isn’t valid yet. Check the clock of this computer, or ask the administrator.',
      host,
    );
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return l10n.t(
      'The certificate of {0} is for another name. Check the address, or ask the administrator.',
      host,
    );
  const why = untrusted(code);
  return why === undefined
    ? l10n.t(
        'Can’t set up a secure connection to {0} ({1}). Check the address and its port, or ask the administrator.',
        host,
        plain(code, 60),
      )
    : l10n.t(
        'The certificate of {0} can’t be trusted: {1}. Add it as "tls.ca" to the setting "lockStatus.connections", or ask the administrator.',
        host,
        why,
      );
}

const unknownSigner = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
]);

/** Why nobody known here vouches for the certificate; undefined where that is not what went wrong. */
function untrusted(code: string): string | undefined {
  if (code === 'DEPTH_ZERO_SELF_SIGNED_CERT') return l10n.t('the server signed it itself');
  return unknownSigner.has(code) ? l10n.t('this computer doesn’t know who signed it') : undefined;
}

/** The system's own words for what is wrong with a file. */
function reasonOf(error: unknown): string {
  return error instanceof Error
    ? error.cause instanceof Error
      ? error.cause.message
      : error.message
    : 'TLS';
}
