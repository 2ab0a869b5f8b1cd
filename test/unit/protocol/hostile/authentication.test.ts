import { Secret } from '../../../../src/core/model/secret';
import {
  hostile,
  listing,
  multistatus,
  response,
  status,
  type Ask,
  type HostileCase,
} from '../../../support/protocol/hostile';

const challenges: readonly (readonly [string, string])[] = [
  ['none', ''],
  ['empty', 'WWW-Authenticate: \r\n'],
  ['only commas', `WWW-Authenticate: ${','.repeat(5000)}\r\n`],
  ['only quotes', `WWW-Authenticate: ${'"'.repeat(5000)}\r\n`],
  ['an unclosed quote', 'WWW-Authenticate: Basic realm="x\r\n'],
  ['a realm without quotes', 'WWW-Authenticate: Basic realm=x\r\n'],
  ['a realm that is a link', 'WWW-Authenticate: Basic realm="[Sign in](command:evil)"\r\n'],
  ['a realm with an icon and a bidi mark', 'WWW-Authenticate: Basic realm="$(key) \xe2\x80\xae"\r\n'],
  ['a realm of 10,000 letters', `WWW-Authenticate: Basic realm="${'r'.repeat(10_000)}"\r\n`],
  ['two realms', 'WWW-Authenticate: Basic realm="a", Basic realm="b"\r\n'],
  [
    '500 realms',
    `WWW-Authenticate: ${Array.from({ length: 500 }, (_, i) => `Basic realm="${i}"`).join(', ')}\r\n`,
  ],
  ['a realm twice', 'WWW-Authenticate: Basic realm="a", realm="b"\r\n'],
  ['Digest without a nonce', 'WWW-Authenticate: Digest realm="r"\r\n'],
  ['Digest with an empty nonce', 'WWW-Authenticate: Digest realm="r", nonce=""\r\n'],
  ['Digest without a realm', 'WWW-Authenticate: Digest nonce="n", qop="auth"\r\n'],
  ['Digest, always stale', 'WWW-Authenticate: Digest realm="r", nonce="n", qop="auth", stale=true\r\n'],
  ['Digest of an unknown algorithm', 'WWW-Authenticate: Digest realm="r", nonce="n", algorithm=SHA-3\r\n'],
  ['Digest named __proto__', 'WWW-Authenticate: Digest realm="r", nonce="n", algorithm=__proto__\r\n'],
  ['Digest with auth-int', 'WWW-Authenticate: Digest realm="r", nonce="n", qop="auth-int"\r\n'],
  ['Digest with a quote in its nonce', 'WWW-Authenticate: Digest realm="r", nonce="a\\"b", qop="auth"\r\n'],
  [
    'Digest with a long opaque',
    `WWW-Authenticate: Digest realm="r", nonce="n", opaque="${'o'.repeat(9000)}"\r\n`,
  ],
  ['Negotiate', 'WWW-Authenticate: Negotiate\r\n'],
  ['NTLM', 'WWW-Authenticate: NTLM TlRMTVNTUAACAAAA\r\n'],
  ['a bearer', 'WWW-Authenticate: Bearer realm="r", error="invalid_token"\r\n'],
  ['a scheme named constructor', 'WWW-Authenticate: constructor realm="x"\r\n'],
  ['bytes beyond ASCII', 'WWW-Authenticate: Basic realm="\xff\xfe\xe9"\r\n'],
  ['a header of Git LFS', 'LFS-Authenticate: Basic realm="x"\r\n'],
  [
    'both Basic and Digest of another realm',
    'WWW-Authenticate: Basic realm="a"\r\nWWW-Authenticate: Digest realm="b", nonce="n"\r\n',
  ],
];

const questions: readonly Ask[] = ['stat', 'write', 'read'];

const found = multistatus(listing(response('/docs/report.md', '<D:getetag>"1"</D:getetag>')));

hostile('A server that challenges', () => [
  ...challenges.flatMap(([name, header]) =>
    questions.map((ask): HostileCase => ({
      name: `by ${name}, on ${ask}`,
      ask,
      answer: () => [status('401 No', header)],
      kinds: ['signInNeeded', 'cannotSignIn', 'badAnswer'],
      requests: 4,
    })),
  ),
  ...['refused', '[x](command:y)', '<html>'.repeat(1000)].map((body): HostileCase => ({
    name: `and says ${body.slice(0, 20)}`,
    answer: () => [status('401 No', 'WWW-Authenticate: Basic realm="r"\r\n', body)],
    kinds: ['signInNeeded'],
    requests: 3,
  })),
  {
    name: 'with a proxy status',
    answer: () => [status('407 No', 'Proxy-Authenticate: Basic realm="r"\r\n')],
    kinds: ['unreachable'],
    requests: 1,
  },
  {
    name: 'a token that no header can hold',
    credentials: { token: new Secret('two\r\nX-Evil: 1') },
    answer: () => [status('401 No', 'WWW-Authenticate: Bearer\r\n')],
    kinds: ['signInNeeded'],
    requests: 1,
  },
  {
    name: 'by a new nonce in each answer, one of them with a line feed',
    may: 'succeed',
    answer: ({ head }) =>
      /^authorization: digest/im.test(head)
        ? [found.replace('\r\n', '\r\nAuthentication-Info: nextnonce="a\x01b"\r\n')]
        : [status('401 No', 'WWW-Authenticate: Digest realm="r", nonce="n", qop="auth"\r\n')],
  },
  {
    name: 'by cookies that are no cookies',
    may: 'succeed',
    answer: (_, number) =>
      number === 1
        ? [
            status(
              '401 No',
              `WWW-Authenticate: Basic realm="r"\r\n${[
                '=',
                ';;;',
                'a',
                'a=b; Domain=evil.org',
                'a\x00=b',
                'x=y; Path=/; Max-Age=9e99',
                `z=${'z'.repeat(3000)}; Path=/`,
              ]
                .map((line) => `Set-Cookie: ${line}\r\n`)
                .join('')
                .replace('a\x00=b', 'a=\xff')}`,
            ),
          ]
        : [found],
  },
]);
