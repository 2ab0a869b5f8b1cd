// Which credentials go where: to the realm that they are for, below the paths where it has asked.
import assert from 'node:assert/strict';
import { Secret } from '../../../../src/core/model/secret';
import type { Credentials, HttpAnswer } from '../../../../src/protocol/transport/http';
import { ProtectionSpace } from '../../../../src/protocol/transport/authentication/protectionSpace';
import type { PlainServer } from '../../../support/servers/plain';
import { alice, Bench, request } from './bench';

const bob: Credentials = { user: 'bob', password: new Secret('bob-pw') };
const basic = ({ user = '', password }: Credentials) =>
  `Basic ${Buffer.from(`${user}:${password?.reveal()}`).toString('base64')}`;

describe('credentials and realms', () => {
  const bench = new Bench();
  afterEach(() => bench.end());

  /** Each folder below the root is a realm with its own account. */
  const shared = (accounts: Record<string, Credentials>) =>
    bench.serve(({ path, headers }, reply) => {
      const folder = path.split('/')[1] ?? '';
      const account = accounts[folder];
      if (account && headers.authorization === basic(account)) return reply.send(200);
      reply.send(401, { 'WWW-Authenticate': `Basic realm="${folder}"` });
    });

  const asking = (server: PlainServer & { origin: string }, known: Record<string, Credentials>) => {
    const transport = bench.transport(server.origin, {
      credentials: (realm) => Promise.resolve(realm === undefined ? undefined : known[realm]),
    });
    return async (path: string, method = 'PROPFIND'): Promise<HttpAnswer> => {
      const answer = await transport.send(request(server.origin, { url: server.origin + path, method }));
      await answer.discard();
      return answer;
    };
  };

  const sentTo = (server: PlainServer, prefix: string) =>
    server.requests.filter(({ path }) => path.startsWith(prefix)).map(({ headers }) => headers.authorization);

  it('a realm never gets the password of another', async () => {
    const server = await shared({ '~alice': alice });
    const ask = asking(server, { '~alice': alice });
    assert.equal((await ask('/~alice/a')).status, 200);
    const { status, signIn } = await ask('/~mallory/a');
    assert.deepEqual([status, signIn], [401, { kind: 'signInNeeded', realm: '~mallory' }]);
    assert.deepEqual(sentTo(server, '/~mallory'), [undefined]);
  });

  it('each realm gets its own, also where they take turns', async () => {
    const server = await shared({ a: alice, b: bob });
    const ask = asking(server, { a: alice, b: bob });
    for (const path of ['/a/', '/b/', '/a/x', '/b/y', '/a/z']) assert.equal((await ask(path)).status, 200);
    assert.deepEqual(sentTo(server, '/a'), [undefined, basic(alice), basic(alice), basic(alice)]);
    assert.deepEqual(sentTo(server, '/b'), [undefined, basic(bob), basic(bob)]);
  });

  it('a path beside the one that asked is asked first', async () => {
    const server = await bench.serve(({ headers }, reply) =>
      headers.authorization
        ? reply.send(200)
        : reply.send(401, { 'WWW-Authenticate': 'Basic realm="shared"' }),
    );
    const ask = asking(server, { shared: alice });
    for (const path of ['/a', '/a/b', '/ab', '/a']) await ask(path);
    assert.deepEqual(
      server.requests.map(({ path, headers }) => [path, headers.authorization !== undefined]),
      [
        ['/a', false],
        ['/a', true],
        ['/a/b', true],
        ['/ab', false],
        ['/ab', true],
        ['/a', true],
      ],
    );
  });

  it('of several realms in one challenge, the one with credentials is answered', async () => {
    const server = await bench.serve(({ headers }, reply) =>
      headers.authorization === basic(bob)
        ? reply.send(200)
        : reply.send(401, { 'WWW-Authenticate': ['Basic realm="a"', 'Basic realm="b"'] }),
    );
    assert.equal((await asking(server, { b: bob })('/x')).status, 200);
  });

  it('a token goes unasked only below the folder that it is for', async () => {
    const server = await bench.serve((_, reply) => reply.send(200));
    const transport = bench.transport(server.origin, {
      credentials: () => Promise.resolve({ token: new Secret('t'), below: '/team/' }),
    });
    for (const path of ['/team/a', '/team', '/teams', '/']) {
      const answer = await transport.send(request(server.origin, { url: server.origin + path }));
      await answer.discard();
    }
    assert.deepEqual(
      server.requests.map(({ path, headers }) => [path, headers.authorization]),
      [
        ['/team/a', 'Bearer t'],
        ['/team', 'Bearer t'],
        ['/teams', undefined],
        ['/', undefined],
      ],
    );
  });

  it('a space covers its roots and what is below, by whole names', () => {
    const space = new ProtectionSpace();
    assert.equal(space.depthOf('/'), undefined);
    space.add('/a/b/');
    for (const path of ['/a/b', '/a/b/', '/a/b/c/d']) assert.equal(space.depthOf(path), 4, path);
    for (const path of ['/a', '/a/', '/a/bc', '/', '']) assert.equal(space.depthOf(path), undefined, path);
    space.add('/');
    assert.equal(space.depthOf('/a/bc'), 0);
    assert.equal(space.depthOf('/a/b/c'), 4);
  });
});
