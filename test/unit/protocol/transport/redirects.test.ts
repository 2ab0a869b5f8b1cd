import assert from 'node:assert/strict';
import { Secret } from '../../../../src/core/model/secret';
import { Bench, failureOf, onEachHead, request } from './bench';

describe('a redirect', () => {
  const bench = new Bench();
  afterEach(() => bench.end());

  /** Redirects everything but what ends in a slash. */
  const redirecting = (status: number, location: (origin: string) => string) =>
    bench
      .serve(({ path }, reply) => {
        if (path.endsWith('/')) reply.send(207, {}, path);
        else reply.send(status, { Location: location(server) }, 'moved');
      })
      .then((started) => {
        server = started.origin;
        return started;
      });
  let server = '';

  for (const status of [301, 302, 307, 308]) {
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'PROPFIND']) {
      it(`${status} of ${method} within the origin is followed`, async () => {
        // What asks for content follows only to where the same resource is.
        const to = method === 'GET' || method === 'HEAD' ? '/a/' : '/b/';
        const { origin, requests } = await redirecting(status, () => to);
        const answer = await bench.transport(origin).send(request(origin, { method, body: 'x' }));
        assert.equal(answer.status, 207);
        await answer.discard();
        assert.deepEqual(
          requests.map((one) => [one.method, one.path, one.body.toString()]),
          [
            [method, '/a', 'x'],
            [method, to, 'x'],
          ],
        );
      });
    }

    for (const method of ['LOCK', 'UNLOCK', 'PUT', 'DELETE', 'MKCOL', 'MOVE', 'POST']) {
      it(`${status} of ${method} is not followed`, async () => {
        const { origin, requests } = await redirecting(status, () => '/a/');
        const sending = bench.transport(origin).send(request(origin, { method }));
        const { facts } = await failureOf(sending, 'redirected');
        assert.deepEqual(
          [facts.status, facts.code, facts.method, requests.length],
          [status, origin, method, 1],
        );
      });
    }
  }

  it('303 is followed for GET alone', async () => {
    const { origin } = await redirecting(303, () => '/a/');
    const transport = bench.transport(origin);
    assert.equal(await (await transport.send(request(origin, { method: 'GET' }))).text(), '/a/');
    await failureOf(transport.send(request(origin)), 'redirected');
  });

  it('may be absolute or relative', async () => {
    for (const location of [(origin: string) => `${origin}/x/y/`, () => 'y/', () => '?q=/']) {
      const { origin } = await redirecting(301, location);
      const url = `${origin}/x/a`;
      assert.match(
        await (await bench.transport(origin).send(request(origin, { url }))).text(),
        /^\/x\/(y\/|a\?q=\/)$/,
      );
    }
  });

  it('to another origin is not followed, and only that origin is told', async () => {
    const other = await bench.serve((_, reply) => reply.send(200));
    const { origin } = await redirecting(302, () => `${other.url}login?token=secret`);
    const { facts } = await failureOf(bench.transport(origin).send(request(origin)), 'redirected');
    assert.equal(facts.code, other.origin);
    assert.equal(other.requests.length, 0);
  });

  it('to the same place by its inner scheme and port is followed where it was asked', async () => {
    const other = await bench.serve((_, reply) => reply.send(200));
    const { origin, requests } = await redirecting(301, () => `${other.url}a/`);
    const answer = await bench.transport(origin).send(request(origin));
    assert.equal(await answer.text(), '/a/');
    assert.deepEqual([other.requests.length, requests.length], [0, 2]);
  });

  it('to another host is not followed for the sake of a slash', async () => {
    const { origin, requests } = await redirecting(
      301,
      (own) => `${own.replace('127.0.0.1', 'localhost')}/a/`,
    );
    await failureOf(bench.transport(origin).send(request(origin)), 'redirected');
    assert.equal(requests.length, 1);
  });

  it('is followed by the same connection', async () => {
    let connections = 0;
    const origin = await bench.listen((socket) => {
      connections++;
      onEachHead(socket, (head) => {
        const status = head.includes(' /a ') ? '301 Moved\r\nLocation: /b' : '200 OK';
        socket.write(`HTTP/1.1 ${status}\r\nContent-Length: 2\r\n\r\nok`);
      });
    });
    const answer = await bench.transport(origin).send(request(origin));
    assert.deepEqual([answer.status, await answer.text(), connections], [200, 'ok', 1]);
  });

  it('to what is no address is not followed', async () => {
    for (const location of ['http://[', 'mailto:a@b']) {
      const { origin } = await redirecting(302, () => location);
      await failureOf(bench.transport(origin).send(request(origin)), 'redirected');
    }
  });

  it('without a location, and 304, are answers', async () => {
    for (const status of [300, 302, 304]) {
      const server = await redirecting(301, () => '/');
      server.answerWith((_, reply) => reply.send(status));
      const answer = await bench.transport(server.origin).send(request(server.origin));
      assert.equal(answer.status, status);
      await answer.discard();
    }
  });

  it('that goes on and on ends', async () => {
    const { origin, requests } = await redirecting(302, () => '/b');
    const { facts } = await failureOf(bench.transport(origin).send(request(origin)), 'redirected');
    assert.deepEqual([facts.code, requests.length], ['TOO_MANY', 6]);
  });

  it('within the origin carries the signature', async () => {
    const { origin, requests } = await redirecting(302, () => '/a/');
    const credentials = () => Promise.resolve({ token: new Secret('t') });
    await (await bench.transport(origin, { credentials }).send(request(origin))).discard();
    assert.deepEqual(
      requests.map(({ headers }) => headers.authorization),
      ['Bearer t', 'Bearer t'],
    );
  });

  it('of content to another page is not followed, and names where it was sent', async () => {
    for (const status of [301, 302, 303, 307, 308]) {
      const { origin, requests } = await redirecting(status, () => '/login/?back=a');
      for (const method of ['GET', 'HEAD']) {
        const sending = bench.transport(origin).send(request(origin, { method }));
        assert.equal((await failureOf(sending, 'redirected')).facts.code, `${origin}/login/`);
      }
      assert.equal(requests.length, 2);
    }
    const { origin } = await redirecting(302, () => '/a/?login');
    await failureOf(bench.transport(origin).send(request(origin, { method: 'GET' })), 'redirected');
  });

  it('of content to the same place in another spelling is followed', async () => {
    const { origin } = await redirecting(302, () => '/%61%20b/');
    const url = `${origin}/a%20b`;
    const answer = await bench.transport(origin).send(request(origin, { url, method: 'GET' }));
    assert.equal(await answer.text(), '/%61%20b/');
  });
});
