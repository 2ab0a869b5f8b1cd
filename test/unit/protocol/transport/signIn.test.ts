import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Secret } from '../../../../src/core/model/secret';
import type { Credentials } from '../../../../src/protocol/transport/http';
import type { PlainHandler, PlainRequest } from '../../../support/servers/plain';
import { alice, Bench, failureOf, onEachHead, request } from './bench';

const basicAlice = `Basic ${Buffer.from('alice:alice-pw').toString('base64')}`;
const given = (credentials: Credentials | undefined) => ({ credentials: () => Promise.resolve(credentials) });

/** Answers whoever is let in, and challenges everybody else. */
function guarded(
  challenge: string | readonly string[],
  letIn: (authorization: string) => boolean,
): PlainHandler {
  return ({ headers }, reply) =>
    letIn(headers.authorization ?? '')
      ? reply.send(200, {}, 'in')
      : reply.send(401, { 'WWW-Authenticate': challenge }, 'out');
}

describe('signing in', () => {
  const bench = new Bench();
  afterEach(() => bench.end());

  const signatures = (requests: readonly PlainRequest[]) =>
    requests.map(({ headers }) => headers.authorization);

  it('sends a password only once asked, and from then on with every request', async () => {
    const server = await bench.serve(guarded('Basic realm="x"', (sent) => sent === basicAlice));
    const transport = bench.transport(server.origin, given(alice));
    for (const body of ['1', '2']) {
      const answer = await transport.send(request(server.origin, { method: 'PUT', body }));
      assert.equal(await answer.text(), 'in');
    }
    assert.deepEqual(signatures(server.requests), [undefined, basicAlice, basicAlice]);
    assert.deepEqual(
      server.requests.map(({ body }) => body.toString()),
      ['1', '1', '2'],
    );
  });

  it('sends the name and the password in UTF-8', async () => {
    const umlaut = { user: '\u00e4', password: new Secret('\u20ac') };
    const server = await bench.serve(guarded('Basic realm="x"', (sent) => sent === 'Basic w6Q64oKs'));
    const answer = await bench.transport(server.origin, given(umlaut)).send(request(server.origin));
    assert.equal(answer.status, 200);
    await answer.discard();
  });

  it('lets one of many requests be challenged, not each', async () => {
    const server = await bench.serve(guarded('Basic realm="x"', (sent) => sent === basicAlice));
    const transport = bench.transport(server.origin, given(alice));
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => transport.send(request(server.origin))),
    );
    await Promise.all(answers.map((answer) => answer.bytes()));
    assert.equal(server.requests.length, 21);
  });

  it('asks for what it knows once where nobody wants it', async () => {
    const server = await bench.serve((_, reply) => reply.send(200));
    let asked = 0;
    const credentials = () => {
      asked++;
      return Promise.resolve(alice);
    };
    const transport = bench.transport(server.origin, { credentials });
    const send = async () => (await transport.send(request(server.origin))).discard();
    await Promise.all([send(), send(), send()]);
    await send();
    assert.equal(asked, 1);
  });

  it('gives the 401 where nothing is known to sign with', async () => {
    const server = await bench.serve(guarded('Basic realm="x"', () => false));
    const answer = await bench.transport(server.origin).send(request(server.origin));
    assert.deepEqual([answer.status, await answer.text(), server.requests.length], [401, 'out', 1]);
  });

  it('sends a password that was refused once, not again', async () => {
    const server = await bench.serve(guarded('Basic realm="x"', () => false));
    const transport = bench.transport(server.origin, given(alice));
    for (let times = 0; times < 3; times++) {
      const answer = await transport.send(request(server.origin));
      assert.deepEqual([answer.status, await answer.text()], [401, 'out']);
    }
    assert.equal(signatures(server.requests).filter((sent) => sent !== undefined).length, 1);
  });

  it('sends another password after the first was refused', async () => {
    const server = await bench.serve(guarded('Basic realm="x"', (sent) => sent === basicAlice));
    let current: Credentials = { user: 'alice', password: new Secret('old') };
    const transport = bench.transport(server.origin, { credentials: () => Promise.resolve(current) });
    const statuses: number[] = [];
    for (const credentials of [current, alice]) {
      current = credentials;
      const answer = await transport.send(request(server.origin));
      statuses.push(answer.status);
      await answer.discard();
    }
    assert.deepEqual(statuses, [401, 200]);
  });

  it('keeps a password that worked when one request is refused with it', async () => {
    const server = await bench.serve(({ headers, method }, reply) =>
      headers.authorization === basicAlice && method !== 'PUT'
        ? reply.send(200)
        : reply.send(401, { 'WWW-Authenticate': 'Basic realm="x"' }),
    );
    const transport = bench.transport(server.origin, given(alice));
    const statuses: number[] = [];
    for (const method of ['PROPFIND', 'PUT', 'PROPFIND']) {
      const answer = await transport.send(request(server.origin, { method }));
      statuses.push(answer.status);
      await answer.discard();
    }
    assert.deepEqual(statuses, [200, 401, 200]);
    assert.deepEqual(signatures(server.requests), [undefined, basicAlice, basicAlice, basicAlice]);
  });

  it('gives a password up that worked and is refused three times in a row', async () => {
    let open = true;
    const server = await bench.serve(guarded('Basic realm="x"', (sent) => open && sent === basicAlice));
    const transport = bench.transport(server.origin, given(alice));
    for (let times = 0; times < 7; times++) {
      await (await transport.send(request(server.origin))).discard();
      open = false;
    }
    assert.equal(signatures(server.requests).filter((sent) => sent !== undefined).length, 4);
  });

  it('keeps no password that was refused before anybody looked at it', async () => {
    const server = await bench.serve(({ headers }, reply) => {
      if (server.requests.length === 2) reply.send(400);
      else reply.send(401, { 'WWW-Authenticate': 'Basic realm="x"' }, headers.authorization ?? '');
    });
    const transport = bench.transport(server.origin, given(alice));
    for (let times = 0; times < 4; times++) await (await transport.send(request(server.origin))).discard();
    assert.equal(signatures(server.requests).filter((sent) => sent !== undefined).length, 2);
  });

  it('sends a token with the first request', async () => {
    const server = await bench.serve(guarded('Bearer', (sent) => sent === 'Bearer abc'));
    const transport = bench.transport(server.origin, given({ token: new Secret(' abc\n') }));
    const answer = await transport.send(request(server.origin));
    assert.deepEqual([answer.status, await answer.text(), server.requests.length], [200, 'in', 1]);
  });

  it('takes the token that has replaced a refused one', async () => {
    const server = await bench.serve(
      guarded('Bearer error="invalid_token"', (sent) => sent === 'Bearer new'),
    );
    const tokens = ['old', 'new'];
    const credentials = () => Promise.resolve({ token: new Secret(tokens.shift() ?? 'none') });
    const answer = await bench.transport(server.origin, { credentials }).send(request(server.origin));
    assert.equal(answer.status, 200);
    await answer.discard();
  });

  it('asks for the credentials again after that failed', async () => {
    const server = await bench.serve(guarded('Basic realm="x"', (sent) => sent === basicAlice));
    const answers = [Promise.reject(new Error('locked')), Promise.resolve(alice), Promise.resolve(alice)];
    answers[0]?.catch(() => undefined);
    const credentials = () => answers.shift() ?? Promise.resolve(undefined);
    const transport = bench.transport(server.origin, { credentials });
    const failure = await failureOf(transport.send(request(server.origin)), 'signInNeeded');
    assert.equal(failure.facts.code, 'CREDENTIALS_UNREADABLE');
    const answer = await transport.send(request(server.origin));
    assert.equal(answer.status, 200);
    await answer.discard();
  });

  it('leaves nothing open when the credentials cannot be had', async () => {
    let gone: Promise<unknown> | undefined;
    const origin = await bench.listen((socket) => {
      gone = once(socket, 'close');
      onEachHead(socket, () => socket.write('HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm="x"\r\n\r\nx'));
    });
    const answers = [Promise.resolve(alice), Promise.reject(new Error('locked'))];
    answers[1]?.catch(() => undefined);
    const credentials = () => answers.shift() ?? Promise.resolve(undefined);
    await failureOf(bench.transport(origin, { credentials }).send(request(origin)), 'signInNeeded');
    await gone;
  });

  describe('by the strongest way that both know', () => {
    const digest = 'Digest realm="r", nonce="n", qop="auth"';
    const rows: readonly (readonly [string, string | readonly string[], RegExp])[] = [
      ['Digest before Basic', [`Basic realm="x"`, digest], /^Digest /],
      ['in one header too', `Negotiate, Basic realm="x", ${digest}`, /^Digest /],
      ['SHA-256 before MD5', [digest, `${digest}, algorithm=SHA-256`], /algorithm=SHA-256/],
      [
        'MD5 before what is not known',
        [`${digest}, algorithm=SHA-512-256`, digest],
        /^Digest (?!.*algorithm)/,
      ],
      ['Basic before what is not known', ['Negotiate', 'NTLM', 'Basic realm="x"'], /^Basic /],
    ];
    for (const [what, challenge, expected] of rows) {
      it(what, async () => {
        const server = await bench.serve(guarded(challenge, (sent) => sent !== ''));
        const answer = await bench.transport(server.origin, given(alice)).send(request(server.origin));
        await answer.discard();
        assert.match(server.requests[1]?.headers.authorization ?? '', expected);
      });
    }

    it('the header of Git LFS counts', async () => {
      const server = await bench.serve(({ headers }, reply) =>
        reply.send(headers.authorization ? 200 : 401, { 'LFS-Authenticate': 'Basic realm="x"' }),
      );
      const answer = await bench.transport(server.origin, given(alice)).send(request(server.origin));
      assert.equal(answer.status, 200);
      await answer.discard();
    });

    it('nothing is sent where nothing is known', async () => {
      const server = await bench.serve(guarded('Negotiate', () => false));
      const answer = await bench.transport(server.origin, given(alice)).send(request(server.origin));
      assert.deepEqual([answer.status, server.requests.length], [401, 1]);
      await answer.discard();
    });
  });
});
