import {
  activeLock,
  always,
  hostile,
  listing,
  multistatus,
  ok,
  response,
  status,
  type Ask,
  type HostileCase,
} from '../../../support/protocol/hostile';

const at = '/docs/report.md';
const lockdiscovery = (inner: string) => `<D:lockdiscovery>${inner}</D:lockdiscovery>`;
const bare = (inner: string) => lockdiscovery(`<D:activelock>${inner}</D:activelock>`);

/** Something is said of locks in each, but never that there are none. */
const never: readonly (readonly [string, string])[] = [
  ['a lock', listing(response(at, activeLock()))],
  ['a lock of nothing', listing(response(at, bare('')))],
  ['a lock without a token', listing(response(at, bare('<D:lockscope><D:exclusive/></D:lockscope>')))],
  ['a lock without a scope', listing(response(at, bare('<D:locktoken><D:href>t</D:href></D:locktoken>')))],
  ['a lock in a comment', listing(response(at, '<!-- <D:lockdiscovery/> -->'))],
  ['a lock in CDATA', listing(response(at, '<![CDATA[<D:lockdiscovery/>]]>'))],
  ['a lock of another namespace', listing(response(at, '<x:lockdiscovery xmlns:x="urn:x"/>'))],
  ['locks that it does not know', listing(response(at, '<D:lockdiscovery/>', 'HTTP/1.1 404 Not Found'))],
  ['locks that it may not show', listing(response(at, '<D:lockdiscovery/>', 'HTTP/1.1 403 Forbidden'))],
  ['locks that it fails at', listing(response(at, '<D:lockdiscovery/>', 'HTTP/1.1 500 Oops'))],
  ['locks of a status that cannot be read', listing(response(at, '<D:lockdiscovery/>', 'fine'))],
  ['locks of an empty status', listing(response(at, '<D:lockdiscovery/>', ''))],
  ['locks of a status of letters', listing(response(at, '<D:lockdiscovery/>', 'HTTP/1.1 abc OK'))],
  ['a time of letters', listing(response(at, activeLock('<D:timeout>soon</D:timeout>')))],
  [
    'a time of 10,000 digits',
    listing(response(at, activeLock(`<D:timeout>Second-${'9'.repeat(10_000)}</D:timeout>`))),
  ],
  ['a time below zero', listing(response(at, activeLock('<D:timeout>Second--5</D:timeout>')))],
  [
    'a token with a line break',
    listing(response(at, activeLock('<D:locktoken><D:href>a&#10;b</D:href></D:locktoken>'))),
  ],
  [
    'a token of 100 KB',
    listing(response(at, activeLock(`<D:locktoken><D:href>${'t'.repeat(100_000)}</D:href></D:locktoken>`))),
  ],
  ['an owner that is a link', listing(response(at, activeLock('<D:owner>[Ann](command:evil)</D:owner>')))],
  [
    'an owner with an icon and a bidi mark',
    listing(response(at, activeLock('<D:owner>$(key) \u202eAnn</D:owner>'))),
  ],
  ['an owner of 900 KB', listing(response(at, activeLock(`<D:owner>${'Ann '.repeat(220_000)}</D:owner>`)))],
  [
    'an owner of 10,000 addresses',
    listing(response(at, activeLock(`<D:owner>${'<D:href>mailto:a@b.c</D:href>'.repeat(10_000)}</D:owner>`))),
  ],
  ['10,000 locks', listing(response(at, lockdiscovery('<D:activelock/>'.repeat(10_000))))],
  ['a lock in a lock', listing(response(at, bare(activeLock())))],
];

const never2: readonly (readonly [string, string])[] = [
  ['no response', listing()],
  ['a response without an address', listing('<D:response></D:response>')],
  ['a response without a propstat', listing(`<D:response><D:href>${at}</D:href></D:response>`)],
  [
    'a response that is not there',
    listing(`<D:response><D:href>${at}</D:href><D:status>HTTP/1.1 404 No</D:status></D:response>`),
  ],
  [
    'a response that is locked',
    listing(`<D:response><D:href>${at}</D:href><D:status>HTTP/1.1 423 Locked</D:status></D:response>`),
  ],
  [
    'two other resources',
    listing(response('/a', '<D:lockdiscovery/>'), response('/b', '<D:lockdiscovery/>')),
  ],
  ['10,000 addresses of one', listing(`<D:response>${'<D:href>/x</D:href>'.repeat(10_000)}</D:response>`)],
];

const names: readonly string[] = [
  ...[
    '..',
    '.',
    '../x',
    '..%2Fx',
    '%2e%2e',
    '%2e%2e%2fx',
    'a%2Fb',
    'a%00b',
    '%',
    '%zz',
    '%ff',
    '%c3%28',
    '//evil.org/x',
  ],
  ...[
    'http://evil.org/docs/report.md/x',
    '[a](command:evil)',
    '%5Ba%5D(command:evil)',
    '$(key)',
    'a%0Ab',
    'a%E2%80%AEb',
  ],
  ...[
    '%F3%A0%80%81',
    '%ED%A0%80',
    '?q',
    '#f',
    'a?b#c',
    ' ',
    '%20',
    'con',
    'a&amp;b',
    '&#x202e;',
    '\u202e',
    'javascript:x',
  ],
  ...[
    'x'.repeat(20_000),
    '/'.repeat(5_000),
    '%2F'.repeat(5_000),
    'a/../../../etc',
    `${'a/'.repeat(3_000)}b`,
    '__proto__',
    'constructor',
  ],
  ...['%5d(https://evil.org)', '](file:///x)', 'a%7Fb', 'a%C2%85b', ''],
];

const writes: readonly (readonly [string, string])[] = [
  [
    'a 207 with a 423',
    multistatus(
      listing(`<D:response><D:href>${at}</D:href><D:status>HTTP/1.1 423 Locked</D:status></D:response>`),
    ),
  ],
  ['a 207 with nothing in it', multistatus(listing())],
  ['a 207 that is cut', multistatus(listing().slice(0, 50))],
  ['a 207 that is no XML', multistatus('saved')],
  ['a 200 with a page', ok('<html>Saved</html>', 'text/html')],
  ['a 202', status('202 Accepted')],
  ['a 203', status('203 Other')],
  ['a 206', status('206 Partial')],
  ['a 226', status('226 IM Used')],
  ['a 299', status('299 Fine')],
  ['a 304', 'HTTP/1.1 304 Not Modified\r\n\r\n'],
  ['a 600', status('600 What')],
  ['a 999', status('999 What')],
];

const locks: readonly (readonly [string, string])[] = [
  ['no token', ok('<D:prop xmlns:D="DAV:"/>')],
  ['nothing', status('200 OK')],
  ['a token with a line feed', `HTTP/1.1 200 OK\r\nLock-Token: <a b>\r\nContent-Length: 0\r\n\r\n`],
  ['an empty token', `HTTP/1.1 200 OK\r\nLock-Token: <>\r\nContent-Length: 0\r\n\r\n`],
  ['a token of 10 KB', `HTTP/1.1 200 OK\r\nLock-Token: <${'t'.repeat(10_000)}>\r\nContent-Length: 0\r\n\r\n`],
  ['two locks and no header', ok(`<D:prop xmlns:D="DAV:">${activeLock()}${activeLock()}</D:prop>`)],
  ['a page', ok('<html>ok</html>', 'text/html')],
  ['a 207', multistatus(listing(response(at, activeLock(), 'HTTP/1.1 424 Failed Dependency')))],
];

hostile('A server whose listing is odd', () => [
  ...never.map(([name, body]): HostileCase => ({
    name: `by ${name}`,
    answer: always(multistatus(body)),
    may: 'succeed',
    requests: 4,
  })),
  ...never2.map(([name, body]): HostileCase => ({
    name: `by ${name}, fails or knows nothing`,
    answer: always(multistatus(body)),
    may: 'succeed',
    requests: 4,
  })),
  {
    name: 'by no lock, is free',
    answer: always(multistatus(listing(response(at, '<D:lockdiscovery/>')))),
    may: 'be free',
  },
]);

hostile('A server whose names are odd', () =>
  names.flatMap((name, index): HostileCase[] => {
    const folder = response('/docs/report.md/', '<D:resourcetype><D:collection/></D:resourcetype>');
    const member = (href: string) => listing(folder, response(href, activeLock()));
    return [
      {
        name: `a member ${index}: ${JSON.stringify(name.slice(0, 30))}`,
        ask: 'list',
        answer: always(multistatus(member(`/docs/report.md/${name}`))),
        may: 'succeed',
        requests: 3,
      },
      {
        name: `an href ${index}: ${JSON.stringify(name.slice(0, 30))}`,
        ask: 'list',
        answer: always(multistatus(member(name))),
        may: 'succeed',
        requests: 3,
      },
    ];
  }),
);

hostile('A server that does not say that a change was made', () => [
  ...writes.flatMap(([name, answer]) =>
    (['write', 'remove', 'unlock'] as const).map((ask: Ask): HostileCase => ({
      name: `by ${name}, on ${ask}`,
      ask,
      // What is looked at afterwards is still there, with the lock on it.
      answer: ({ method }) => [
        method === 'PROPFIND' ? multistatus(listing(response(at, activeLock()))) : answer,
      ],
      ...(ask === 'unlock' && { may: 'succeed' as const }),
    })),
  ),
  ...locks.flatMap(([name, answer]) =>
    (['lock', 'refresh'] as const).map((ask: Ask): HostileCase => ({
      name: `by ${name}, on ${ask}`,
      ask,
      answer: ({ method }) => [
        method === 'PROPFIND' ? multistatus(listing(response(at, activeLock()))) : answer,
      ],
    })),
  ),
]);
