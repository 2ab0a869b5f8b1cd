import assert from 'node:assert/strict';
import { withConnection, withoutServer } from '../../../../src/core/settings/connectionSetting';
import { resourceId, serverOf } from '../../../../src/core/model/resource';

const folder = resourceId('https://a.example/x/');
const fresh = { name: 'x', url: 'https://a.example/x/' };
/** What cannot be read, and all the same must not be lost. */
const odd = [{ url: 'https//typo', tls: { ca: 'PEM' } }, 5, null, { name: 'nothing' }];

describe('The list of connections, written back', () => {
  it('gets a new entry behind all that is there', () => {
    assert.deepEqual(withConnection(undefined, folder, fresh, { user: 'ann' }), [{ ...fresh, user: 'ann' }]);
    assert.deepEqual(withConnection(odd, folder, fresh, {}), [...odd, fresh]);
  });

  it('keeps what is set for a known folder, however its address is spelled', () => {
    const known = { url: 'HTTPS://A.example:443/x', auth: 'kerberos', extra: 1, tls: { ca: 'PEM' } };
    assert.deepEqual(withConnection([...odd, known], folder, fresh, { user: 'ann' }), [
      ...odd,
      { name: 'x', ...known, user: 'ann' },
    ]);
    const named = { ...known, name: 'Mine' };
    assert.deepEqual(withConnection([named], folder, fresh, {}), [named]);
  });

  it('loses the entries of one server and nothing else', () => {
    const others = [...odd, { url: 'https://b.example/' }, { url: 'http://a.example/' }];
    const mine = [{ url: 'https://a.example/' }, { url: 'https://a.example/x/', tls: 'odd' }];
    assert.deepEqual(withoutServer([...mine, ...others], serverOf(folder)), others);
  });

  it('is not written where nothing of it would change, or it is no list', () => {
    assert.equal(withoutServer(odd, serverOf(folder)), undefined);
    for (const value of ['https://a.example/', { url: 'https://a.example/' }]) {
      assert.equal(withConnection(value, folder, fresh, {}), undefined);
      assert.equal(withoutServer(value, serverOf(folder)), undefined);
    }
  });
});
