// A megabyte of any one character, or of a short pattern, costs every reader milliseconds: none is quadratic in it.
import assert from 'node:assert/strict';
import { pageText } from '../../../src/protocol/refusals/pageText';
import { readers, type Reader } from '../../support/protocol/readers';

const patterns = [
  ...['<', '>', '&', '"', "'", '=', ';', ',', ' ', '\n', '[', '{', '\\', '/', '%'],
  ...['<a>', '<!--', '<style>', '&amp;', 'a ,', 'a='],
];
const kilobyte = 1024;

/** Milliseconds of processor time, the least of a few tries: other work on the machine only ever adds. */
function cost(read: Reader, text: string, enough: number): number {
  let least = Infinity;
  for (let tries = 0; tries < 4 && least > enough; tries++) {
    const before = process.cpuUsage();
    read(text);
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

function repeated(pattern: string, size: number): string {
  return pattern.repeat(Math.ceil(size / pattern.length)).slice(0, size);
}

describe('One character a million times', function () {
  this.timeout(60_000);

  it('is nothing to the reader of a page, which reads no tag twice', () => {
    for (const pattern of patterns) {
      const ms = cost(pageText, repeated(pattern, 8 * kilobyte), 2);
      assert.ok(ms <= 8, `8 KB of ${JSON.stringify(pattern)} took ${ms} ms`);
    }
  });

  for (const [name, read] of Object.entries(readers)) {
    it(`is nothing to the reader of ${name}`, () => {
      for (const pattern of patterns) {
        const small = cost(read, repeated(pattern, 16 * kilobyte), 15);
        assert.ok(small <= 50, `16 KB of ${JSON.stringify(pattern)} took ${small} ms`);
        const whole = cost(read, repeated(pattern, 1024 * kilobyte), 50);
        if (whole <= 50) continue;
        // A slow machine is slow in both: four times as much is four times the work, and not sixteen.
        const quarter = cost(read, repeated(pattern, 256 * kilobyte), 0);
        assert.ok(
          whole <= 9 * quarter,
          `${JSON.stringify(pattern)}: ${quarter} ms, then ${whole} ms for four times as much`,
        );
      }
    });
  }
});
