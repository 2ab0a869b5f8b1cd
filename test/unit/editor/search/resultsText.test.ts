import assert from 'node:assert/strict';
import { fileText, headOf } from '../../../../src/editor/search/resultsText';

describe('Search results as text', () => {
  it('have the head of a search editor', () => {
    const request = {
      text: 'a\\b\nc',
      isRegex: true,
      matchCase: true,
      wholeWord: false,
      include: '*.ts',
      exclude: '',
    };
    assert.equal(headOf(request), '# Query: a\\\\b\\nc\n# Flags: CaseSensitive RegExp\n# Including: *.ts');
  });

  it('have a line with the file, then its lines with their numbers', () => {
    const lines = [
      { line: 8, text: 'one' },
      { line: 99, text: '  two' },
    ];
    assert.equal(fileText('src/a.ts', lines), 'src/a.ts:\n    9: one\n  100:   two');
  });

  it('name no place on this computer, whatever a file is called', () => {
    for (const name of ['~/x', '(Settings) x', ' x', '\\x', 'C:x', 'file:x'])
      assert.equal(fileText(name, []), `./${name}:`);
  });
});
