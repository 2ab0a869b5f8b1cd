import assert from 'node:assert/strict';
import fc from 'fast-check';
import { resolveHref } from '../../../../src/core/model/resource';
import { HrefReader } from '../../../../src/protocol/webdav/reading/href';
import { at } from './stage';

describe('the hrefs of one answer', () => {
  it('are read as each would be read alone', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '/',
        '//',
        '.',
        '..',
        '%2e',
        '%2F',
        '%20',
        '%C3%A9',
        '%c3%a9',
        '%',
        '%zz',
        '#',
        '?',
        '\\',
      ),
      fc.constantFrom('http://inner:8080', 'https://dav.example', '/d', '/d/', 'a', "b'(c)!*~", 'é', ' '),
      fc.integer({ min: 0, max: 255 }).map((code) => `%${code.toString(16).padStart(2, '0')}`),
      fc.integer({ min: 0, max: 127 }).map((code) => `%${code.toString(16).padStart(2, '0').toUpperCase()}`),
      fc.string({ unit: 'grapheme', maxLength: 3 }),
    );
    const href = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(fc.array(href, { maxLength: 5 }), (hrefs) => {
        const reader = new HrefReader(at('/d'));
        for (const text of hrefs) assert.equal(reader.resolve(text), resolveHref(at('/d'), text), text);
      }),
      { numRuns: 3000 },
    );
  });
});
