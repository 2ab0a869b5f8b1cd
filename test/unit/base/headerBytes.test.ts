import assert from 'node:assert/strict';
import { textOfBytes } from '../../../src/base/headerBytes';

describe('The text of a header', () => {
  const rows = [
    ['ASCII', 'Team', 'Team'],
    ['UTF-8', Buffer.from('Bäckerei Hafenstraße').toString('latin1'), 'Bäckerei Hafenstraße'],
    ['Latin-1', 'Bäckerei Hafenstraße', 'Bäckerei Hafenstraße'],
  ] as const;
  for (const [what, bytes, text] of rows)
    it(`is read as it was written, in ${what}`, () => assert.equal(textOfBytes(bytes), text));
});
