import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { lockIdOf } from '../../../../src/protocol/webdav/token';
import { activeLock, at, discovery, found, multistatus, Stage } from './stage';

describe('the tokens of others', () => {
  it('are read afresh, and are secrets', async () => {
    const locks = [activeLock({ token: 'urn:1' }), activeLock({}), activeLock({ token: 'not to be sent' })];
    const stage = new Stage(multistatus(found('/a.txt', discovery(...locks))));
    const listed = await stage.server.listedTokens(at('/a.txt'));
    assert.deepEqual(
      listed.map(({ id, token }) => [id, token.reveal()]),
      [[lockIdOf('urn:1'), 'urn:1']],
    );
    assert.doesNotMatch(inspect(listed, { depth: 5 }) + JSON.stringify(listed), /urn:1/);
  });
});
