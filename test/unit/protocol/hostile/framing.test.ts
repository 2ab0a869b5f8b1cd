import { gzipSync, brotliCompressSync, deflateSync } from 'node:zlib';
import {
  always,
  hostile,
  listing,
  multistatus,
  ok,
  response,
  type Ask,
  type HostileCase,
} from '../../../support/protocol/hostile';

const body = listing(response('/docs/report.md', '<D:lockdiscovery/>'));
const head = 'HTTP/1.1 207 Multi-Status\r\nContent-Type: application/xml\r\n';
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;

/** None of these is a whole answer of HTTP. */
const broken: readonly (readonly [string, string])[] = [
  ['garbage', 'x'.repeat(100)],
  ['nothing but line ends', '\r\n'.repeat(100)],
  ['NUL bytes', '\0'.repeat(1000)],
  ['HTTP/0.9', `<html>${body}</html>`],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['a TLS record', '\x15\x03\x01\x00\x02\x02\x46'],
  ['a greeting of another protocol', '220 mail.example.org ESMTP\r\n'],
  ['no status', 'HTTP/1.1\r\n\r\n'],
  ['a status of letters', 'HTTP/1.1 abc OK\r\n\r\n'],
  ['a status of two digits', 'HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n'],
  ['a status of four digits', 'HTTP/1.1 2077 OK\r\nContent-Length: 0\r\n\r\n'],
  ['HTTP/9.9', `HTTP/9.9 207 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`],
  ['half a head', 'HTTP/1.1 207 Multi-Sta'],
  ['a header without an end', `${head}X-A: 1`],
  ['a header without a colon', `${head}nonsense\r\n\r\n${body}`],
  ['a header with a NUL in it', `${head}X-A: a\0b\r\nContent-Length: ${body.length}\r\n\r\n${body}`],
  ['a space before the colon', `${head}Content-Length : ${body.length}\r\n\r\n${body}`],
  ['a length below zero', `${head}Content-Length: -1\r\n\r\n${body}`],
  ['a length of letters', `${head}Content-Length: many\r\n\r\n${body}`],
  ['a length in hex', `${head}Content-Length: 0x10\r\n\r\n${body}`],
  ['a length with a plus', `${head}Content-Length: +${body.length}\r\n\r\n${body}`],
  ['a length beyond all numbers', `${head}Content-Length: 99999999999999999999999\r\n\r\n${body}`],
  ['two lengths', `${head}Content-Length: 5\r\nContent-Length: ${body.length}\r\n\r\n${body}`],
  [
    'a length and chunks',
    `${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n${chunk(body)}0\r\n\r\n`,
  ],
  ['too long a length', `${head}Content-Length: ${body.length + 1}\r\n\r\n${body}`],
  ['too short a length', `${head}Content-Length: ${body.length - 1}\r\n\r\n${body}`],
  ['a chunk without a size', `${head}Transfer-Encoding: chunked\r\n\r\n\r\n${body}\r\n0\r\n\r\n`],
  ['a chunk of a bad size', `${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n${body}\r\n0\r\n\r\n`],
  ['a chunk of a negative size', `${head}Transfer-Encoding: chunked\r\n\r\n-5\r\n${body}\r\n0\r\n\r\n`],
  ['a chunk of a huge size', `${head}Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n${body}`],
  [
    'a chunk that is longer than it says',
    `${head}Transfer-Encoding: chunked\r\n\r\n5\r\n${body}\r\n0\r\n\r\n`,
  ],
  ['no last chunk', `${head}Transfer-Encoding: chunked\r\n\r\n${chunk(body)}`],
  ['half a last chunk', `${head}Transfer-Encoding: chunked\r\n\r\n${chunk(body)}0\r`],
  ['an unknown transfer coding', `${head}Transfer-Encoding: rot13\r\n\r\n${body.slice(0, 40)}`],
  ['a coding before chunked', `${head}Transfer-Encoding: gzip, chunked\r\n\r\n${chunk('notgzip')}0\r\n\r\n`],
  [
    'a switch to another protocol',
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
  ],
  ['a header of 100 KB', `${head}X-A: ${'a'.repeat(100_000)}\r\n\r\n${body}`],
  ['10,000 headers', `${head}${'X-A: 1\r\n'.repeat(10_000)}\r\n${body}`],
  ['an answer with no body at all', `${head}\r\n`],
  ['an empty body', `${head}Content-Length: 0\r\n\r\n`],
];

/** An end of the connection is the end of a body without a length (RFC 9112 section 6.3), so this one is whole. */
const odd: readonly (readonly [string, string, HostileCase['may']])[] = [
  ['no length, and the end', `${head}Connection: close\r\n\r\n${body}`, 'be free'],
  ['no reason phrase', `HTTP/1.1 207\r\nContent-Length: ${body.length}\r\n\r\n${body}`, 'be free'],
  [
    'interim answers',
    `${'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(20)}${head}Content-Length: ${body.length}\r\n\r\n${body}`,
    'be free',
  ],
  [
    'a long chunk extension',
    `${head}Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)};${'a'.repeat(1000)}\r\n${body}\r\n0\r\n\r\n`,
    'be free',
  ],
  ['trailers', `${head}Transfer-Encoding: chunked\r\n\r\n${chunk(body)}0\r\nX-A: 1\r\n\r\n`, 'be free'],
  [
    'a second answer that nobody asked for',
    `${head}Content-Length: ${body.length}\r\n\r\n${body}${ok('evil')}`,
    'be free',
  ],
  [
    'a header named __proto__',
    `${head}__proto__: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    'be free',
  ],
];

const bomb = Buffer.alloc(64 * 1024 * 1024, 0x20);
const coded = (coding: string, bytes: Uint8Array, code = '207 Multi-Status') => [
  `HTTP/1.1 ${code}\r\nContent-Type: application/xml\r\nContent-Encoding: ${coding}\r\nContent-Length: ${bytes.length}\r\n\r\n`,
  bytes,
];
const whole = Buffer.from(body);

hostile('A server that breaks HTTP', () => [
  ...broken.flatMap(([name, bytes]) =>
    (['stat', 'write'] as const).map((ask: Ask): HostileCase => ({
      name: `by ${name}, on ${ask}`,
      ask,
      answer: always(bytes, 'close'),
      requests: 8,
    })),
  ),
  ...odd.map(([name, bytes, may]): HostileCase => ({
    name: `hardly, by ${name}`,
    answer: always(bytes, 'close'),
    ...(may && { may }),
  })),
  { name: 'by closing at once', answer: always('close'), kinds: ['interrupted', 'unreachable'] },
  { name: 'by a reset', answer: always('reset'), kinds: ['interrupted', 'unreachable'] },
  {
    name: 'by a reset after the head',
    answer: always(`${head}Content-Length: 500\r\n\r\n`, 'reset'),
    kinds: ['interrupted'],
  },
]);

hostile('A server that sends too much', () => [
  {
    name: 'a head without an end',
    answer: always(head, { piece: `X-A: ${'a'.repeat(1000)}\r\n`, times: 10_000 }),
    kinds: ['badAnswer', 'interrupted', 'unreachable'],
  },
  {
    name: 'interim answers without an end',
    neverEnds: true,
    answer: always({ piece: 'HTTP/1.1 100 Continue\r\n\r\n', times: 200_000 }),
    kinds: ['timeout', 'badAnswer', 'interrupted'],
  },
  {
    name: 'a body without an end',
    answer: always(`${head}\r\n${body.slice(0, 60)}`, { piece: ' '.repeat(65_536), times: 4_000 }),
    kinds: ['badAnswer', 'timeout'],
  },
  {
    name: 'chunks without an end',
    answer: always(`${head}Transfer-Encoding: chunked\r\n\r\n`, {
      piece: chunk('<!-- x -->'.repeat(1000)),
      times: 20_000,
    }),
    kinds: ['badAnswer', 'timeout'],
  },
  {
    name: 'a file far larger than listed',
    ask: 'readSmall',
    answer: always('HTTP/1.1 200 OK\r\n\r\n', { piece: 'x'.repeat(65_536), times: 2_000 }),
    kinds: ['badAnswer'],
  },
  {
    name: 'a file that says it is far larger than listed',
    ask: 'readSmall',
    answer: always('HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n', {
      piece: 'x'.repeat(65_536),
      times: 100,
    }),
    kinds: ['badAnswer'],
  },
  {
    name: 'a refusal without an end',
    answer: always('HTTP/1.1 423 Locked\r\n\r\n', { piece: '<'.repeat(65_536), times: 2_000 }),
    kinds: ['locked'],
  },
  {
    name: 'a redirect with a body without an end',
    answer: always('HTTP/1.1 302 Found\r\nLocation: /x\r\n\r\n', { piece: '<'.repeat(65_536), times: 2_000 }),
    kinds: ['redirected'],
  },
  {
    name: 'a challenge with a body without an end',
    answer: always('HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm="r"\r\n\r\n', {
      piece: '<'.repeat(65_536),
      times: 2_000,
    }),
    kinds: ['signInNeeded'],
  },
  ...(
    [
      ['gzip', gzipSync(bomb)],
      ['br', brotliCompressSync(bomb)],
      ['gzip, gzip', gzipSync(gzipSync(bomb))],
    ] as const
  ).map(([coding, bytes]): HostileCase => ({
    name: `a bomb by ${coding}`,
    answer: always(...coded(coding, bytes)),
    kinds: ['badAnswer'],
  })),
]);

hostile('A server that codes what nobody asked to be coded', () => [
  ...(
    ['gzip', 'x-gzip', 'br', 'deflate', 'zstd', 'compress', 'GZIP', 'identity, gzip', 'aws-chunked'] as const
  ).map((coding): HostileCase => ({
    name: `a file by ${coding}`,
    ask: 'read',
    answer: always(...coded(coding, gzipSync(bomb), '200 OK')),
    kinds: ['badAnswer'],
  })),
  ...(
    [
      ['deflate', deflateSync(whole)],
      ['zstd', whole],
      ['gzip, gzip, gzip, gzip', gzipSync(gzipSync(gzipSync(gzipSync(whole))))],
      ['constructor', whole],
      ['gzip', whole],
      ['gzip', gzipSync(whole).subarray(0, -5)],
      ['br', brotliCompressSync(whole).subarray(0, -3)],
      ['gzip;q=1', gzipSync(whole)],
    ] as const
  ).map(([coding, bytes], index): HostileCase => ({
    name: `a listing by ${coding} (${index})`,
    answer: always(...coded(coding, bytes)),
    kinds: ['badAnswer', 'interrupted'],
  })),
  {
    name: 'a listing by gzip as it should be',
    answer: always(...coded('gzip', gzipSync(whole))),
    may: 'be free',
  },
  {
    name: 'a listing by nothing',
    answer: always(multistatus(body, 'Content-Encoding: identity\r\n')),
    may: 'be free',
  },
]);
