// Certificates for servers on this machine, made when they are needed and never kept.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { scratchFolder, discard } from './scratch';

export type CertificateKind = 'selfSigned' | 'expired' | 'otherHost';

export interface Certificate {
  /** PEM */
  readonly certificate: string;
  /** PEM */
  readonly key: string;
}

export function makeCertificate(kind: CertificateKind): Certificate {
  const folder = scratchFolder('certificate');
  try {
    const names = kind === 'otherHost' ? 'DNS:elsewhere.example' : 'DNS:localhost,IP:127.0.0.1';
    const subject = kind === 'otherHost' ? '/CN=elsewhere.example' : '/CN=localhost';
    const settings = `[req]\ndistinguished_name=dn\n[dn]\n[server]\nsubjectAltName=${names}\n[ca]\ndefault_ca=own\n[own]
database=${folder}/index\nnew_certs_dir=${folder}\nrand_serial=yes\ndefault_md=sha256\npolicy=any\nx509_extensions=server
[any]\ncommonName=supplied\n`;
    writeFileSync(path.join(folder, 'openssl.cnf'), settings);
    writeFileSync(path.join(folder, 'index'), '');
    const openssl = (...args: string[]): void => {
      execFileSync('/usr/bin/openssl', args, { cwd: folder, stdio: 'pipe' });
    };
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', 'key.pem'];
    openssl('req', '-config', 'openssl.cnf', '-new', ...key, '-subj', subject, '-out', 'request.pem');
    // `openssl ca` is the one command of every OpenSSL version that takes a date in the past.
    const dates =
      kind === 'expired' ? ['-startdate', '20200101000000Z', '-enddate', '20200201000000Z'] : ['-days', '2'];
    openssl(
      ...['ca', '-config', 'openssl.cnf', '-selfsign', '-keyfile', 'key.pem', '-in', 'request.pem'],
      ...['-out', 'certificate.pem', '-notext', '-batch', ...dates],
    );
    return {
      certificate: readFileSync(path.join(folder, 'certificate.pem'), 'utf8'),
      key: readFileSync(path.join(folder, 'key.pem'), 'utf8'),
    };
  } finally {
    discard(folder);
  }
}
