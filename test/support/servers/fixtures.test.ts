// The fixtures are what the other tests stand on: each shows here the behaviour it is used for.
import assert from 'node:assert/strict';
import { Colleague } from '../colleague';
import { skipWithout } from '../rings/skipWithout';
import { type ApacheOptions, startApache } from './apache';
import { startLighttpd } from './lighttpd';
import { startNephele } from './nephele';
import { startNginx } from './nginx';
import { startServer } from './start';
import { type LockServer, type ServerKind, serverKinds } from './server';

interface Habits {
  readonly classes: RegExp;
  readonly token: RegExp;
  /** What another account reads between the owner tags; null where there is no owner. */
  readonly owner: RegExp | null;
  readonly refusalBody: RegExp;
  /** The status of an UNLOCK with a token that is no lock's, and whether a colleague's true token saves. */
  readonly wrongUnlock: number;
  readonly othersToken: number;
  /** What Second-600 became. */
  readonly granted: RegExp;
  readonly survivesRestart: boolean;
}

const OWNER = 'Ann Lee <mailto:ann.lee@example.com>';
const OWNER_XML = /^Ann Lee &lt;mailto:ann\.lee@example\.com&gt;$/;

const listingSupport: Readonly<Record<ServerKind, Habits>> = {
  apache: {
    classes: /^1,\s?2\b/,
    token: /^opaquelocktoken:/,
    owner: OWNER_XML,
    refusalBody: /<html/i,
    wrongUnlock: 400,
    othersToken: 403,
    granted: /^Second-(600|59\d)$/,
    survivesRestart: true,
  },
  lighttpd: {
    classes: /^1,\s?2,\s?3$/,
    token: /^urn:uuid:/,
    owner: /^$/,
    refusalBody: /<html/i,
    wrongUnlock: 409,
    othersToken: 423,
    granted: /^Second-600$/,
    survivesRestart: true,
  },
  nginx: {
    classes: /^2$/,
    token: /^urn:[0-9a-f]+$/,
    owner: null,
    refusalBody: /^$/,
    wrongUnlock: 204,
    othersToken: 204,
    granted: /^Second-(60|5\d)$/,
    survivesRestart: false,
  },
  nephele: {
    classes: /^1,\s?3,\s?2$/,
    token: /^urn:uuid:/,
    owner: OWNER_XML,
    refusalBody: /^\{.*"stack"/s,
    wrongUnlock: 207,
    othersToken: 423,
    granted: /^Second-(600|59\d(\.\d+)?)$/,
    survivesRestart: true,
  },
};

for (const kind of serverKinds) {
  describe(`the ${kind} fixture`, function () {
    this.timeout(60_000);
    const expected = listingSupport[kind];
    let server: LockServer;
    let alice: Colleague;
    let bob: Colleague;

    before(async function () {
      skipWithout(this, kind);
      server = await startServer(kind);
      alice = new Colleague(server.url, server.user('alice'));
      bob = new Colleague(server.url, server.user('bob'));
    });

    after(async () => server?.stop());

    it('gives a lock to one and refuses the other, until it is released', async () => {
      server.seed({ 'docs/report.md': 'first' });
      const token = await alice.lock('docs/report.md', { owner: OWNER });
      assert.match(token, expected.token);
      assert.deepEqual(await bob.locksOn('docs/report.md'), [token]);

      const refused = await bob.send('PUT', 'docs/report.md', { body: 'from bob' });
      assert.equal(refused.status, 423);
      assert.match(refused.text, expected.refusalBody);
      assert.equal((await bob.send('LOCK', 'docs/report.md', lockRequest())).status, 423);

      await alice.put('docs/report.md', 'second');
      assert.equal(await bob.get('docs/report.md'), 'second');
      await alice.unlock('docs/report.md');
      assert.deepEqual(await bob.locksOn('docs/report.md'), []);
      await bob.put('docs/report.md', 'third');
      assert.equal(await alice.get('docs/report.md'), 'third');
    });

    it('shows the holder as far as this server does', async () => {
      server.seed({ 'owner.txt': '' });
      await alice.lock('owner.txt', { owner: OWNER });
      const seen = ownerIn(await bob.propfind('owner.txt'));
      if (expected.owner === null) assert.equal(seen, null);
      else assert.match(seen ?? 'no owner at all', expected.owner);
      assert.equal(seen?.includes('alice') ?? false, false, 'no account name is shown');
    });

    it('says what it can do, and how long a lock lasts', async () => {
      const options = await alice.send('OPTIONS', '');
      assert.match(String(options.headers['dav']).split(', <')[0] ?? '', expected.classes);
      server.seed({ 'time.txt': '' });
      await alice.lock('time.txt', { timeout: 'Second-600' });
      const [, timeout] = /timeout[^>]*>([^<]+)</i.exec(await bob.propfind('time.txt')) ?? [];
      assert.match(timeout ?? 'no timeout at all', expected.granted);
    });

    it('answers to foreign and wrong tokens in its own way', async () => {
      server.seed({ 'tokens.txt': '' });
      const token = await alice.lock('tokens.txt');
      const wrong = await alice.send('UNLOCK', 'tokens.txt', { headers: { 'Lock-Token': `<${token}0>` } });
      assert.equal(wrong.status, expected.wrongUnlock);
      assert.deepEqual(await alice.locksOn('tokens.txt'), [token]);
      const foreign = await bob.send('PUT', 'tokens.txt', { headers: { If: `(<${token}>)` }, body: '' });
      assert.equal(foreign.status, expected.othersToken);
    });

    it('takes an untagged condition for any name; a tagged one not everywhere', async () => {
      const tagged: Record<string, number> = {};
      for (const name of ['plain.txt', 'two words.txt', 'umläut.txt', 'v(1).txt']) {
        server.seed({ [name]: '' });
        const token = await alice.lock(name);
        assert.equal(
          (await alice.send('PUT', name, { headers: { If: `(<${token}>)` }, body: '' })).status,
          204,
        );
        const tag = `<${alice.urlOf(name)}> (<${token}>)`;
        tagged[name] = (await alice.send('PUT', name, { headers: { If: tag }, body: '' })).status;
        await alice.del(name);
      }
      assert.deepEqual(tagged, {
        'plain.txt': 204,
        'two words.txt': kind === 'nginx' ? 423 : 204,
        'umläut.txt': kind === 'nginx' ? 423 : 204,
        'v(1).txt': kind === 'lighttpd' ? 423 : 204,
      });
    });

    it('keeps its address and files over a restart and a crash; its locks as it does', async () => {
      server.seed({ 'restart.txt': 'kept' });
      const token = await alice.lock('restart.txt');
      const { url } = server;
      await server.restart();
      assert.equal(server.url, url);
      assert.deepEqual(await bob.locksOn('restart.txt'), expected.survivesRestart ? [token] : []);
      await server.restart({ forgetLocks: true });
      assert.deepEqual(await bob.locksOn('restart.txt'), []);
      await server.kill();
      await assert.rejects(bob.get('restart.txt'), { code: 'ECONNREFUSED' });
      await server.restart();
      assert.equal(await bob.get('restart.txt'), 'kept');
    });
  });
}

describe('the fixtures with options', function () {
  this.timeout(60_000);
  const running: LockServer[] = [];
  const start = async (
    server: Promise<LockServer>,
  ): Promise<{ server: LockServer; alice: Colleague; bob: Colleague }> => {
    const one = await server;
    running.push(one);
    one.seed({ 'file.txt': 'text' });
    return {
      server: one,
      alice: new Colleague(one.url, one.user('alice')),
      bob: new Colleague(one.url, one.user('bob')),
    };
  };
  afterEach(async () => {
    await Promise.all(running.splice(0).map((server) => server.stop()));
  });

  const lockers: readonly ApacheOptions[] = [
    { tls: 'selfSigned' },
    { tls: 'expired' },
    { tls: 'otherHost' },
    { auth: 'digest' },
  ];
  for (const options of lockers) {
    it(`Apache locks with ${JSON.stringify(options)}`, async function () {
      skipWithout(this, 'apache');
      const { server, alice, bob } = await start(startApache(options));
      assert.equal(new URL(server.url).protocol, options.tls === undefined ? 'http:' : 'https:');
      await alice.lock('file.txt');
      assert.equal((await bob.send('PUT', 'file.txt', { body: '' })).status, 423);
    });
  }

  it('Apache without a lock store claims class 2 and fails', async function () {
    skipWithout(this, 'apache');
    const { alice } = await start(startApache({ lockStore: false }));
    assert.match(String((await alice.send('OPTIONS', '')).headers['dav']), /^1,\s?2/);
    assert.equal((await alice.send('PROPFIND', 'file.txt', { headers: { Depth: '0' } })).status, 500);
    assert.equal((await alice.send('LOCK', 'file.txt', lockRequest())).status, 500);
    assert.equal((await alice.send('PUT', 'file.txt', { body: '' })).status, 500);
  });

  it('Apache answers a read-only user 401, although the password is right', async function () {
    skipWithout(this, 'apache');
    const { alice, bob } = await start(startApache({ readOnly: 'bob' }));
    assert.equal(await bob.get('file.txt'), 'text');
    assert.equal((await bob.send('PUT', 'file.txt', { body: '' })).status, 401);
    assert.equal((await bob.send('LOCK', 'file.txt', lockRequest())).status, 401);
    await alice.put('file.txt', 'more');
  });

  it('lighttpd without its database says it supports locks and fails', async function () {
    skipWithout(this, 'lighttpd');
    const { alice } = await start(startLighttpd({ lockStore: false }));
    assert.match(await alice.propfind('file.txt'), /lockentry/);
    assert.equal((await alice.send('LOCK', 'file.txt', lockRequest())).status, 500);
  });

  it('nginx without a lock zone allows LOCK in words only', async function () {
    skipWithout(this, 'nginx');
    const { alice } = await start(startNginx({ lockStore: false }));
    const options = await alice.send('OPTIONS', '');
    assert.match(String(options.headers['allow']), /\bLOCK\b/);
    assert.equal((await alice.send('LOCK', 'file.txt', lockRequest())).status, 405);
  });

  it('nginx gives locks as short as it is told, whatever is asked', async function () {
    skipWithout(this, 'nginx');
    const { alice, bob } = await start(startNginx({ lockTimeout: '2s' }));
    await alice.lock('file.txt', { timeout: 'Second-600' });
    assert.match(await bob.propfind('file.txt'), /Second-[12]</);
    await becomesFree(bob, 'file.txt');
  });

  it('nephele gives short locks when told to', async () => {
    const { alice, bob } = await start(startNephele({ minLockTimeout: 1000 }));
    await alice.lock('file.txt', { timeout: 'Second-2' });
    await becomesFree(bob, 'file.txt');
  });

  it('nephele without locks is a class 1 server', async () => {
    const { alice } = await start(startNephele({ locks: false }));
    assert.equal((await alice.send('OPTIONS', '')).headers['dav'], '1, 3');
    assert.equal((await alice.send('LOCK', 'file.txt', lockRequest())).status, 405);
    await alice.put('file.txt', 'more');
  });
});

function lockRequest(): { headers: Record<string, string>; body: string } {
  return {
    headers: { Depth: '0', Timeout: 'Second-60', 'Content-Type': 'application/xml' },
    body:
      '<D:lockinfo xmlns:D="DAV:"><D:lockscope><D:exclusive/></D:lockscope>' +
      '<D:locktype><D:write/></D:locktype><D:owner>somebody</D:owner></D:lockinfo>',
  };
}

/** The text between the owner tags, "" for an empty one, null for none. */
function ownerIn(xml: string): string | null {
  const [, empty, text] =
    /<(?:[\w-]+:)?owner\b[^>]*?(?:(\/>)|>([\s\S]*?)<\/(?:[\w-]+:)?owner>)/.exec(xml) ?? [];
  return empty === undefined ? (text ?? null) : '';
}

/** A lock's end is the server's own affair: it is asked until it has come, or the test's time is up. */
async function becomesFree(colleague: Colleague, path: string): Promise<void> {
  while ((await colleague.locksOn(path)).length > 0) await new Promise((next) => setTimeout(next, 50));
}
