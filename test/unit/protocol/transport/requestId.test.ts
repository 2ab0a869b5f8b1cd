import assert from 'node:assert/strict';
import { requestIdOf } from '../../../../src/protocol/transport/requestId';

describe('the request id of an answer', () => {
  for (const name of [
    'x-request-id',
    'request-id',
    'x-correlation-id',
    'sprequestguid',
    'x-github-request-id',
  ]) {
    it(`is read from ${name}`, () => assert.equal(requestIdOf({ [name]: 'id-1' }), 'id-1'));
  }

  it('is printable ASCII of at most 80 characters', () => {
    assert.equal(requestIdOf({ 'x-request-id': ' a\u001b[31m\u202eb\u00e9 ' }), 'a[31mb');
    assert.equal(requestIdOf({ 'x-request-id': 'x'.repeat(100) }), 'x'.repeat(80));
  });

  it('is undefined where no header has one', () => {
    assert.equal(requestIdOf({ 'x-request-id': '\u0007', etag: '"1"' }), undefined);
  });
});
