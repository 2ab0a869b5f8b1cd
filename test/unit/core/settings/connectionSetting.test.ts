import assert from 'node:assert/strict';
import {
  readConnections,
  trustIn,
  withConnection,
  withoutFolder,
  withoutServer,
  withTrust,
} from '../../../../src/core/settings/connectionSetting';
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

describe('Trust in a server', () => {
  const read = (value: unknown) => readConnections(value, () => undefined) ?? [];
  const two = [{ url: 'https://a.example/' }, { url: 'https://a.example/x/', user: 'ann' }];

  it('is written to all entries of the server, and to no other', () => {
    const other = { url: 'http://a.example/' };
    const written = withTrust([...odd, ...two, other], serverOf(folder), true);
    assert.deepEqual(written, [...odd, ...two.map((one) => ({ ...one, trusted: true })), other]);
    assert.equal(trustIn(read(written), serverOf(folder)), true);
    assert.equal(trustIn(read(written), 'http://a.example' as never), undefined);
  });

  it('is not written where the server has no entry, or it is no list', () => {
    for (const value of [undefined, odd, { url: 'https://a.example/' }])
      assert.equal(withTrust(value, serverOf(folder), true), undefined);
  });

  it('is what the entries say together: a single no counts, and what is no answer does not', () => {
    const trust = (...answers: unknown[]) =>
      trustIn(
        read(answers.map((trusted, at) => ({ url: `https://a.example/${at}`, trusted }))),
        serverOf(folder),
      );
    assert.equal(trust(), undefined);
    assert.equal(trust('yes', 1, undefined), undefined);
    assert.equal(trust(undefined, true), true);
    assert.equal(trust(true, false), false);
  });

  it('goes with the entry of its folder', () => {
    assert.deepEqual(withoutFolder([...odd, ...two], folder), [...odd, two[0]]);
    assert.equal(withoutFolder(odd, folder), undefined);
  });
});
