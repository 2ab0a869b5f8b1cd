import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { makeCertificate } from '../../../support/servers/certificate';
import { closeWithConnections, listenOnFreePort } from '../../../support/servers/plain';
import { alice, Bench, failureOf, request } from './bench';

const self = makeCertificate('selfSigned');

describe('a proxy', () => {
  const bench = new Bench();
  const servers: http.Server[] = [];
  afterEach(async () => {
    await bench.end();
    await Promise.all(servers.splice(0).map(closeWithConnections));
  });

  interface Seen {
    readonly target: string;
    readonly headers: http.IncomingHttpHeaders;
  }

  /** Tunnels and forwards for who signs in; `seen` is what it was asked for. */
  const proxying = async (secured = false): Promise<{ url: string; seen: Seen[] }> => {
    const seen: Seen[] = [];
    const signedIn = `Basic ${Buffer.from('b@b:b\u00f6b').toString('base64')}`;
    const forward: http.RequestListener = (incoming, response) => {
      seen.push({ target: incoming.url ?? '', headers: incoming.headers });
      if (incoming.headers['proxy-authorization'] !== signedIn) return void response.writeHead(407).end();
      const headers = { ...incoming.headers };
      delete headers['proxy-authorization'];
      const onward = http.request(
        incoming.url ?? '',
        { method: incoming.method ?? '', headers },
        (answer) => {
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(response);
        },
      );
      incoming.pipe(onward);
    };
    const server = secured
      ? https.createServer({ cert: self.certificate, key: self.key }, forward)
      : http.createServer(forward);
    server.on('connect', (incoming: http.IncomingMessage, socket: net.Socket) => {
      seen.push({ target: incoming.url ?? '', headers: incoming.headers });
      if (incoming.headers['proxy-authorization'] !== signedIn) {
        socket.end('HTTP/1.1 407 Sign in\r\nContent-Length: 0\r\n\r\n');
        return;
      }
      const onward = net.connect(Number(incoming.url?.split(':')[1]), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        onward.pipe(socket).pipe(onward);
      });
      for (const end of [onward, socket]) end.on('error', () => end.destroy());
    });
    servers.push(server);
    const port = await listenOnFreePort(server);
    return { url: `${secured ? 'https' : 'http'}://b%40b:b%C3%B6b@localhost:${port}`, seen };
  };
  const secureServer = async () => {
    const heard: http.IncomingHttpHeaders[] = [];
    let connections = 0;
    const server = https.createServer({ cert: self.certificate, key: self.key }, (incoming, response) => {
      heard.push(incoming.headers);
      if (incoming.headers.authorization) response.end('in');
      else response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="x"' }).end();
    });
    server.on('connection', () => connections++);
    servers.push(server);
    return {
      origin: `https://localhost:${await listenOnFreePort(server)}`,
      heard,
      connections: () => connections,
    };
  };
  const credentials = () => Promise.resolve(alice);
  const ca = [self.certificate];

  for (const secured of [false, true]) {
    it(`tunnels TLS${secured ? ', itself behind TLS' : ''}, and hears nothing of the password`, async () => {
      const { url, seen } = await proxying(secured);
      const { origin, heard } = await secureServer();
      const transport = bench.transport(origin, { proxy: { url }, ca, credentials });
      const answer = await transport.send(request(origin));
      assert.equal(await answer.text(), 'in');
      assert(seen.length > 0);
      for (const { target, headers } of seen) {
        assert.deepEqual([target, headers.authorization], [new URL(origin).host, undefined]);
      }
      assert.deepEqual(
        heard.map((headers) => headers['proxy-authorization']),
        [undefined, undefined],
      );
    });
  }

  it('tunnels no more than six connections', async () => {
    const { url } = await proxying();
    const { origin, connections } = await secureServer();
    const transport = bench.transport(origin, { proxy: { url }, ca });
    const all = Array.from({ length: 20 }, async () => (await transport.send(request(origin))).discard());
    await Promise.all(all);
    assert(connections() <= 6, `${connections()} connections`);
  });

  it('keeps its tunnels after one that ended', async () => {
    const { url } = await proxying();
    const { origin, connections } = await secureServer();
    const transport = bench.transport(origin, { proxy: { url }, ca, credentials });
    for (const method of ['GET', 'HEAD', 'HEAD', ...Array.from({ length: 20 }, () => 'PROPFIND')])
      await (await transport.send(request(origin, { method }))).discard();
    assert.equal(connections(), 3);
  });

  it('checks the certificate behind the tunnel', async () => {
    const { url } = await proxying();
    const { origin } = await secureServer();
    await failureOf(bench.transport(origin, { proxy: { url } }).send(request(origin)), 'tls');
  });

  it('forwards plain HTTP, and keeps its own password to itself', async () => {
    const { url, seen } = await proxying();
    const server = await bench.serve(({ headers }, reply) =>
      headers.authorization
        ? reply.send(200, {}, 'in')
        : reply.send(401, { 'WWW-Authenticate': 'Basic realm="x"' }),
    );
    const transport = bench.transport(server.origin, { proxy: { url }, credentials });
    const answer = await transport.send(
      request(server.origin, { method: 'LOCK', body: 'x', url: `${server.origin}/a?b` }),
    );
    assert.equal(await answer.text(), 'in');
    assert.deepEqual(
      seen.map(({ target, headers }) => [target, headers.host]),
      Array(2).fill([`${server.origin}/a?b`, new URL(server.origin).host]),
    );
    assert.deepEqual(
      server.requests.map(({ method, path, headers }) => [method, path, headers['proxy-authorization']]),
      Array(2).fill(['LOCK', '/a?b', undefined]),
    );
  });

  it('that wants another password is the end of the way, and no sign-in to the server', async () => {
    const { url } = await proxying();
    const proxy = url.replace('b%40b:', 'eve:');
    const { origin } = await secureServer();
    await failureOf(
      bench.transport(origin, { proxy: { url: proxy }, ca }).send(request(origin)),
      'unreachable',
    );
    const plain = await bench.serve((_, reply) => reply.send(200));
    const { facts } = await failureOf(
      bench.transport(plain.origin, { proxy: { url: proxy } }).send(request(plain.origin)),
      'unreachable',
    );
    assert.equal(facts.status, 407);
  });

  it('that hangs up is the end of the way, and is not asked for ever', async () => {
    let connections = 0;
    const proxy = await bench.listen((socket) => {
      connections++;
      socket.once('data', () => socket.end());
    });
    const origin = 'https://localhost:1';
    await failureOf(bench.transport(origin, { proxy: { url: proxy } }).send(request(origin)), 'unreachable');
    assert.equal(connections, 1);
  });

  it('that speaks no HTTP, or has no address, is named without its password', async () => {
    const bad = {
      'socks5://bob:secret@localhost:1': 'socks5://…@localhost:1',
      'localhost:3128': 'localhost:3128',
      'http://local host:1': 'http://local host:1',
      'http://bob%:secret@localhost:1': 'http://…@localhost:1/',
    };
    for (const [proxy, named] of Object.entries(bad)) {
      for (const origin of ['https://localhost:1', 'http://localhost:1']) {
        const transport = bench.transport(origin, { proxy: { url: proxy } });
        const { facts, message } = await failureOf(transport.send(request(origin)), 'unreachable');
        assert.equal(facts.badProxy, named);
        assert.doesNotMatch(`${message} ${String(facts.cause)}`, /secret/);
        // What never came up does not hinder the end.
        await transport.close();
      }
    }
  });

  it('is given what is set as its authorization, before what stands in its address', async () => {
    const authorization = `Basic ${Buffer.from('b@b:b\u00f6b').toString('base64')}`;
    const { url: signed } = await proxying();
    const url = signed.replace(/\/\/.*@/, '//eve:wrong@');
    const { origin } = await secureServer();
    const plain = await bench.serve((_, reply) => reply.send(200, {}, 'in'));
    const far = bench.transport(origin, { proxy: { url, authorization }, ca, credentials });
    assert.equal(await (await far.send(request(origin))).text(), 'in');
    const near = bench.transport(plain.origin, { proxy: { url, authorization } });
    assert.equal(await (await near.send(request(plain.origin))).text(), 'in');
  });

  it('has a certificate of its own, whatever is said of the certificate of the server', async () => {
    const { url } = await proxying(true);
    const { origin } = await secureServer();
    const send = (rejectUnauthorized: boolean, proxy: { readonly rejectUnauthorized?: boolean }) =>
      bench
        .transport(origin, { rejectUnauthorized, proxy: { url, ...proxy }, credentials })
        .send(request(origin));
    await failureOf(send(false, {}), 'tls');
    await failureOf(send(true, { rejectUnauthorized: false }), 'tls');
    const answer = await send(false, { rejectUnauthorized: false });
    assert.equal(await answer.text(), 'in');
  });

  it('that is not there is unreachable', async () => {
    const gone = http.createServer();
    const port = await listenOnFreePort(gone);
    const closed = once(gone, 'close');
    gone.close();
    await closed;
    const proxy = `http://127.0.0.1:${port}`;
    for (const origin of ['https://localhost:1', 'http://localhost:1']) {
      const { facts } = await failureOf(
        bench.transport(origin, { proxy: { url: proxy } }).send(request(origin)),
        'unreachable',
      );
      assert.equal(facts.code, 'ECONNREFUSED');
    }
  });
});
