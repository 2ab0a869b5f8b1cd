import assert from 'node:assert/strict';
import { Cookies } from '../../../../src/protocol/transport/authentication/cookies';
import { Bench, request } from './bench';

describe('cookies', () => {
  let now = 0;
  const jar = (origin = 'https://dav.example.org') => new Cookies(new URL(origin), () => now);
  beforeEach(() => (now = 0));

  const rows: readonly (readonly [string, string, string, string | undefined])[] = [
    ['goes back', 'sid=1', '/a/b', 'sid=1'],
    ['keeps an equals sign in its value', 'sid=a=b', '/a', 'sid=a=b'],
    ['without a name is its value', 'sid', '/a', 'sid'],
    ['is for the folder of the answer', 'sid=1', '/b', undefined],
    ['with a path is for that path', 'sid=1; Path=/', '/b', 'sid=1'],
    ['of a path is not for a longer name', 'sid=1; path=/ab', '/abc', undefined],
    ['of our domain is kept', 'sid=1; Path=/; Domain=.example.org', '/', 'sid=1'],
    ['of another domain is not', 'sid=1; Path=/; Domain=evil.org', '/', undefined],
    ['of a domain that merely ends like ours is not', 'sid=1; Path=/; Domain=ple.org', '/', undefined],
    ['that is over is not kept', 'sid=1; Path=/; Max-Age=0', '/', undefined],
    ['of the past is not kept', 'sid=1; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT', '/', undefined],
    ['with a line break in it is not kept', 'sid=1\n; Path=/', '/', undefined],
    ['of nothing is not kept', '; Path=/', '/', undefined],
    ['too long is not kept', `sid=${'1'.repeat(5000)}; Path=/`, '/', undefined],
  ];
  for (const [what, line, path, expected] of rows) {
    it(what, () => {
      const cookies = jar();
      cookies.take(line, '/a/x', undefined);
      assert.equal(cookies.headerFor(path), expected);
    });
  }

  it('that is secure does not come from plain http', () => {
    const cookies = jar('http://dav.example.org');
    cookies.take('sid=1; Path=/; Secure', '/', undefined);
    assert.equal(cookies.headerFor('/'), undefined);
  });

  it('ends at its age, or at its date by the clock of the server', () => {
    const cookies = jar();
    cookies.take('a=1; Path=/; Max-Age=2', '/', undefined);
    const date = 'Thu, 01 Jan 2026 00:00:00 GMT';
    cookies.take('b=1; Path=/; Expires=Thu, 01 Jan 2026 00:00:05 GMT', '/', date);
    assert.equal(cookies.headerFor('/'), 'a=1; b=1');
    now = 3000;
    assert.equal(cookies.headerFor('/'), 'b=1');
    now = 6000;
    assert.equal(cookies.headerFor('/'), undefined);
  });

  it('are replaced by their name, taken back, and few', () => {
    const cookies = jar();
    for (const value of ['1', '2']) cookies.take(`sid=${value}; Path=/`, '/', undefined);
    assert.equal(cookies.headerFor('/'), 'sid=2');
    cookies.take('sid=; Path=/; Max-Age=-1', '/', undefined);
    assert.equal(cookies.headerFor('/'), undefined);
    for (let count = 0; count < 200; count++) cookies.take(`c${count}=1; Path=/`, '/', undefined);
    assert.equal(cookies.headerFor('/')?.split('; ').length, 50);
  });

  describe('over the wire', () => {
    const bench = new Bench();
    afterEach(() => bench.end());

    it('keep a session, and are never in the log', async () => {
      const server = await bench.serve(({ headers }, reply) =>
        headers.cookie === 'sid=s3cret; other=1'
          ? reply.send(200)
          : reply.send(302, { Location: '/a', 'Set-Cookie': ['sid=s3cret; Path=/', 'other=1'] }),
      );
      const transport = bench.transport(server.origin);
      const answer = await transport.send(request(server.origin));
      assert.equal(answer.status, 200);
      await answer.discard();
      assert.equal(server.requests.length, 2);
      assert.equal(JSON.stringify(bench.exchanges).includes('s3cret'), false);
    });
  });
});
