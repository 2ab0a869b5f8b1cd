import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { XmlScanner } from '../../../../src/protocol/xml/scanner';
import { GuardedParser, XmlError, type XmlSink } from '../../../../src/protocol/xml/xml';

type Parser = Pick<GuardedParser, 'write' | 'end'>;

/** All that is told of a document cut into pieces of a size, and whether it was accepted. */
function told(make: (sink: XmlSink) => Parser, document: string, size: number): [string, boolean] {
  let story = '';
  const parser = make({
    open: (namespace, local) => (story += `<{${namespace}}${local}>`),
    text: (text) => (story += text),
    close: () => (story += '</>'),
  });
  try {
    for (let at = 0; at < document.length; at += size) parser.write(document.slice(at, at + size));
    parser.end();
    return [story, true];
  } catch (error) {
    assert.ok(error instanceof XmlError, String(error));
    return [story, false];
  }
}

/** The scanner must accept just what the conforming parser accepts, and tell the same of it. */
function same(document: string, size = document.length || 1): void {
  const [expected, isAccepted] = told((sink) => new GuardedParser(sink), document, document.length || 1);
  const [story, accepted] = told((sink) => new XmlScanner(sink), document, size);
  assert.equal(accepted, isAccepted, `${JSON.stringify(document)} in pieces of ${size}`);
  if (isAccepted) assert.equal(story, expected);
}

const documents = [
  '<a/>',
  '<a></a>',
  ' \n<a ></a\n>\r\n ',
  '<?xml version="1.0" encoding="utf-8"?>\n<D:a xmlns:D="DAV:"><D:b>x</D:b></D:a>\n',
  "<?xml version='1.0'?><a xmlns='u' xmlns:p='v'><p:b/><c xmlns=\"w\"><d/></c><e/></a>",
  '<a>1 &lt; 2 &amp;&amp; 3 &#x3e; 2 &quot;&apos;</a>',
  '<a>line\r\nline\rline\n</a>',
  '<a><!-- b --><b><![CDATA[<c>]]></b><?pi x?></a>',
  '<a b="1" xmlns:c="d" c:e="f"><c:g/></a>',
  '<é>ü</é>',
  '<a>]]&gt; 😀 \u007f</a>',
  '<a><b xmlns:x="1"><x:c/></b><b xmlns:x="2"><x:c/></b></a>',
  '<a/><!-- rest --> <?pi?>',
  '<!-- first --><a/>',
  '<xml/>',
  '<a xmlns="http://www.w3.org/1999/xhtml"/>',
];

const broken = [
  '',
  ' ',
  'x',
  '<a>',
  '</a>',
  '<a></b>',
  '<a/><b/>',
  '<a/>x',
  '<a/></a>',
  'x<a/>',
  '\n<?xml version="1.0"?><a/>',
  '<?xml version="1.0"?><?xml version="1.0"?><a/>',
  '<?xml version="1.0"?>',
  '<p:a/>',
  '<a xmlns:p=""/>',
  '<a xmlns:p="1" xmlns:p="2"/>',
  '<a xmlns:xml="1"/>',
  '<a xmlns:xmlns="1"/>',
  '<a xmlns:q="http://www.w3.org/2000/xmlns/"/>',
  '<xmlns:a/>',
  '<a:b:c xmlns:a="1"/>',
  '<a>&nbsp;</a>',
  '<a>& </a>',
  '<a>&#0;</a>',
  '<a>]]></a>',
  '<a>\u0001</a>',
  '<a>\ufffe</a>',
  '<a><</a>',
  '<a b></a>',
  '<a xmlns:b="1"xmlns:c="2"/>',
  '<a>x</a >y',
  '<1/>',
  '< a/>',
  '<a/ >',
  '<a><p:b xmlns:p="1"/><p:c/></a>',
  '<!DOCTYPE a><a/>',
  '<a'.repeat(100),
  '<a>'.repeat(65) + '</a>'.repeat(65),
];

describe('the scanner', () => {
  it('tells of documents what the parser tells, in pieces of any size', () => {
    for (const document of documents)
      for (const size of [1, 2, 3, 5, 1000]) {
        same(document, size);
        assert.ok(told((sink) => new XmlScanner(sink), document, size)[1], document);
      }
  });

  it('accepts nothing that the parser does not', () => {
    for (const document of broken)
      for (const size of [1, 2, 1000]) {
        same(document, size);
        assert.ok(!told((sink) => new XmlScanner(sink), document, size)[1], document);
      }
  });

  it('agrees with the parser on every document made of the pieces of documents', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '<a>',
        '</a>',
        '<b/>',
        '<p:c>',
        '</p:c>',
        '<a xmlns:p="u">',
        '<d xmlns="v" xmlns:p=\'w\'>',
        '</d>',
      ),
      fc.constantFrom(
        'text',
        ' ',
        '\r\n',
        '&amp;',
        '&',
        '&#65;',
        ']]>',
        '<!-- x -->',
        '<![CDATA[y]]>',
        '<?z?>',
      ),
      fc.constantFrom(
        '<',
        '>',
        '/',
        '"',
        '=',
        '<?xml version="1.0"?>',
        'xmlns:p=""',
        '\u0000',
        'é',
        '</a',
        '<a ',
      ),
    );
    const body = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
    const document = fc.oneof(
      body,
      body.map((inner) => `<a xmlns:p="u">${inner}</a>`),
    );
    fc.assert(
      fc.property(document, fc.integer({ min: 1, max: 40 }), (text, size) => same(text, size)),
      { numRuns: 2000 },
    );
  });

  it('agrees with the parser on documents with a few characters changed', () => {
    const edit = fc.record({ at: fc.nat(300), drop: fc.nat(4), put: fc.string({ maxLength: 3 }) });
    fc.assert(
      fc.property(
        fc.constantFrom(...documents),
        fc.array(edit, { minLength: 1, maxLength: 3 }),
        (text, edits) => {
          const changed = edits.reduce((before, { at, drop, put }) => {
            const place = at % (before.length + 1);
            return before.slice(0, place) + put + before.slice(place + drop);
          }, text);
          same(changed, 7);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('agrees with the parser on documents whose entries are alike, but not quite', () => {
    const value = fc.constantFrom(
      '1',
      'two',
      '',
      ' ',
      '\r',
      '\r\n',
      '&amp;',
      'é',
      '\ud83d\ude00',
      '<![CDATA[x]]>',
      '&#65;',
    );
    const between = fc.constantFrom('', '', '\n', '\r', '\r\n', ' ');
    const shape = fc.array(
      fc.constantFrom('a', 'b', 'p:c', 'a xmlns:q="v"', 'b/', 'p:c/', 'a xmlns="w"', 'p:c xmlns:p="z"'),
      { minLength: 1, maxLength: 5 },
    );
    const entry = (names: readonly string[], values: readonly string[], gap: string) =>
      names
        .map((name, at) => {
          const end = name.endsWith('/') ? '' : `</${name.split(' ')[0]}>`;
          return `<${name}>${end === '' ? '' : `${values[at] ?? ''}<a>${values[at + 1] ?? ''}</a>${gap}`}${end}${gap}`;
        })
        .join('');
    const entries = fc
      .tuple(
        fc.array(shape, { minLength: 1, maxLength: 2 }),
        fc.array(fc.tuple(fc.nat(1), fc.array(value, { maxLength: 6 }), between), { maxLength: 14 }),
      )
      .map(([shapes, all]) =>
        all.map(([which, values, gap]) => entry(shapes[which % shapes.length] ?? [], values, gap)).join(''),
      );
    const root = fc.constantFrom('a', 'p:c xmlns:p="u"', 'b');
    const document = fc
      .tuple(root, entries, fc.constantFrom('', '', '<a>', '</b>', '</a><a>'))
      .map(([name, inner, extra]) => {
        const declared = name.includes('xmlns') ? name : `${name} xmlns:p="u"`;
        return [
          `<${declared}>${inner}${extra}</${name.split(' ')[0]}>`,
          `<${name}>${inner.replaceAll('p:c', 'b')}${extra}</${name.split(' ')[0]}>`,
        ];
      });
    fc.assert(
      fc.property(document, fc.integer({ min: 1, max: 60 }), (texts, size) => {
        for (const text of texts) {
          same(text, size);
          same(text);
        }
      }),
      { numRuns: 1_500 },
    );
  });

  it('tells the end of the root, and nothing of it beforehand', () => {
    same('<a><a>x</a>y</a>');
    same('<a><a>t</a><b>t</b>t</a><b>t</b >');
    same('<r xmlns="u"><y>2</y>\r<y>3</y>\r<y>4</y>\r\n</r>');
    same(`${'<a>'.repeat(64)}<b/>${'</a>'.repeat(64)}`);
    same(`${'<a>'.repeat(63)}<b/>${'</a>'.repeat(63)}`);
  });

  it('has a limit for what has no end', () => {
    for (const endless of ['<a>x', '<a b="', '<!-- ', '<a><![CDATA[']) {
      const parser = new XmlScanner({ open: () => {}, text: () => {}, close: () => {} });
      assert.throws(() => {
        parser.write(endless);
        for (let n = 0; n < 200; n++) parser.write('y'.repeat(16 * 1024));
      }, XmlError);
    }
  });

  it('keeps nothing of tags that differ from one to the next', () => {
    const prefixes = (level: number) =>
      Array.from({ length: 60 }, (_, n) => ` xmlns:q${level}_${n}="u"`).join('');
    const documents = {
      declaring: {
        before: Array.from({ length: 50 }, (_, level) => `<x${prefixes(level)}>`).join(''),
        tag: (n: number) => `<b xmlns:z="v${n}"/>`,
      },
      nested: {
        before: `<x${prefixes(0)}>`,
        tag: (n: number) => `<b xmlns:z="${n >> 8}"><b xmlns:y="${n}"/></b>`,
      },
      named: { before: '<x>', tag: (n: number) => `<a-name-that-is-long-enough-to-be-one-of-its-own-${n}/>` },
      long: { before: '<x>', tag: (n: number) => `<b xmlns="${n}${'u'.repeat(20_000)}"/>` },
    };
    for (const [name, { before, tag }] of Object.entries(documents)) {
      const scanner = new XmlScanner({ open: () => {}, text: () => {}, close: () => {} });
      const empty = heapMegabytes();
      scanner.write(before);
      const most = name === 'long' ? 3_000 : 20_000;
      for (let n = 0; n < most; n += 100)
        scanner.write(Array.from({ length: 100 }, (_, index) => tag(n + index)).join(''));
      const kept = heapMegabytes() - empty;
      // The scanner is still at work: what it holds counts.
      scanner.write('<last/>');
      assert.ok(kept < 12, `${name}: ${Math.round(kept)} MB`);
    }
  });
});

function heapMegabytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed / 1e6;
}
