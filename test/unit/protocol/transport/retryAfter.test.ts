import assert from 'node:assert/strict';
import { retryAfterMs } from '../../../../src/protocol/transport/failures/retryAfter';

const minutes15 = 900_000;
const date = 'Sun, 22 Nov 2026 10:00:00 GMT';

describe('Retry-After', () => {
  const rows: readonly (readonly [string, number | undefined])[] = [
    ['0', 0],
    ['7', 7000],
    [' 7 ', 7000],
    ['1.5', 1500],
    ['900', minutes15],
    ['901', minutes15],
    ['99999999999999999999', minutes15],
    ['-5', undefined],
    ['', undefined],
    ['soon', undefined],
    ['0x10', undefined],
    ['Sun, 22 Nov 2026 10:00:30 GMT', 30_000],
    ['Sunday, 22-Nov-26 10:00:30 GMT', 30_000],
    ['Sun Nov 22 10:00:30 2026 GMT', 30_000],
    ['Sun, 22 Nov 2026 09:59:30 GMT', 0],
    ['Mon, 23 Nov 2026 10:00:00 GMT', minutes15],
  ];
  for (const [value, expected] of rows) {
    it(`${JSON.stringify(value)} is ${expected}`, () => {
      assert.equal(retryAfterMs({ 'retry-after': value, date }), expected);
    });
  }

  it('is undefined where there is none', () => {
    assert.equal(retryAfterMs({ date }), undefined);
  });

  it('goes by the clock here where the answer has no date that can be read', () => {
    const past = new Date(0).toUTCString();
    assert.equal(retryAfterMs({ 'retry-after': past }), 0);
    assert.equal(retryAfterMs({ 'retry-after': past, date: 'today' }), 0);
    assert.equal(retryAfterMs({ 'retry-after': 'Fri, 01 Jan 2500 00:00:00 GMT' }), minutes15);
  });
});
