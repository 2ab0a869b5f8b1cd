// What the secret store holds for a server: as version 0.1.0 wrote it, per realm, and damaged.
import assert from 'node:assert/strict';
import { Secret } from '../../../../src/core/model/secret';
import { resourceId, serverOf } from '../../../../src/core/model/resource';
import { CredentialStore } from '../../../../src/editor/connection/secrets';

const server = serverOf(resourceId('https://dav.example.org/'));
const key = `credentials ${server}`;

function storing(text?: string) {
  const kept = new Map<string, string>(text === undefined ? [] : [[key, text]]);
  const secrets = new CredentialStore({
    get: (name) => Promise.resolve(kept.get(name)),
    store: (name, value) => Promise.resolve(void kept.set(name, value)),
    delete: (name) => Promise.resolve(void kept.delete(name)),
  });
  return { kept, secrets };
}
const old = JSON.stringify({ user: 'ann', password: 'pw' });

describe('stored credentials', () => {
  it('of version 0.1.0 are bound to the first realm that asks', async () => {
    const { secrets, kept } = storing(old);
    assert.equal((await secrets.forRealm(server, undefined))?.user, 'ann');
    assert.equal(kept.get(key), old, 'nothing is bound before a realm has asked');
    assert.equal((await secrets.forRealm(server, 'Team'))?.password?.reveal(), 'pw');
    assert.equal(await secrets.forRealm(server, 'mallory'), undefined);
    assert.deepEqual(JSON.parse(kept.get(key) ?? ''), { user: 'ann', password: 'pw', realm: 'Team' });
  });

  it('are bound to one realm where two ask at once', async () => {
    const { secrets } = storing(old);
    const both = await Promise.all([secrets.forRealm(server, 'a'), secrets.forRealm(server, 'b')]);
    assert.equal(both.filter((found) => found !== undefined).length, 1);
  });

  it('are kept per realm, the last entered first', async () => {
    const { secrets } = storing();
    await secrets.set(server, { user: 'ann', password: new Secret('1'), realm: 'a' });
    await secrets.set(server, { user: 'bob', token: new Secret('2'), realm: 'b' });
    await secrets.set(server, { user: 'cat', password: new Secret('3'), realm: 'a' });
    assert.equal((await secrets.get(server))?.user, 'cat');
    assert.equal((await secrets.forRealm(server, 'a'))?.user, 'cat');
    assert.equal((await secrets.forRealm(server, 'b'))?.token?.reveal(), '2');
  });

  it('of several accounts for one realm are kept side by side, the one in use first', async () => {
    const { secrets } = storing();
    for (const user of ['ann', 'bob'])
      await secrets.set(server, { user, password: new Secret(user), realm: 'a' });
    await secrets.set(server, { user: 'ann', password: new Secret('new'), realm: 'a' });
    const users = async () => (await secrets.accounts(server)).map((account) => account.user);
    assert.deepEqual(await users(), ['ann', 'bob']);
    await secrets.use(server, { user: 'bob', realm: 'a' });
    assert.deepEqual(await users(), ['bob', 'ann']);
    assert.equal((await secrets.forRealm(server, 'a'))?.user, 'bob');
    await secrets.use(server, { user: 'eve', realm: 'a' });
    assert.deepEqual(await users(), ['bob', 'ann']);
  });

  it('that were just entered are tried before those that are kept for the realm', async () => {
    const { secrets } = storing();
    const enter = (user: string, password: string) =>
      secrets.set(server, { user, password: new Secret(password) });
    const asked = async () => (await secrets.forRealm(server, 'Team'))?.password?.reveal();
    await enter('ann', 'right');
    assert.equal(await asked(), 'right');
    await enter('ann', 'wrong');
    assert.equal(await asked(), 'wrong');
    await enter('bob', 'other');
    assert.equal(await asked(), 'other');
    assert.deepEqual(await secrets.accounts(server), [
      { user: 'bob', realm: 'Team' },
      { user: 'ann', realm: 'Team' },
    ]);
  });

  it('keep what is noted about them, and the permission also for a new password', async () => {
    const { secrets } = storing();
    await secrets.set(server, { user: 'ann', password: new Secret('1'), realm: 'a' });
    await secrets.note(server, 'a', { digest: true });
    await secrets.note(server, 'a', { inClear: true });
    const { digest, inClear } = (await secrets.forRealm(server, 'a')) ?? {};
    assert.deepEqual([digest, inClear], [true, true]);
    await secrets.set(server, { user: 'ann', password: new Secret('2'), realm: 'a' });
    const again = (await secrets.forRealm(server, 'a')) ?? {};
    assert.deepEqual([again.digest, again.inClear], [undefined, true]);
  });

  it('that are damaged are an error for the transport and none for the question', async () => {
    for (const text of [
      '{',
      'null',
      '[]',
      '"x"',
      '{"password":5}',
      '{"user":"a","others":[{"realm":1}]}',
      '{"others":1}',
      '{"digest":"yes"}',
    ]) {
      const { secrets } = storing(text);
      await assert.rejects(secrets.forRealm(server, 'a'), /damaged/, text);
      assert.equal(await secrets.get(server), undefined, text);
      await secrets.set(server, { user: 'ann', password: new Secret('1') });
      assert.equal((await secrets.forRealm(server, 'a'))?.user, 'ann', text);
    }
  });

  it('are put back as they were, and forgotten with the passphrase', async () => {
    const { secrets, kept } = storing(old);
    const before = await secrets.snapshot(server);
    await secrets.set(server, { user: 'bob', realm: 'r' });
    await secrets.restore(server, before);
    assert.equal(kept.get(key), old);
    await secrets.setPassphrase(server, new Secret('p'));
    assert.equal((await secrets.passphraseOf(server))?.reveal(), 'p');
    await secrets.forget(server);
    assert.equal(kept.size, 0);
  });
});
