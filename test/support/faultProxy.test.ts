// The proxy between client and server: what it lets through unharmed, and how each fault looks from either side.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { Colleague } from './colleague';
import { skipWithout } from './rings/skipWithout';
import { FaultProxy, startFaultProxy } from './faultProxy';
import { startApachePair } from './servers/apachePair';
import { type Reply, startPlainServer } from './servers/plain';
import { type LockServer, serverKinds } from './servers/server';
import { startServer } from './servers/start';

describe('the proxy, as long as nothing goes wrong', function () {
  this.timeout(60_000);

  for (const kind of serverKinds) {
    it(`changes nothing between a client and ${kind}`, async function () {
      skipWithout(this, kind);
      const server = await startServer(kind);
      const proxy = await startFaultProxy(server.url);
      try {
        server.seed({ 'a.txt': 'one' });
        const alice = new Colleague(proxy.url, server.user('alice'));
        const direct = new Colleague(server.url, server.user('bob'));
        const token = await alice.lock('a.txt');
        assert.deepEqual(await direct.locksOn('a.txt'), [token]);

        // Both headers name the proxy; the server must take that for its own name.
        const tagged = { If: `<${alice.urlOf('a.txt')}> (<${token}>)` };
        assert.equal((await alice.send('PUT', 'a.txt', { headers: tagged, body: 'two' })).status, 204);
        await alice.refresh('a.txt');
        const moved = await alice.send('MOVE', 'a.txt', {
          headers: { ...tagged, Destination: alice.urlOf('b.txt'), Overwrite: 'F' },
        });
        assert.ok([201, 204].includes(moved.status), `MOVE: ${moved.status} ${moved.text}`);
        assert.equal(await direct.get('b.txt'), 'two');

        // The server's own words, also where they are odd: nginx gives a refusal no reason phrase.
        await direct.lock('b.txt');
        const [through, straight] = await Promise.all(
          [proxy.url, server.url].map((url) =>
            new Colleague(url, server.user('alice')).send('PUT', 'b.txt', { body: '' }),
          ),
        );
        assert.equal(through?.status, 423);
        assert.equal(through?.reason, straight?.reason);
        const options = [await alice.send('OPTIONS', ''), await direct.send('OPTIONS', '')];
        assert.equal(options[0]?.headers['dav'], options[1]?.headers['dav']);
      } finally {
        await proxy.stop();
        await server.stop();
      }
    });
  }
});

describe('the proxy, for two requests of a connection', () => {
  for (const isInTurn of [false, true])
    it(isInTurn ? 'sends the second on after the answer to the first' : 'sends both on at once', async () => {
      const held = new Map<string, Reply>();
      const server = await startPlainServer(({ path }, reply) => void held.set(path, reply));
      const proxy = new FaultProxy(() => server.url, isInTurn);
      await proxy.start();
      const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
      let said = '';
      const clients = [get('/1') + get('/2'), get('/other')].map((sent) => {
        const client = net.connect(proxy.port, '127.0.0.1', () => client.write(sent));
        return client.setEncoding('utf8').on('data', (part: string) => (said += part));
      });
      const until = async (isSo: () => boolean) => {
        while (!isSo()) await new Promise(setImmediate);
      };
      await until(() => ['/1', '/other', ...(isInTurn ? [] : ['/2'])].every((path) => held.has(path)));
      assert.equal(held.has('/2'), !isInTurn);
      held.get('/1')?.send(200);
      await until(() => held.has('/2'));
      for (const path of ['/2', '/other']) held.get(path)?.send(200);
      await until(() => said.match(/ 200 /g)?.length === 3);
      for (const client of clients) client.destroy();
      await proxy.stop();
      await server.stop();
    });
});

describe('the faults of the proxy', function () {
  this.timeout(60_000);
  let server: LockServer;
  let proxy: FaultProxy;
  let alice: Colleague;
  let direct: Colleague;

  before(async () => {
    server = await startServer('nephele');
    direct = new Colleague(server.url, server.user('alice'));
  });
  beforeEach(async () => {
    proxy = await startFaultProxy(server.url);
    alice = new Colleague(proxy.url, server.user('alice'));
    server.seed({ 'f.txt': 'old' });
  });
  afterEach(async () => proxy.stop());
  after(async () => server?.stop());

  const put = (): Promise<unknown> => alice.put('f.txt', 'new');

  for (const at of ['beforeBody', 'afterBody'] as const) {
    it(`reset ${at}: the server hears nothing`, async () => {
      proxy.inject({ method: 'PUT' }, { kind: 'reset', at });
      await assert.rejects(put(), { code: 'ECONNRESET' });
      assert.equal(await direct.get('f.txt'), 'old');
      assert.equal(proxy.exchanges[0]?.serverStatus, undefined);
    });
  }

  it('reset duringBody: both sides see the connection break', async () => {
    const heard = await startPlainServer((_, reply) => reply.send(204));
    const broken = await startFaultProxy(heard.url);
    broken.inject({ method: 'PUT' }, { kind: 'reset', at: 'duringBody' });
    const client = new Colleague(broken.url, server.user('alice'));
    await assert.rejects(client.put('f.txt', 'x'.repeat(200_000)), /ECONNRESET|EPIPE/);
    assert.equal(heard.requests.length, 0, 'no whole request has come');
    await broken.stop();
    await heard.stop();
  });

  it('reset duringBody of a request without a body: both sides see the connection break', async () => {
    const heard = await startPlainServer((_, reply) => reply.send(204));
    const broken = await startFaultProxy(heard.url);
    broken.inject({ method: 'UNLOCK' }, { kind: 'reset', at: 'duringBody' });
    const client = new Colleague(broken.url, server.user('alice'));
    await assert.rejects(client.send('UNLOCK', 'f.txt'), /ECONNRESET|EPIPE|socket hang up/);
    assert.equal(heard.requests.length, 0, 'no whole request has come');
    await broken.stop();
    await heard.stop();
  });

  it('knows which request it will stall', () => {
    proxy.inject({ method: 'LOCK', times: 1 }, { kind: 'stall', at: 'request' });
    proxy.inject({ method: 'PUT' }, { kind: 'reset', at: 'beforeBody' });
    assert.equal(proxy.stalls({ method: 'LOCK', path: '/f.txt' }), true);
    assert.equal(proxy.stalls({ method: 'LOCK', path: '/f.txt' }), true, 'asking is no request');
    assert.equal(proxy.stalls({ method: 'PUT', path: '/f.txt' }), false);
    assert.equal(proxy.stalls({ method: 'GET', path: '/f.txt' }), false);
    proxy.clear();
  });

  it('reset afterAnswer: it is done, and nobody says so', async () => {
    proxy.inject({ method: 'PUT' }, { kind: 'reset', at: 'afterAnswer' });
    await assert.rejects(put(), { code: 'ECONNRESET' });
    assert.equal(await direct.get('f.txt'), 'new');
    assert.equal(proxy.exchanges[0]?.serverStatus, 204);
    assert.equal(proxy.exchanges[0]?.status, undefined);
  });

  for (const [at, locks, status] of [
    ['request', 0, undefined],
    ['headers', 1, undefined],
    ['body', 1, 200],
  ] as const) {
    it(`stall at ${at}: silence, until the connection ends`, async () => {
      server.seed({ [at]: '' });
      proxy.inject({ method: 'LOCK' }, { kind: 'stall', at });
      const started = proxy.next({}, at === 'request' ? 'arrived' : 'answered');
      const over = proxy.next();
      const failed = assert.rejects(alice.lock(at), /aborted|hang up|ECONNRESET/);
      await started;
      assert.equal((await direct.locksOn(at)).length, locks);
      proxy.breakConnections();
      await failed;
      assert.equal((await over).status, status);
    });
  }

  it('hold: the request waits for its time', async () => {
    let release = (): void => undefined;
    const until = new Promise<void>((resolve) => (release = resolve));
    proxy.inject({ method: 'PUT' }, { kind: 'hold', at: 'request', until });
    const arrived = proxy.next({ method: 'PUT' }, 'arrived');
    const saving = put();
    await arrived;
    assert.equal(await direct.get('f.txt'), 'old');
    release();
    await saving;
    assert.equal(await direct.get('f.txt'), 'new');
  });

  it('truncate: the connection closes within the body, or within the head of an empty answer', async () => {
    proxy.inject({}, { kind: 'truncate' });
    await assert.rejects(alice.propfind('f.txt'), /aborted|ECONNRESET|hang up/);
    await assert.rejects(put(), /Parse|hang up|ECONNRESET/);
    assert.equal(await direct.get('f.txt'), 'new');
  });

  it('repeat: the bytes of the answer come twice', async () => {
    proxy.inject({ method: 'GET' }, { kind: 'repeat' });
    const socket = net.connect(proxy.port, '127.0.0.1');
    const { user, password } = alice.account;
    const basic = Buffer.from(`${user}:${password}`).toString('base64');
    socket.write(
      `GET /f.txt HTTP/1.1\r\nHost: 127.0.0.1:${proxy.port}\r\nAuthorization: Basic ${basic}\r\n\r\n`,
    );
    let seen = '';
    while (seen.split('HTTP/1.1 200 ').length < 3 || !seen.endsWith('old')) {
      const [part] = (await once(socket, 'data')) as [Buffer];
      seen += part.toString();
    }
    socket.destroy();
  });

  it('answer: another status, before or after the server has acted', async () => {
    const rule = proxy.inject(
      { method: 'PUT', times: 1 },
      { kind: 'answer', status: 503, headers: { 'Retry-After': '7' }, body: 'later' },
    );
    const answer = await alice.send('PUT', 'f.txt', { body: 'new' });
    assert.deepEqual([answer.status, answer.headers['retry-after'], answer.text], [503, '7', 'later']);
    assert.equal(await direct.get('f.txt'), 'old');
    await put();
    assert.equal(rule.applied, 1);

    proxy.inject({ method: 'PUT' }, { kind: 'answer', status: 502, forward: true });
    assert.equal((await alice.send('PUT', 'f.txt', { body: 'newer' })).status, 502);
    assert.equal(await direct.get('f.txt'), 'newer');
  });

  it('headers: lost, added, and a clock that is wrong', async () => {
    const token = await alice.lock('f.txt');
    proxy.inject({ method: 'PUT' }, { kind: 'headers', request: { remove: ['if'] } });
    assert.equal(
      (await alice.send('PUT', 'f.txt', { headers: { If: `(<${token}>)` }, body: '' })).status,
      423,
    );
    proxy.clear();
    await alice.unlock('f.txt');

    proxy.inject(
      { path: '/f.txt' },
      { kind: 'headers', answer: { set: { 'X-Way': 'long' } }, clockSkew: -3600 },
    );
    const { headers } = await alice.send('GET', 'f.txt');
    assert.equal(headers['x-way'], 'long');
    const off = Date.now() - Date.parse(String(headers.date));
    assert.ok(off > 3_590_000 && off < 3_620_000, `off by ${off} ms`);
  });

  it('counts by method and path, and strikes at the nth', async () => {
    server.seed({ 'two words.txt': 'w' });
    proxy.inject({ method: 'GET', path: '/two words.txt', nth: 2 }, { kind: 'answer', status: 500 });
    const statuses: number[] = [];
    for (const name of ['two words.txt', 'f.txt', 'two words.txt', 'two words.txt']) {
      statuses.push((await alice.send('GET', name)).status);
    }
    assert.deepEqual(statuses, [200, 200, 500, 200]);
    assert.equal(proxy.count({ method: 'GET', path: '/two words.txt' }), 3);
    assert.equal(proxy.count({ method: 'PUT' }), 0);
    assert.equal(proxy.count({ path: /words/ }), 3);
  });

  it('goes offline and comes back at the same address', async () => {
    await proxy.goOffline();
    await assert.rejects(alice.get('f.txt'), { code: 'ECONNREFUSED' });
    await proxy.goOnline();
    assert.equal(await alice.get('f.txt'), 'old');
  });

  it('breaks the connection when the server has gone', async () => {
    await server.kill();
    await assert.rejects(alice.get('f.txt'), { code: 'ECONNRESET' });
    await server.restart();
    assert.equal(await alice.get('f.txt'), 'old');
  });
});

describe('two Apaches behind one address', function () {
  this.timeout(60_000);

  it('share the files and not the locks', async function () {
    skipWithout(this, 'apache');
    const pair = await startApachePair();
    try {
      pair.nodes[0].seed({ 'f.txt': 'old' });
      const alice = new Colleague(pair.front.url, pair.nodes[0].user('alice'));
      const bob = new Colleague(pair.front.url, pair.nodes[0].user('bob'));
      const token = await alice.lock('f.txt');
      const seen = [await bob.locksOn('f.txt'), await bob.locksOn('f.txt')];
      assert.deepEqual(seen, [[], [token]]);
      assert.equal((await bob.send('PUT', 'f.txt', { body: 'by bob' })).status, 204);
      assert.equal((await bob.send('PUT', 'f.txt', { body: 'by bob' })).status, 423);
    } finally {
      await pair.stop();
    }
  });
});

describe('the plain server', () => {
  const account = { user: 'alice', password: 'alice-pw' };

  it('answers as it is told, well or badly', async () => {
    const plain = await startPlainServer((_, reply) =>
      reply.send(200, { 'Content-Type': 'text/html' }, '<p>Hello'),
    );
    const client = new Colleague(plain.url, account);
    assert.equal((await client.send('PROPFIND', 'x', { body: '<a/>' })).text, '<p>Hello');
    assert.equal(plain.requests[0]?.body.toString(), '<a/>');

    plain.answerWith((_, reply) => reply.truncated(207, 100, '<half'));
    await assert.rejects(client.propfind('x'));
    plain.answerWith((_, reply) => reply.raw('no HTTP at all\r\n\r\n'));
    await assert.rejects(client.propfind('x'), { code: 'HPE_INVALID_CONSTANT' });
    plain.answerWith((_, reply) => reply.reset());
    await assert.rejects(client.propfind('x'), { code: 'ECONNRESET' });
    plain.answerWith((_, reply) => reply.huge(207, 'x'.repeat(65_536), 5_000_000));
    assert.ok((await client.propfind('x')).length >= 5_000_000);
    plain.answerWith((_, reply) => reply.stalled(207, '<half'));
    const cut = assert.rejects(client.propfind('x'));
    while (plain.requests.length < 6) await new Promise(setImmediate);
    await plain.stop();
    await cut;
  });
});
