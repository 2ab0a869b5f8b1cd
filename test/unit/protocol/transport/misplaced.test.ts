import assert from 'node:assert/strict';
import { alice, Bench, failureOf, onEachHead, request } from './bench';
import { found, isPair, serve, written } from './pair';

describe('An answer that belongs to another request', () => {
  const bench = new Bench();
  afterEach(() => bench.end());

  it('ends its connection, and the rest of what comes over it is nobody’s answer', async () => {
    const { ask, put, all } = await serve(bench, (arrived, socket) => {
      if (isPair(arrived)) socket.write(written + written + found);
      else if (arrived.at(-1)?.method !== 'PUT') socket.write(found);
    });
    await ask();
    const { sent, looks } = put();
    assert.equal((await sent).status, 204);
    await assert.rejects(looks[0] ?? Promise.resolve(), { kind: 'interrupted' });
    await ask();
    assert.deepEqual(all.at(-1), { method: 'PROPFIND', isSigned: true, connection: 2 });
  });

  for (const misplaced of [207, 412])
    it(`is asked for again over another connection, if it was only a question: ${misplaced}`, async () => {
      let connections = 0;
      const asked: string[] = [];
      const origin = await bench.listen((socket) => {
        const connection = (connections += 1);
        onEachHead(socket, (head) => {
          const [method = ''] = head.split(' ');
          asked.push(`${method} ${connection}`);
          const status = method === 'PROPFIND' ? 207 : connection > 1 ? 200 : misplaced;
          socket.write(`HTTP/1.1 ${status} Fine\r\nContent-Length: 4\r\n\r\ntext`);
        });
      });
      const transport = bench.transport(origin, { credentials: () => Promise.resolve(alice) });
      await (await transport.send(request(origin))).discard();
      const answer = await transport.send(request(origin, { method: 'GET' }));
      assert.deepEqual([answer.status, await answer.text()], [200, 'text']);
      assert.deepEqual(asked, ['PROPFIND 1', 'GET 1', 'GET 2']);
    });

  it('leaves a change in doubt', async () => {
    const origin = await bench.listen((socket) => onEachHead(socket, () => socket.write(written)));
    const transport = bench.transport(origin);
    await transport.send(request(origin, { method: 'OPTIONS' }));
    const { facts } = await failureOf(transport.send(request(origin, { method: 'LOCK' })), 'interrupted');
    assert.equal(facts.maybeDone, true);
  });

  it('cannot be that to a GET with a lock token in it', async () => {
    let connections = 0;
    const origin = await bench.listen((socket) => {
      const connection = (connections += 1);
      onEachHead(socket, () =>
        socket.write(`HTTP/1.1 200 OK\r\nLock-Token: <urn:x>\r\nContent-Length: 1\r\n\r\n${connection}`),
      );
    });
    const transport = bench.transport(origin);
    for (const connection of ['1', '1'])
      assert.equal(
        await (await transport.send(request(origin, { method: 'LOCK' }))).text(),
        connection,
        'only LOCK has one',
      );
    const answer = await transport.send(request(origin, { method: 'GET' }));
    assert.equal(await answer.text(), '2');
  });

  it('cannot be the first over a connection: then the server is another one than was thought', async () => {
    const origin = await bench.listen((socket) => onEachHead(socket, () => socket.write(written)));
    const transport = bench.transport(origin);
    for (let round = 1; round <= 3; round++)
      assert.equal((await transport.send(request(origin))).status, 204);
  });
});
