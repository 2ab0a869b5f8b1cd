import assert from 'node:assert/strict';
import type net from 'node:net';
import { isFailure } from '../../../../src/core/model/failure';
import type { HttpRequest } from '../../../../src/protocol/transport/http';
import { alice, Bench, failureOf, request } from './bench';
import { apart, breaks, challenge, closing, found, isPair, methods, serve, together, written } from './pair';

describe('A request right behind another', () => {
  const bench = new Bench();
  afterEach(() => bench.end());

  it('goes over the same connection before the first is answered', async () => {
    const { ask, put } = await serve(
      bench,
      together((socket) => socket.write(written + found)),
    );
    await ask();
    for (let round = 0; round < 3; round += 1) {
      const { sent, looks } = put();
      assert.equal((await sent).status, 204);
      assert.equal(looks.length, 1);
      assert.equal(await (await looks[0])?.text(), 'ok');
    }
    await ask();
  });

  it('is answered for itself, however late and in however many pieces', async () => {
    const { ask, put } = await serve(
      bench,
      together((socket) => {
        const pieces = (written + found).match(/[^]{1,7}/g) ?? [];
        const next = () => {
          const piece = pieces.shift();
          if (piece !== undefined) socket.write(piece, () => void setImmediate(next));
        };
        next();
      }),
    );
    await ask();
    const { sent, looks } = put();
    assert.equal((await sent).status, 204);
    assert.equal(await (await looks[0])?.text(), 'ok');
  });

  it('keeps no other request waiting', async () => {
    let release: () => void = () => undefined;
    const { ask, put } = await serve(
      bench,
      together((socket) => (release = () => socket.write(written + found))),
    );
    await ask();
    const { sent } = put();
    await Promise.all(Array.from({ length: 10 }, ask));
    release();
    assert.equal((await sent).status, 204);
  });

  const notSent: readonly (readonly [string, Partial<HttpRequest>])[] = [
    ['a large body', { body: 'x'.repeat(64 * 1024 + 1) }],
    ['a body whose way is reported', { body: Buffer.from('text'), onSent: () => undefined }],
  ];
  for (const [what, more] of notSent)
    it(`is not sent behind ${what}`, async () => {
      const { ask, put } = await serve(bench, apart);
      await ask();
      const { sent, looks } = put(more);
      assert.equal((await sent).status, 204);
      assert.deepEqual(looks, []);
    });

  it('is not sent before the sign-in has worked', async () => {
    const { all, put } = await serve(bench, apart);
    const { sent, looks } = put();
    assert.equal((await sent).status, 204);
    assert.deepEqual(looks, []);
    assert.equal(methods(all), 'PUT PUT');
  });

  it('is not sent through a proxy, nor signed by Digest', async () => {
    const digest = 'Digest realm="dav", nonce="n", qop="auth", algorithm=SHA-256';
    const server = await bench.serve(({ method, headers }, reply) =>
      headers.authorization === undefined
        ? reply.send(401, { 'WWW-Authenticate': digest })
        : reply.send(method === 'PUT' ? 204 : 207),
    );
    const proxy = await bench.serve(({ method, headers }, reply) =>
      headers.authorization === undefined
        ? reply.send(401, { 'WWW-Authenticate': 'Basic realm="dav"' })
        : reply.send(method === 'PUT' ? 204 : 207),
    );
    for (const [origin, options] of [
      [server.origin, {}],
      ['http://files.invalid', { proxy: { url: proxy.origin } }],
    ] as const) {
      const inClear = { ...alice, inClear: true };
      const transport = bench.transport(origin, { credentials: () => Promise.resolve(inClear), ...options });
      await (await transport.send(request(origin))).discard();
      const onSent = () => assert.fail('It is sent');
      const next = { request: request(origin), onSent };
      const answer = await transport.send(request(origin, { method: 'PUT', body: 'text', next }));
      assert.equal(answer.status, 204);
    }
  });

  for (const [what, run] of Object.entries(breaks))
    it(`is not sent again where ${what}, and the first is not harmed`, async () => {
      const { all, ask, put } = await serve(bench, together(run));
      await ask();
      all.length = 0;
      const { sent, looks } = put();
      assert.equal((await sent).status, 204);
      await assert.rejects(async () => (await looks[0])?.bytes());
      await ask();
      assert.equal(methods(all), 'PUT PROPFIND PROPFIND');
    });

  it('goes on where a server closes a connection after so many requests, but not where it does each time', async () => {
    const closes = together((socket) => socket.end(closing));
    let answer = closes;
    const { all, ask, put } = await serve(bench, (...arrived) => answer(...arrived));
    /** Saves once; tells what became of the look behind it. */
    const save = async () => {
      await ask();
      all.length = 0;
      const { sent, looks } = put();
      assert.equal((await sent).status, 204);
      const failure = await looks[0]?.then(
        () => undefined,
        (error: unknown) => error,
      );
      return isFailure(failure) ? failure.kind : methods(all);
    };
    assert.equal(await save(), 'canceled');
    answer = apart;
    assert.equal(await save(), 'PUT PROPFIND');
    answer = closes;
    assert.equal(await save(), 'canceled');
    assert.equal(await save(), 'canceled');
    answer = apart;
    assert.equal(await save(), 'PUT');
  });

  it('fails with the first where the connection breaks before an answer', async () => {
    const { all, ask, put } = await serve(
      bench,
      together((socket) => socket.resetAndDestroy()),
    );
    await ask();
    all.length = 0;
    const { sent, looks } = put();
    const failure = await failureOf(sent, 'interrupted');
    assert.equal(failure.facts.maybeDone, true);
    await assert.rejects(async () => looks[0], isFailure);
    await ask();
    assert.equal(methods(all), 'PUT PROPFIND PROPFIND');
  });

  it('has no time of its own before the first is answered, which is sent once', async () => {
    let pair: net.Socket | undefined;
    const { all, ask, put } = await serve(
      bench,
      together((socket) => (pair = socket)),
    );
    await ask();
    const { sent, looks } = put({}, { headersMs: 1 });
    // Longer than that by far.
    for (let round = 0; round < 5; round += 1) await ask();
    pair?.write(written + found);
    assert.equal((await sent).status, 204);
    assert.equal((await looks[0])?.status, 207);
    assert.equal(all.filter(({ method }) => method === 'PUT').length, 1);
  });

  it('ends with the first where that is given up, and neither is sent again', async () => {
    const { all, ask, put } = await serve(
      bench,
      together(() => undefined),
    );
    await ask();
    const { sent, looks } = put({ headersMs: 50 });
    await failureOf(sent, 'timeout');
    await assert.rejects(async () => looks[0], isFailure);
    await ask();
    assert.equal(methods(all).match(/PUT/g)?.length, 1);
  });

  it('harms no third request where the connection closes before its answer', async () => {
    let close: () => void = () => undefined;
    const { ask, put } = await serve(
      bench,
      together((socket) => {
        socket.write(written);
        close = () => socket.end();
      }),
    );
    await ask();
    const { sent, looks } = put();
    assert.equal((await sent).status, 204);
    const third = ask();
    close();
    await assert.rejects(async () => looks[0], { kind: 'interrupted' });
    await third;
  });

  it('ends with its transport', async () => {
    for (const answer of ['', written]) {
      let both: () => void = () => undefined;
      const arrived = new Promise<void>((resolve) => (both = resolve));
      const { ask, put, close } = await serve(
        bench,
        together((socket) => socket.write(answer, both)),
      );
      await ask();
      const { sent, looks } = put();
      if (answer === '') sent.catch(() => undefined);
      else await sent;
      await arrived;
      await close();
      await assert.rejects(async () => looks[0]);
    }
  });

  it('is given up soon after the first answer where none comes to it', async () => {
    const { ask, put } = await serve(
      bench,
      together((socket) => socket.write(written)),
    );
    await ask();
    const { sent, looks } = put();
    assert.equal((await sent).status, 204);
    await assert.rejects(async () => looks[0], { kind: 'timeout' });
    await ask();
  });

  for (const [what, first, again] of [
    ['signed anew', challenge, written],
    ['redirected', 'HTTP/1.1 307 Elsewhere\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n', written],
  ] as const)
    it(`does not count where the first is ${what}`, async () => {
      let isFirst = true;
      const { ask, put } = await serve(bench, (arrived, socket) => {
        if (arrived.at(-1)?.method !== 'PUT' && !isPair(arrived)) return void socket.write(found);
        if (isFirst && isPair(arrived)) {
          isFirst = false;
          socket.write(first + found);
        } else if (!isFirst) socket.write(arrived.at(-1)?.method === 'PUT' ? again : found);
      });
      await ask();
      const { sent, looks } = put();
      await sent.then(
        (answer) => answer.discard(),
        () => undefined,
      );
      await assert.rejects(async () => looks[0], isFailure);
      await ask();
    });
});
