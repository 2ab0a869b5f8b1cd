import assert from 'node:assert/strict';
import { bodyMsOf, headersMsOf, wholeBodyMs } from '../../../../src/protocol/transport/sending/deadlines';
import { request } from './bench';

describe('the deadlines of a request', () => {
  const ask = (more: Parameters<typeof request>[1]) => request('https://dav.example', more);

  it('are half a minute to the headers and a minute for the body', () => {
    assert.deepEqual([headersMsOf(ask({})), bodyMsOf(ask({}))], [30_000, 60_000]);
  });

  it('leave an upload its time', () => {
    assert.equal(headersMsOf(ask({ body: new Uint8Array(32_000_000) })), 1_030_000);
    assert.equal(headersMsOf(ask({ body: 'x' })), 30_001);
  });

  it('are what the request says', () => {
    const said = ask({ headersMs: 5, bodyMs: 6, body: 'x'.repeat(1000) });
    assert.deepEqual([headersMsOf(said), bodyMsOf(said)], [5, 6]);
  });

  it('have an end for the whole of a body, later for a long file and for nothing else', () => {
    assert.equal(wholeBodyMs('PROPFIND', 60_000, 1 << 20), 180_000);
    assert.equal(wholeBodyMs('GET', 60_000, 0), 180_000);
    assert.equal(wholeBodyMs('GET', 60_000, 4_000_000), 1_180_000);
  });
});
