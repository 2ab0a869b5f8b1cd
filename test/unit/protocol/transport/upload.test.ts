import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resourceId } from '../../../../src/core/model/resource';
import { createTransport } from '../../../../src/protocol/transport/transport';

describe('An upload that tells how far it is', () => {
  let server: Server;
  let got: { length: string | undefined; encoding: string | undefined; bytes: number };

  before(async () => {
    server = createServer((request, response) => {
      got = {
        length: request.headers['content-length'],
        encoding: request.headers['transfer-encoding'],
        bytes: 0,
      };
      request.on('data', (part: Buffer) => (got.bytes += part.length));
      request.on('end', () => response.end());
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  });

  after(() => server.close());

  it('arrives whole, with its length told before, and ends at its size', async () => {
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const transport = createTransport({
      origin,
      credentials: () => Promise.resolve(undefined),
      userAgent: 'test',
      now: () => performance.now(),
    });
    const sent: number[] = [];
    const size = 3 * 1024 * 1024 + 5;
    const answer = await transport.send({
      method: 'PUT',
      resource: resourceId(`${origin}/a`),
      url: `${origin}/a`,
      body: new Uint8Array(size),
      onSent: (bytes) => sent.push(bytes),
    });
    await answer.discard();
    await transport.close();
    assert.deepEqual(got, { length: String(size), encoding: undefined, bytes: size });
    assert.deepEqual(
      sent,
      [...sent].sort((one, other) => one - other),
    );
    assert.equal(sent.at(-1), size);
    assert.ok(sent.length > 40, `${sent.length} reports`);
  });
});
