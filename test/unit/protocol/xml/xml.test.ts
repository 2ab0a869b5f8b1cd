import assert from 'node:assert/strict';
import { DocumentDecoder } from '../../../../src/protocol/xml/encoding';
import { maxDepth, XmlError, type XmlSink } from '../../../../src/protocol/xml/xml';
import { parseXml } from '../../../../src/protocol/xml/xmlStream';

class Told implements XmlSink {
  readonly names: string[] = [];
  all = '';

  open(namespace: string, local: string): void {
    this.names.push(`{${namespace}}${local}`);
  }

  text(text: string): void {
    this.all += text;
  }

  close(): void {
    this.names.push('/');
  }
}

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

async function parsed(body: string | Uint8Array, charset?: string, size = 1000): Promise<Told> {
  const told = new Told();
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  await parseXml(pieces(bytes, size), told, charset);
  return told;
}

const refused = (body: string | Uint8Array, charset?: string) =>
  assert.rejects(parsed(body, charset), XmlError);

describe('guarded XML', () => {
  it('tells names with their namespaces, whatever the prefix, and text with entities and CDATA', async () => {
    const told = await parsed(
      '<x:a xmlns:x="DAV:"><b xmlns="urn:b">1 &amp; &#50;</b><x:c><![CDATA[<3>]]></x:c></x:a>',
    );
    assert.deepEqual(told.names, ['{DAV:}a', '{urn:b}b', '/', '{DAV:}c', '/', '/']);
    assert.equal(told.all, '1 & 2<3>');
  });

  it('reads the same whatever the pieces it comes in', async () => {
    const body = '<a>grün € 😀 <b/></a>';
    for (const size of [1, 2, 3, 7, 1000])
      assert.equal((await parsed(body, undefined, size)).all, 'grün € 😀 ');
  });

  it('accepts nothing but one whole document', async () => {
    await refused('');
    await refused('<a>');
    await refused('<a><b></a>');
    await refused('<a/><b/>');
    await refused('<a/>rest');
    await refused('{"a":1}');
    await refused('<a b="1" b="2"/>');
    await refused('<a>&nbsp;</a>');
  });

  it('refuses what could be used to wear it out', async () => {
    await refused('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>');
    await refused('<a>'.repeat(maxDepth + 1) + '</a>'.repeat(maxDepth + 1));
    await refused(`<a ${Array.from({ length: 100 }, (_, n) => `b${n}="1"`).join(' ')}/>`);
    await refused(`<a>${'x'.repeat(3 << 20)}</a>`);
    await refused(`<a><!--${'x'.repeat(3 << 20)}--></a>`);
  });

  it('refuses prefixes that were never declared', () => refused('<D:error><DAV:x/></D:error>'));

  it('decodes what the declaration says, then what Content-Type says, then what a mark says', async () => {
    const latin = Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>gr\xfcn</a>', 'latin1');
    assert.equal((await parsed(latin)).all, 'grün');
    assert.equal((await parsed(Buffer.from('<a>gr\xfcn</a>', 'latin1'), 'iso-8859-1')).all, 'grün');
    const marked = Buffer.from('\ufeff<?xml version="1.0" encoding="utf-16"?><a>grün</a>', 'utf16le');
    assert.equal((await parsed(marked, 'utf-8')).all, 'grün');
    assert.equal((await parsed(Buffer.from('<a>grün</a>', 'utf16le').swap16())).all, 'grün');
    assert.equal((await parsed('\ufeff<a>grün</a>')).all, 'grün');
  });

  it('takes only the first character for a mark, whatever came before and in whatever pieces', () => {
    const pieces = (...texts: string[]) => {
      const all = texts.map((text) => Buffer.from(text));
      const decoder = new DocumentDecoder(Buffer.concat(all).subarray(0, 128), undefined);
      return all.map((bytes) => decoder.write(bytes)).join('') + decoder.end();
    };
    assert.equal(pieces('<a>', '\ufeffplan', '\ufeff', '</a>'), '<a>\ufeffplan\ufeff</a>');
    assert.equal(pieces('', '\ufeff<a>', '\ufeff</a>'), '<a>\ufeff</a>');
    assert.equal(pieces('\ufeff\ufeff<a/>'), '\ufeff<a/>');
    const decoder = new DocumentDecoder(Buffer.from('<a>'), 'utf-8');
    const bytes = [...Buffer.from('<a>h\u00e9 \ufeff</a>')].map((byte) => decoder.write(Uint8Array.of(byte)));
    assert.equal(bytes.join('') + decoder.end(), '<a>h\u00e9 \ufeff</a>');
  });

  it('refuses bytes that are not in their encoding, and encodings that are unknown', async () => {
    await refused(Buffer.from('<a>gr\xfcn</a>', 'latin1'));
    await refused(new TextEncoder().encode('<a>é</a>').subarray(0, 4));
    await refused('<a/>', 'x-nobody-knows');
  });

  it('lets other work run while it reads', async () => {
    const body = `<a>${'<b>text</b>'.repeat(200_000)}</a>`;
    let turns = 0;
    let ended = false;
    const turn = () => {
      turns++;
      if (!ended) setImmediate(turn);
    };
    setImmediate(turn);
    await parsed(body, undefined, body.length);
    ended = true;
    assert.ok(turns > 5, `${turns} turns`);
  });

  it('hands on a failure of its source as it is', async () => {
    const failure = new Error('gone');
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(new TextEncoder().encode('<a>'));
      throw failure;
    }
    await assert.rejects(parseXml(broken(), new Told()), (error) => error === failure);
  });
});
