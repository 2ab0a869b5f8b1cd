import {
  always,
  hostile,
  multistatus,
  listing,
  response,
  type Ask,
  type HostileCase,
} from '../../../support/protocol/hostile';

const head = 'HTTP/1.1 207 Multi-Status\r\nContent-Type: application/xml\r\nContent-Length: 5000\r\n\r\n';
const late: HostileCase['kinds'] = ['timeout'];
const good = multistatus(listing(response('/docs/report.md', '<D:lockdiscovery/>')));

const cases: readonly HostileCase[] = [
  ...(['stat', 'list', 'read', 'write', 'refresh'] as const).map((ask: Ask): HostileCase => ({
    name: `never answers, on ${ask}`,
    ask,
    answer: () => [],
    kinds: late,
  })),
  { name: 'sends half a head and stops', answer: always('HTTP/1.1 207 Mul'), kinds: late },
  {
    name: 'sends its head byte by byte',
    answer: always({ drip: 'H', everyMs: 20 }),
    kinds: ['timeout', 'badAnswer'],
  },
  {
    name: 'sends headers byte by byte',
    answer: always('HTTP/1.1 207 OK\r\nX-A: ', { drip: 'a', everyMs: 20 }),
    kinds: late,
  },
  {
    name: 'sends interim answers one by one',
    answer: always({ drip: 'HTTP/1.1 102 Processing\r\n\r\n', everyMs: 20 }),
    kinds: late,
  },
  { name: 'sends a head and stops', answer: always(head), kinds: late },
  {
    name: 'sends its body byte by byte',
    answer: always(head, { drip: ' ', everyMs: 10 }),
    kinds: ['timeout'],
  },
  {
    name: 'sends a file byte by byte',
    ask: 'read',
    answer: always('HTTP/1.1 200 OK\r\n\r\n', { drip: 'x', everyMs: 10 }),
    kinds: late,
  },
  { name: 'sends half a body and stops', answer: always(head, good.slice(100, 200)), kinds: late },
  {
    name: 'stops in a chunk',
    answer: always('HTTP/1.1 207 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nabc'),
    kinds: late,
  },
  {
    name: 'stops in a redirect',
    answer: always('HTTP/1.1 301 Moved\r\nLocation: /docs/report.md/\r\nContent-Length: 10\r\n\r\n'),
  },
  {
    name: 'stops in a refusal',
    answer: always('HTTP/1.1 423 Locked\r\nContent-Length: 10\r\n\r\n'),
    kinds: ['locked', 'timeout'],
  },
  {
    name: 'stops in a challenge',
    answer: always('HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm="r"\r\nContent-Length: 10\r\n\r\n'),
  },
  {
    name: 'answers the second time only',
    answer: (_, number) => (number === 1 ? ['close'] : [good]),
    may: 'be free',
  },
];

hostile('A server that takes its time', () =>
  cases.map((one) => ({ ...one, neverEnds: one.may === undefined })),
);
