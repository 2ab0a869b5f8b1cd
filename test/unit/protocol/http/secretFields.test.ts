// A lock's id in a refusal's excerpt: whoever reads a copied report could end the lock with it.
import assert from 'node:assert/strict';
import type { Endpoint } from '../../../../src/core/model/endpoint';
import { secretFieldsOf } from '../../../../src/protocol/http/secretFields';
import { readRefusal } from '../../../../src/protocol/refusals/read';
import { file } from '../../../support/core/files';

const url = '{url}/lock';
const endpoint: Endpoint = {
  files: {},
  locks: {
    status: { url, id: { kind: 'pointer', pointer: '/lock/key' } },
    lock: { url, id: { kind: 'pointer', pointer: '/held~1as' } },
  },
};

describe('The fields of a lock’s id', () => {
  it('are named by the mapping', () => {
    assert.deepEqual([...secretFieldsOf([endpoint])], ['key', 'held/as']);
    assert.deepEqual([...secretFieldsOf([])], []);
  });

  it('are not in the excerpt of a refusal, however deep', () => {
    const body = JSON.stringify({
      message: 'Locked',
      locks: [{ key: 'k-123', owner: { 'held/as': 'k-456' } }],
    });
    const headers = { 'content-type': 'application/json' };
    const refused = { status: 409, method: 'PUT', resource: file('a'), headers, body };
    const { excerpt = '' } = readRefusal(refused, secretFieldsOf([endpoint]));
    assert.match(excerpt, /Locked/);
    assert.doesNotMatch(excerpt, /k-\d/);
    assert.match(readRefusal(refused).excerpt ?? '', /k-123/, 'without a mapping nobody knows');
  });
});
