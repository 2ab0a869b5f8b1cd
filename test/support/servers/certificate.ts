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

/** A certificate authority that nobody knows. */
export interface Authority {
  /** PEM */
  readonly certificate: string;
  /** A certificate for this machine, or for a client of that name, with its key: encrypted by the passphrase, if there is one. */
  issue(name: string, passphrase?: string): Certificate & { readonly pfx: Buffer };
}

export function makeAuthority(): Authority {
  const folder = scratchFolder('authority');
  const openssl = (...args: string[]): void => {
    execFileSync('/usr/bin/openssl', args, { cwd: folder, stdio: 'pipe' });
  };
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  const read = (name: string) => readFileSync(path.join(folder, name));
  writeFileSync(
    path.join(folder, 'openssl.cnf'),
    '[req]\ndistinguished_name=dn\n[dn]\n[ca]\nbasicConstraints=critical,CA:true\n[leaf]\nsubjectAltName=DNS:localhost,IP:127.0.0.1\n',
  );
  openssl(
    ...['req', '-config', 'openssl.cnf', '-x509', '-extensions', 'ca', '-days', '2', ...curve, '-nodes'],
    ...['-subj', '/CN=Private authority', '-keyout', 'ca.key', '-out', 'ca.crt'],
  );
  return {
    certificate: read('ca.crt').toString(),
    issue: (name, passphrase = '') => {
      const secrecy = passphrase === '' ? ['-nodes'] : ['-passout', `pass:${passphrase}`];
      openssl(
        ...['req', '-config', 'openssl.cnf', '-new', ...curve, ...secrecy],
        ...['-subj', `/CN=${name}`, '-keyout', 'leaf.key', '-out', 'leaf.csr'],
      );
      openssl(
        ...['x509', '-req', '-in', 'leaf.csr', '-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial'],
        ...['-days', '2', '-extfile', 'openssl.cnf', '-extensions', 'leaf', '-out', 'leaf.crt'],
      );
      openssl(
        ...['pkcs12', '-export', '-in', 'leaf.crt', '-inkey', 'leaf.key', '-passin', `pass:${passphrase}`],
        ...['-passout', `pass:${passphrase}`, '-out', 'leaf.pfx'],
      );
      return {
        certificate: read('leaf.crt').toString(),
        key: read('leaf.key').toString(),
        pfx: read('leaf.pfx'),
      };
    },
  };
}
