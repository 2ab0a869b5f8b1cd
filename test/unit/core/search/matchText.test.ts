import assert from 'node:assert/strict';
import { decodeText } from '../../../../src/core/search/decodeText';
import { TextMatcher } from '../../../../src/core/search/matchText';
import type { TextQuery } from '../../../../src/core/search/textQuery';
import { withinLimit } from '../../../../src/editor/search/timeLimit';
import { bytesOf } from '../../../support/core/files';

const plainQuery: TextQuery = { text: '', isRegex: false, matchCase: false, wholeWord: false };
const pause = () => Promise.resolve();
/** What is found is no matter of time: on a busy machine, the limit itself would decide. */
const unlimited = { withinLimit: <T>(run: () => T) => ({ value: run() }), pause };

async function found(text: string, query: Partial<TextQuery>, max = 100) {
  const { lines, matches } = await new TextMatcher({ ...plainQuery, ...query }, unlimited).match(text, max);
  return [matches, ...lines.map(({ line, text: shown }) => `${line}: ${shown}`)];
}

describe('Searching in a text', () => {
  it('finds plain text in any case, each line once', async () => {
    assert.deepEqual(await found('a.b\nnone\nA.B a.b\n', { text: 'a.b' }), [3, '0: a.b', '2: A.B a.b']);
    assert.deepEqual(await found('a.b A.B axb', { text: 'a.b', matchCase: true }), [1, '0: a.b A.B axb']);
  });

  it('takes every special character of plain text for itself', async () => {
    const text = '^$.*+?()[]{}|\\/-#';
    assert.deepEqual(await found(`x${text}x`, { text }), [1, `0: x${text}x`]);
  });

  it('finds whole words of any language', async () => {
    assert.deepEqual(await found('über überall\n', { text: 'über', wholeWord: true }), [
      1,
      '0: über überall',
    ]);
    assert.deepEqual(await found('a-b ab\n', { text: 'a|b', isRegex: true, wholeWord: true }), [
      2,
      '0: a-b ab',
    ]);
  });

  it('finds expressions line by line, with ends of lines', async () => {
    assert.deepEqual(await found('one\ntwo\n', { text: '^t.*o$', isRegex: true }), [1, '1: two']);
    assert.deepEqual(await found('one\n\n\ntwo\n', { text: 'e\\s+t', isRegex: true }), [0]);
    assert.deepEqual(await found('one\ntwo\n', { text: 'e\\nt', isRegex: true }), [1, '0: one']);
    assert.deepEqual(await found('a\nb\n', { text: 'x*', isRegex: true }), [0], 'an empty match is none');
    assert.deepEqual(await found('a-b', { text: 'a\\-b', isRegex: true }), [1, '0: a-b']);
  });

  it('ends at the most matches, and shortens a long line around the first of them', async () => {
    assert.equal((await found('a\n'.repeat(50), { text: 'a' }, 10))[0], 10);
    const [, line = ''] = await found(`${'x'.repeat(5_000)}needle${'y'.repeat(5_000)}`, { text: 'needle' });
    assert.match(String(line), /^0: …x{100}needley+…$/);
  });

  it('counts lines across slices of a large text', async () => {
    const text = `${'a line of some length\n'.repeat(60_000)}needle\n`;
    assert.deepEqual(await found(text, { text: 'needle' }), [1, '60000: needle']);
    assert.deepEqual(await found(text, { text: 'need.e', isRegex: true }), [1, '60000: needle']);
  });

  it('gives up an expression that would run for ever', async () => {
    const matcher = new TextMatcher(
      { ...plainQuery, text: '^(a+)+$', isRegex: true },
      { withinLimit, pause },
    );
    const start = performance.now();
    const { tooSlow } = await matcher.match(`${'a'.repeat(40)}b`, 10);
    assert.equal(tooSlow, true);
    assert.ok(performance.now() - start < 5_000);
  });

  it('says of an invalid expression that it is one', () => {
    assert.throws(() => new TextMatcher({ ...plainQuery, text: '(', isRegex: true }, unlimited), SyntaxError);
  });
});

describe('Reading a text', () => {
  it('knows UTF-8, UTF-16 by its mark, and binary files', () => {
    assert.equal(decodeText(bytesOf('ü\r\nb\rc')), 'ü\nb\nc');
    assert.equal(decodeText(new Uint8Array([0xff, 0xfe, 0x61, 0, 0x0a, 0])), 'a\n');
    assert.equal(decodeText(new Uint8Array([0xfe, 0xff, 0, 0x61])), 'a');
    assert.equal(decodeText(new Uint8Array([0x50, 0x4b, 0, 1])), undefined);
  });
});
