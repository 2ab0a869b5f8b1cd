import assert from 'node:assert/strict';
import fc from 'fast-check';
import { plain } from '../../../../src/editor/words/plainText';

// VS Code's own (base/common/linkedText.ts).
const links = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/gi;
const icons = /\$\([a-z0-9-]+(?:~[a-z]+)?\)/i;
const ours = '[Save When Free](command:a?b)';

/** Text as an attacker writes it: the parser's own characters, whole links, and anything else between them. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '[',
        ']',
        '(',
        ')',
        '$(',
        '\\',
        '`',
        '"',
        "'",
        ' ',
        '\n',
        '\r',
        '\0',
        '\u001b',
        '$',
        '\u200b',
      ),
      fc.constantFrom(
        '[x](command:evil)',
        '$(lock)',
        'command:x',
        'https://x/',
        '\u202e',
        '\u2066',
        '\ufeff',
      ),
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
      // Halves of surrogate pairs, as broken decoders leave them.
      fc.constantFrom('\ud83d', '\ude00'),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

describe('plain', () => {
  it('leaves harmless text as it is', () => {
    for (const text of [
      'Ann Lee',
      'Zoë Ångström',
      '山田 太郎',
      'ann@example.org',
      'a (b) {c} 100 $ <d> 👍🏽',
      'pages/[id].ts',
      '',
    ])
      assert.equal(plain(text), text);
  });

  it('makes one line of many', () => {
    assert.equal(plain('  Ann\r\n\tLee\u2028 \u00a0x\u0000y '), 'Ann Lee xy');
    assert.equal(plain('Ann \u0001 Lee'), 'Ann Lee');
  });

  it('takes out what hides or reorders text', () => {
    assert.equal(plain('a\u202eb\u2066c\u200bd\ufeffe\u00adf\u{e0041}g\u061ch'), 'abcdefgh');
  });

  it('keeps no link and no icon', () => {
    assert.equal(plain('[x](command:evil)'), '[x]\u200b(command:evil)');
    assert.equal(plain('a [b'), 'a (b', 'an open bracket would swallow the link that follows');
    assert.equal(
      plain('[a][command:x)'),
      '[a]\u200b(command:x)',
      'an open bracket made harmless is no link either',
    );
    assert.equal(plain('a [b]'), 'a [b]\u200b', 'a parenthesis may follow');
    assert.equal(plain('$(lock) a'), '$\u200b(lock) a');
    assert.equal(
      plain('$\u200b(lock)'),
      '$\u200b(lock)',
      'parts hidden by a zero-width space do not meet again',
    );
  });

  it('caps marks piled on one letter', () => {
    assert.equal(plain(`a${'\u0301'.repeat(50)}b`), `a${'\u0301'.repeat(4)}b`);
  });

  it('cuts long text at whole characters', () => {
    assert.equal(plain('abcdef', 6), 'abcdef');
    assert.equal(plain('abcdefg', 6), 'abcde…');
    assert.equal(plain('abcd efg', 6), 'abcd…');
    assert.equal(plain('👍👍👍👍', 3), '👍👍…');
    assert.equal(plain('a'.repeat(1_000_000), 6), 'aaaaa…');
  });

  it('lets no text start, end or stretch a link in a message', () => {
    fc.assert(
      fc.property(hostile, hostile, (name, path) => {
        const message = `Locked by ${plain(name)} until 14:32. ${ours} ${plain(path)}`;
        assert.deepEqual(
          [...message.matchAll(links)].map(([whole, label]) => [whole, label]),
          [[ours, 'Save When Free']],
        );
      }),
    );
  });

  it('lets no text be an icon, also not where two texts meet', () => {
    fc.assert(
      fc.property(hostile, hostile, (one, two) => {
        assert.doesNotMatch(`${plain(one)} · ${plain(two)}`, icons);
        assert.ok(!plain(one).includes('$('));
      }),
    );
  });

  it('gives one well-formed line without hidden characters, never longer than asked', () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 1, max: 60 }), (text, max) => {
        const shown = plain(text, max).replaceAll(/\u200b(?=\(|$)/g, '');
        assert.ok([...shown].length <= max);
        assert.doesNotMatch(shown, /[\p{Cc}\p{Cs}\p{Bidi_Control}\u200b-\u200f\u2060-\u206f]/u);
        assert.doesNotMatch(shown, /^\s|\s$|\s\s|[^\S ]/u);
      }),
    );
  });

  it('does no more when done twice', () => {
    fc.assert(fc.property(hostile, (text) => assert.equal(plain(plain(text)), plain(text))));
  });
});
