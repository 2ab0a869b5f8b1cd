import {
  activeLock,
  always,
  hostile,
  listing,
  multistatus,
  ok,
  response,
  type HostileCase,
} from '../../../support/protocol/hostile';

const good = listing(response('/docs/report.md', '<D:lockdiscovery/>'));
const locked = listing(response('/docs/report.md', activeLock()));
const within = (prolog: string, inner: string) =>
  `${prolog}<D:multistatus xmlns:D="DAV:">${response('/docs/report.md', inner)}</D:multistatus>`;

const entities = Array.from({ length: 30 }, (_, i) => `<!ENTITY e${i + 1} "&e${i};&e${i};">`).join('');

/** None of these is a whole document that may be believed. */
const bad: readonly (readonly [string, string])[] = [
  ['a DOCTYPE', within('<!DOCTYPE D:multistatus>', '<D:lockdiscovery/>')],
  ['a billion laughs', within(`<!DOCTYPE a [<!ENTITY e0 "ha">${entities}]>`, '<D:getetag>&e30;</D:getetag>')],
  [
    'an external entity',
    within('<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>', '<D:getetag>&e;</D:getetag>'),
  ],
  [
    'a parameter entity',
    within('<!DOCTYPE a [<!ENTITY % e SYSTEM "http://127.0.0.1:9/x"> %e;]>', '<D:lockdiscovery/>'),
  ],
  ['an unknown entity', within('', '<D:getetag>&nbsp;</D:getetag>')],
  ['a character that XML forbids', within('', '<D:getetag>\u0001</D:getetag>')],
  ['a reference to a forbidden character', within('', '<D:getetag>&#0;</D:getetag>')],
  ['a reference beyond Unicode', within('', '<D:getetag>&#x110000;</D:getetag>')],
  ['a reference without an end', within('', '<D:getetag>&#x41</D:getetag>')],
  ['100 levels', within('', '<a>'.repeat(100) + '</a>'.repeat(100))],
  ['100,000 levels', within('', '<a>'.repeat(100_000) + '</a>'.repeat(100_000))],
  ['1,000 attributes', within('', `<a ${Array.from({ length: 1000 }, (_, i) => `a${i}="1"`).join(' ')}/>`)],
  ['an attribute twice', within('', '<a b="1" b="2"/>')],
  [
    '1,000 namespaces',
    within('', `<a ${Array.from({ length: 1000 }, (_, i) => `xmlns:a${i}="u:${i}"`).join(' ')}/>`),
  ],
  ['an undeclared prefix', within('', '<Z:lockdiscovery/>')],
  ['xmlns bound to something', within('', '<a xmlns:xmlns="x"/>')],
  ['a text of 2 MB', within('', `<D:getetag>${'a'.repeat(2 << 20)}</D:getetag>`)],
  ['a name of 2 MB', within('', `<${'a'.repeat(2 << 20)}/>`)],
  ['a comment of 2 MB', within('', `<!--${'a'.repeat(2 << 20)}-->`)],
  ['two roots', `${good}${good.replace(/^.*\?>/, '')}`],
  ['text after the root', `${good}free`],
  ['text before the root', `free${good}`],
  ['a declaration twice', `<?xml version="1.0"?>${good}`],
  ['a declaration in the middle', within('', '<?xml version="1.0"?>')],
  ['XML 1.1', good.replace('1.0', '1.1').replace('<D:lockdiscovery/>', '\u0001<D:lockdiscovery/>')],
  ['tags that overlap', within('', '<a><b></a></b>')],
  ['an end without a beginning', within('', '</a>')],
  ['no end of a tag', within('', '<a')],
  ['no end of a comment', within('', '<!-- <D:lockdiscovery/>')],
  ['two hyphens in a comment', within('', '<!-- a -- b -->')],
  ['no end of CDATA', within('', '<![CDATA[ <D:lockdiscovery/>')],
  ['an end of CDATA in text', within('', '<a>]]></a>')],
  ['no end of an instruction', within('', '<?php ')],
  ['an attribute without quotes', within('', '<a b=c/>')],
  ['a less-than sign in an attribute', within('', '<a b="<"/>')],
  ['HTML', '<html><body>Sign in<br></body></html>'],
  ['JSON', '{"locks":[]}'],
  ['nothing but blanks', ' \n '],
  ['nothing but a declaration', '<?xml version="1.0"?>'],
  ['another root', good.replaceAll('D:multistatus', 'D:error')],
  ['a root of no namespace', good.replace('xmlns:D="DAV:"', 'xmlns:D="dav:"')],
  ['an empty listing', listing()],
  ['a NUL at its end', `${good}\0`],
];

const coded = (bytes: Uint8Array, type: string) => ok(bytes, type, '207 Multi-Status');
const utf16 = Buffer.from(`\ufeff${good}`, 'utf16le');

hostile('A server whose XML is not what it should be', () => [
  ...bad.map(([name, body]): HostileCase => ({
    name: `by ${name}`,
    answer: always(multistatus(body)),
    kinds: ['badAnswer'],
    requests: 2,
  })),
  // Cut anywhere, a listing with a lock in it is no listing.
  ...Array.from({ length: 40 }, (_, index) => Math.floor(((index + 1) * locked.length) / 42)).map(
    (length): HostileCase => ({
      name: `by an end after ${length} characters`,
      answer: always(multistatus(locked.slice(0, length))),
      kinds: ['badAnswer'],
      requests: 2,
    }),
  ),
]);

hostile('A server whose encoding is not what it says', () => [
  ...(
    [
      [
        'bytes that are no UTF-8',
        Buffer.concat([
          Buffer.from(good.slice(0, 60)),
          Buffer.from([0xc3, 0x28]),
          Buffer.from(good.slice(60)),
        ]),
        'application/xml; charset=utf-8',
      ],
      [
        'half a character at the end',
        Buffer.concat([Buffer.from(good), Buffer.from([0xe2, 0x82])]),
        'application/xml',
      ],
      [
        'an overlong slash',
        Buffer.concat([
          Buffer.from(good.slice(0, 60)),
          Buffer.from([0xc0, 0xaf]),
          Buffer.from(good.slice(60)),
        ]),
        'application/xml',
      ],
      ['an unknown charset', Buffer.from(good), 'application/xml; charset=x-klingon'],
      ['a charset of 10,000 letters', Buffer.from(good), `application/xml; charset=${'x'.repeat(10_000)}`],
      [
        'UTF-16 that it calls UTF-8 without a mark',
        Buffer.from(good, 'utf16le').subarray(1),
        'application/xml; charset=utf-8',
      ],
      ['UTF-16 that is ASCII', Buffer.from(good), 'application/xml; charset=utf-16'],
      ['an odd number of bytes in UTF-16', utf16.subarray(0, -1), 'application/xml'],
      [
        'a declared charset that is not known',
        Buffer.from(good.replace('utf-8', 'x-none')),
        'application/xml',
      ],
      ['UTF-7 that is called so', Buffer.from('+ADw-a/+AD4-'), 'application/xml; charset=utf-7'],
    ] as const
  ).map(([name, bytes, type]): HostileCase => ({
    name: `by ${name}`,
    answer: always(coded(bytes, type)),
    kinds: ['badAnswer'],
    requests: 2,
  })),
  {
    name: 'but right in UTF-16 with a mark',
    answer: always(coded(utf16, 'application/xml')),
    may: 'be free',
  },
  {
    name: 'but right in Latin-1',
    answer: always(coded(Buffer.from(good), 'text/xml; charset=ISO-8859-1')),
    may: 'be free',
  },
]);
