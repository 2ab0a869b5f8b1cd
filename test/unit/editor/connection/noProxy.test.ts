import assert from 'node:assert/strict';
import { isExempt } from '../../../../src/editor/connection/noProxy';

describe('http.noProxy', () => {
  const host = 'https://dav.example.org';
  const rows: readonly (readonly [string, string, boolean])[] = [
    ['example.org', host, true],
    ['.example.org', host, true],
    ['*.Example.org ', host, true],
    ['dav.example.org', host, true],
    ['xample.org', host, false],
    ['*', host, true],
    ['', host, false],
    ['.', host, false],
    ['example.org:443', host, true],
    ['example.org:8443', host, false],
    ['example.org:8443', 'https://dav.example.org:8443', true],
    ['example.org:80', 'http://dav.example.org', true],
    ['10.0.0.0/8', 'http://10.1.2.3', true],
    ['10.0.0.0/8', 'http://11.1.2.3', false],
    ['10.0.0.0/8:81', 'http://10.1.2.3', false],
    ['10.0.0.0/33', 'http://10.1.2.3', false],
    ['10.0.0.0/', 'http://10.0.0.0', false],
    ['0.0.0.0/0', 'http://10.1.2.3', true],
    ['0.0.0.0/0', host, false],
    ['10.1.2.3', 'http://10.1.2.3', true],
    ['10.1.2.3:81', 'http://10.1.2.3', false],
    ['2.3', 'http://10.1.2.3', false],
    ['fd00::/8', 'http://[fd12::1]', true],
    ['fd00::/8', 'http://[fe12::1]', false],
    ['fd12::1', 'http://[fd12:0::1]', true],
    ['[fd12::1]:8080', 'http://[fd12::1]:8080', true],
    ['[fd12::1]:8080', 'http://[fd12::1]', false],
    ['a:b:c', host, false],
  ];
  for (const [rule, origin, expected] of rows) {
    it(`"${rule}" ${expected ? 'exempts' : 'does not exempt'} ${origin}`, () => {
      assert.equal(isExempt([rule], origin), expected);
      assert.equal(isExempt(['other.example', rule], origin), expected);
    });
  }
});
