import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { isFailure } from '../../../../src/core/model/failure';
import { Bench, failureOf, onEachHead, request } from './bench';

describe('a compressed body', () => {
  const bench = new Bench();
  afterEach(() => bench.end());

  const answering = async (headers: Record<string, string>, body: string | Uint8Array) => {
    const server = await bench.serve((_, reply) => reply.send(207, headers, body));
    return { server, transport: bench.transport(server.origin) };
  };

  const text = 'hello '.repeat(1000);
  const rows: readonly (readonly [string, Uint8Array])[] = [
    ['gzip', gzipSync(text)],
    ['x-gzip', gzipSync(text)],
    ['GZIP', gzipSync(text)],
    ['br', brotliCompressSync(text)],
    ['identity', Buffer.from(text)],
    ['br, gzip', gzipSync(brotliCompressSync(text))],
  ];
  for (const [coding, body] of rows) {
    it(`by ${coding} comes out whole`, async () => {
      const { server, transport } = await answering({ 'Content-Encoding': coding }, body);
      assert.equal(await (await transport.send(request(server.origin))).text(), text);
    });
  }

  for (const coding of ['zstd', 'deflate', '__proto__', 'constructor', 'gzip, gzip, gzip, gzip']) {
    it(`by ${coding} is refused`, async () => {
      const { server, transport } = await answering({ 'Content-Encoding': coding }, 'x');
      const answer = await transport.send(request(server.origin));
      assert.equal(answer.status, 207);
      const failure = await failureOf(answer.bytes(), 'badAnswer');
      assert.equal(failure.facts.code, 'CONTENT_ENCODING');
    });
  }

  it('and cut short is refused', async () => {
    for (const [coding, whole] of rows.slice(0, 4)) {
      const { server, transport } = await answering({ 'Content-Encoding': coding }, whole.subarray(0, -6));
      await failureOf((await transport.send(request(server.origin))).bytes(), 'badAnswer');
    }
  });

  it('and not what it says is refused', async () => {
    for (const [coding] of rows.slice(0, 4)) {
      const { server, transport } = await answering({ 'Content-Encoding': coding }, 'hello hello');
      await failureOf((await transport.send(request(server.origin))).bytes(), 'badAnswer');
    }
  });

  it('and broken is refused or still what it was, wherever a bit turned', async () => {
    const text = randomBytes(60).toString('hex');
    const whole = gzipSync(text);
    const { server, transport } = await answering({}, '');
    for (let at = 10; at < whole.length; at++) {
      const broken = Buffer.from(whole);
      broken[at] = (broken[at] ?? 0) ^ 16;
      server.answerWith((_, reply) => reply.send(207, { 'Content-Encoding': 'gzip' }, broken));
      const answer = await transport.send(request(server.origin));
      await answer.text().then(
        // A bit that fills up the last byte means nothing.
        (read) => assert.equal(read, text),
        (error: unknown) => assert(isFailure(error, 'badAnswer')),
      );
    }
  }).timeout(30_000);

  it('into a bomb is refused at the limit', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    const { server, transport } = await answering({ 'Content-Encoding': 'gzip' }, bomb);
    const answer = await transport.send(request(server.origin, { maxBytes: 100_000 }));
    let seen = 0;
    const reading = (async () => {
      for await (const chunk of answer.chunks()) seen += chunk.length;
    })();
    const failure = await failureOf(reading, 'badAnswer');
    assert.equal(failure.facts.code, 'TOO_LARGE');
    assert(seen <= 100_000, `${seen} bytes were given`);
  });
});

describe('a body over the limit', () => {
  const bench = new Bench();
  afterEach(() => bench.end());

  it('is refused when it announces its length', async () => {
    const origin = await bench.listen((socket) =>
      onEachHead(socket, () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n')),
    );
    const answer = await bench.transport(origin).send(request(origin, { maxBytes: 10 }));
    assert.equal((await failureOf(answer.bytes(), 'badAnswer')).facts.code, 'TOO_LARGE');
  });

  it('is not one that just fits', async () => {
    const server = await bench.serve((_, reply) => reply.send(200, {}, 'x'.repeat(11)));
    const answer = await bench.transport(server.origin).send(request(server.origin, { maxBytes: 11 }));
    assert.equal((await answer.bytes()).length, 11);
  });

  it('is refused when it does not, and the server may stop', async () => {
    let gone: Promise<unknown> | undefined;
    const origin = await bench.listen((socket) => {
      gone = once(socket, 'close');
      onEachHead(socket, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        const more = (): void =>
          void (socket.writable && socket.write('x'.repeat(10_000), () => setImmediate(more)));
        more();
      });
    });
    const answer = await bench.transport(origin).send(request(origin, { maxBytes: 1_000_000 }));
    assert.equal((await failureOf(answer.bytes(), 'badAnswer')).facts.code, 'TOO_LARGE');
    await gone;
  });
});
