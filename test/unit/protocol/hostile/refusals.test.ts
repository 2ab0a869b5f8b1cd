import { always, hostile, status, type HostileCase } from '../../../support/protocol/hostile';

const bodies: readonly (readonly [string, string, string])[] = [
  ['nothing', 'text/plain', ''],
  ['a link', 'text/plain', 'Locked by [Ann](command:evil).'],
  ['a link in a name', 'application/json', '{"lockedBy":"[Ann](command:evil)"}'],
  ['a link in HTML', 'text/html', '<p>Locked by "[Ann](command:evil)"'],
  ['an icon', 'text/plain', 'Locked by $(key) $(sync~spin)'],
  ['bidi marks', 'text/plain', 'Locked by \u202e\u2066evil\u2069'],
  ['controls', 'text/plain', 'Locked by \x1b[31mred\x07\0'],
  ['64 KB of less-than signs', 'text/html', '<'.repeat(65_536)],
  ['64 KB of ampersands', 'text/html', '&'.repeat(65_536)],
  ['64 KB of brackets', 'application/json', '['.repeat(65_536)],
  ['64 KB of braces', 'application/json', '{"a":'.repeat(13_000)],
  ['64 KB of tags', 'text/html', '<a>'.repeat(21_000)],
  ['64 KB of comments', 'text/html', '<!--'.repeat(16_000)],
  ['64 KB of backslashes', 'text/plain', '\\'.repeat(65_536)],
  ['a deep object', 'application/json', `${'{"error":'.repeat(500)}1${'}'.repeat(500)}`],
  ['__proto__', 'application/json', '{"__proto__":{"lockedBy":"x"},"constructor":{"lockedBy":"y"}}'],
  ['numbers for names', 'application/json', '{"lockedBy":5,"message":7,"until":"never"}'],
  ['a date of the year 300,000', 'application/json', '{"lockedBy":"Ann","until":"+300000-01-01T00:00:00Z"}'],
  ['the password that it was sent', 'text/plain', 'You sent Basic YW5uOnMzY3IzdC1wdw=='],
  [
    'an error of DAV',
    'application/xml',
    '<D:error xmlns:D="DAV:"><D:lock-token-submitted><D:href>/x</D:href></D:lock-token-submitted></D:error>',
  ],
  [
    'an error with a name of 100 KB',
    'application/xml',
    `<D:error xmlns:D="DAV:"><D:${'a'.repeat(60_000)}/></D:error>`,
  ],
  [
    'an error with a million addresses',
    'application/xml',
    `<D:error xmlns:D="DAV:"><D:no-conflicting-lock>${'<D:href>//evil.org/x</D:href>'.repeat(3000)}</D:no-conflicting-lock></D:error>`,
  ],
  ['an error that is cut', 'application/xml', '<D:error xmlns:D="DAV:"><D:lock-token-subm'],
  [
    'a message of sabre with a link',
    'application/xml',
    '<d:error xmlns:d="DAV:" xmlns:s="http://sabredav.org/ns"><s:message>[x](command:y)</s:message></d:error>',
  ],
  [
    'a listing',
    'application/xml',
    '<D:multistatus xmlns:D="DAV:"><D:response><D:href>/x</D:href><D:status>HTTP/1.1 423 L</D:status></D:response></D:multistatus>',
  ],
  ['bytes that are no text', 'application/octet-stream', '\xff\xfe\x00\x01'.repeat(100)],
];

const headers: readonly (readonly [string, string])[] = [
  ['a Retry-After of letters', 'Retry-After: soon\r\n'],
  ['a Retry-After of a century', 'Retry-After: 3153600000\r\n'],
  ['a Retry-After below zero', 'Retry-After: -5\r\n'],
  ['a Date that is none', 'Date: yesterday\r\n'],
  ['words of Office with a link', 'X-MSDAVEXT_ERROR: 1; %5Bx%5D(command:y)%0A\r\n'],
  ['words of Office that are no UTF-8', 'X-MSDAVEXT_ERROR: 1; %ff%\r\n'],
  ['a request id with a link', 'X-Request-Id: [x](command:y)\r\n'],
  ['a Server with a link', 'Server: [x](command:y)\r\n'],
  ['an ETag of 10 KB', `ETag: "${'e'.repeat(10_000)}"\r\n`],
];

hostile('A server that refuses', () => [
  ...bodies.flatMap(([name, type, body]) =>
    ['423 Locked', '403 Forbidden', '500 Oops'].map((line): HostileCase => ({
      name: `by ${line} with ${name}`,
      ask: 'write',
      answer: always(status(line, `Content-Type: ${type}\r\n`, body)),
      kinds: ['locked', 'forbidden', 'serverFault', 'partly', 'contentChanged'],
      requests: 5,
    })),
  ),
  ...headers.map(([name, header]): HostileCase => ({
    name: `with ${name}`,
    ask: 'lock',
    answer: always(status('423 Locked', header)),
    kinds: ['locked', 'busy'],
  })),
]);
