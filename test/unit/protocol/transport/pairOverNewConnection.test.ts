// Two requests back to back over a connection that is opened for them, because the one before it was closed.
import assert from 'node:assert/strict';
import type net from 'node:net';
import { isFailure, type FailureKind } from '../../../../src/core/model/failure';
import { makeCertificate } from '../../../support/servers/certificate';
import { Bench, failureOf } from './bench';
import {
  type Answering,
  apart,
  breaks,
  challenge,
  found,
  isPair,
  methods,
  serve,
  together,
  written,
} from './pair';

const self = makeCertificate('selfSigned');

describe('A request right behind another, over a new connection', () => {
  const bench = new Bench();
  afterEach(() => bench.end());

  /** The server has answered, and closed its connection since. */
  async function lefter(answer: Answering, certificate?: Parameters<typeof serve>[2]) {
    const server = await serve(bench, answer, certificate);
    await server.ask();
    await server.closeIdle();
    server.all.length = 0;
    return server;
  }

  for (const [what, certificate] of [
    ['plain', undefined],
    ['with TLS', self],
  ] as const)
    it(`goes before the first is answered, ${what}`, async () => {
      const { all, ask, put, closeIdle } = await lefter(
        together((socket) => socket.write(written + found)),
        certificate,
      );
      for (let round = 0; round < 3; round += 1) {
        all.length = 0;
        const { sent, looks } = put();
        assert.equal((await sent).status, 204);
        assert.equal(await (await looks[0])?.text(), 'ok');
        assert.equal(looks.length, 1);
        assert.equal(methods(all), 'PUT PROPFIND');
        assert.equal(new Set(all.map(({ connection }) => connection)).size, 1);
        await closeIdle();
      }
      await ask();
    });

  it('is not sent where each answer closes its connection', async () => {
    const closing = (answer: string) => answer.replace('\r\n', '\r\nConnection: close\r\n');
    const { all, ask, put, manner } = await serve(bench, (arrived, socket) =>
      socket.end(closing(arrived.at(-1)?.method === 'PUT' ? written : found)),
    );
    manner.challenge = (socket) => socket.end(closing(challenge));
    await ask();
    all.length = 0;
    const { sent, looks } = put();
    assert.equal((await sent).status, 204);
    assert.deepEqual(looks, []);
    assert.equal(methods(all), 'PUT');
  });

  it('keeps no other request waiting', async () => {
    let release: () => void = () => undefined;
    const { ask, put } = await lefter(together((socket) => (release = () => socket.write(written + found))));
    const { sent, looks } = put();
    await Promise.all(Array.from({ length: 10 }, ask));
    release();
    assert.equal((await sent).status, 204);
    assert.equal((await looks[0])?.status, 207);
  });

  for (const [what, run] of Object.entries(breaks))
    it(`is not sent again where ${what}, and the first is not harmed`, async () => {
      const { all, ask, put } = await lefter(together(run));
      const { sent, looks } = put();
      assert.equal((await sent).status, 204);
      await assert.rejects(async () => (await looks[0])?.bytes());
      await ask();
      assert.equal(methods(all), 'PUT PROPFIND PROPFIND');
    });

  it('fails with the first where the connection breaks before an answer', async () => {
    const { all, ask, put } = await lefter(together((socket) => socket.resetAndDestroy()));
    const { sent, looks } = put();
    const failure = await failureOf(sent, 'interrupted');
    assert.equal(failure.facts.maybeDone, true);
    await assert.rejects(async () => looks[0], isFailure);
    await ask();
    assert.equal(methods(all), 'PUT PROPFIND PROPFIND');
  });

  it('is not sent again, nor the first, where the connection breaks in the middle of the first', async () => {
    const { all, put } = await lefter((arrived, socket) => {
      if (arrived.at(-1)?.method === 'PUT') socket.resetAndDestroy();
      else socket.write(found);
    });
    const { sent, looks } = put();
    assert.equal((await failureOf(sent, 'interrupted')).facts.maybeDone, true);
    await assert.rejects(async () => looks[0], isFailure);
    assert.equal(methods(all).match(/PUT/g)?.length, 1);
    assert.equal(new Set(all.map(({ connection }) => connection)).size, 1);
  });

  it('does not count where the first is challenged, which is signed and sent again', async () => {
    let isFirst = true;
    const { all, put } = await lefter((arrived, socket) => {
      const isWrite = arrived.at(-1)?.method === 'PUT';
      if (isPair(arrived) && isFirst) {
        isFirst = false;
        socket.write(challenge + found);
      } else if (!isFirst) apart(arrived, socket);
      else if (!isWrite) socket.write(found);
    });
    const { sent, looks } = put();
    // The same password again would be no use.
    assert.equal((await sent).status, 401);
    await assert.rejects(async () => looks[0], isFailure);
    assert.equal(methods(all), 'PUT PROPFIND');
  });

  for (const [kind, greet] of [
    ['unreachable', (socket) => socket.resetAndDestroy()],
    ['timeout', () => undefined],
  ] as const satisfies readonly (readonly [FailureKind, (socket: net.Socket) => unknown])[])
    it(`is not sent where TLS ends in the failure ${kind}, and neither is the first, also not later`, async () => {
      const { all, ask, put, manner } = await lefter(
        together((socket) => socket.write(written + found)),
        self,
      );
      manner.greet = greet;
      const { sent, looks } = put(kind === 'timeout' ? { headersMs: 200 } : {});
      assert.equal((await failureOf(sent, kind)).facts.maybeDone, false);
      assert.equal(looks.length, 1);
      await assert.rejects(async () => looks[0], isFailure);
      delete manner.greet;
      await ask();
      assert.equal(methods(all), 'PROPFIND');
    });
});
