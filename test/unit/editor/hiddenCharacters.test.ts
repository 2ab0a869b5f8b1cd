import assert from 'node:assert/strict';
import fc from 'fast-check';
import { realName, shownName } from '../../../src/editor/hiddenCharacters';

describe('Invisible characters in a name', () => {
  it('are shown as their codes', () => {
    const names: readonly (readonly [string, string])[] = [
      ['gpj.\u202Eexe', 'gpj.%E2%80%AEexe'],
      ['a\u200Bb', 'a%E2%80%8Bb'],
      ['a\u00ADb', 'a%C2%ADb'],
      ['a\uFE0Fb', 'a%EF%B8%8Fb'],
      ['\u{E0041}', '%F3%A0%81%81'],
    ];
    for (const [name, shown] of names) assert.equal(shownName(name), shown);
  });

  it('stay where they make one emoji of several characters', () => {
    for (const name of ['❤\uFE0F.md', '👨\u200D👩\u200D👧.txt', '👩🏽\u200D🔬.txt'])
      assert.equal(shownName(name), name);
  });

  it('never make two names look alike: a name that has such a code itself is shown with another', () => {
    assert.equal(shownName('%E2%80%AE'), '%25E2%80%AE');
    assert.equal(shownName('%25E2%80%AE'), '%2525E2%80%AE');
    for (const name of ['100%', '50%25', '%E9', '%C3%A9', '%e2%80%ae', '%', '%25', 'a%2Fb'])
      assert.equal(shownName(name), name);
  });

  it('lead back to the same name, whatever the name is', () => {
    const piece = fc.constantFrom(
      ...['%', '25', '%25', 'E2', '%E2%80%AE', '%C2%AD', '%80', '\u202E', '\u00AD', '\u200D', '\uFE0F'],
      ...['❤', '👩', '🏽', 'a', '\u{E0041}', '%F3%A0%81%81', 'é', '%C3'],
    );
    const names = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(fc.oneof(names, fc.string({ unit: 'binary' })), (name) => {
        assert.equal(realName(shownName(name)), name);
        assert.equal(shownName(realName(shownName(name))), shownName(name));
      }),
      { numRuns: 20_000 },
    );
  });
});
