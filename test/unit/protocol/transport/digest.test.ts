import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { parseChallenges } from '../../../../src/protocol/transport/authentication/challenges';
import {
  DigestSession,
  digestChallenge,
  type DigestChallenge,
} from '../../../../src/protocol/transport/authentication/digest';

function challenge(params: string): DigestChallenge | undefined {
  const [only] = parseChallenges(`Digest ${params}`);
  assert(only);
  return digestChallenge(only);
}

function session(params: string, user: string, password: string, cnonce: string): DigestSession {
  const read = challenge(params);
  assert(read);
  return new DigestSession(read, user, password, cnonce);
}

function fields(authorization: string): Record<string, string> {
  const [only] = parseChallenges(authorization);
  assert.equal(only?.scheme, 'digest');
  return Object.fromEntries(only.params);
}

describe('Digest', () => {
  it('knows no algorithm by a name that every object has', () => {
    for (const algorithm of ['constructor', '__proto__', 'toString', 'constructor-sess'])
      assert.equal(challenge(`realm="r", nonce="n", algorithm=${algorithm}`), undefined, algorithm);
  });

  // RFC 7616 section 3.9.1.
  const mufasa =
    'realm="http-auth@example.org", qop="auth, auth-int", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", ' +
    'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"';
  const cnonce = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ';
  for (const [algorithm, response] of [
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ] as const) {
    it(`answers the example of RFC 7616 by ${algorithm}`, () => {
      const header = session(`${mufasa}, algorithm=${algorithm}`, 'Mufasa', 'Circle of Life', cnonce);
      const authorization = header.authorization('GET', '/dir/index.html');
      assert.deepEqual(fields(authorization), {
        username: 'Mufasa',
        realm: 'http-auth@example.org',
        nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
        uri: '/dir/index.html',
        response,
        opaque: 'FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS',
        algorithm,
        qop: 'auth',
        nc: '00000001',
        cnonce,
      });
      assert.match(authorization, /, qop=auth, nc=00000001, /);
    });
  }

  it('answers the example of RFC 2617, where no algorithm is named', () => {
    const params = 'realm="testrealm@host.com", qop="auth", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"';
    const header = session(params, 'Mufasa', 'Circle Of Life', '0a4f113b').authorization(
      'GET',
      '/dir/index.html',
    );
    assert.equal(fields(header)['response'], '6629fae49393a05397450978507c4ef1');
    assert.equal('algorithm' in fields(header), false);
  });

  it('answers the older form without qop, as RFC 2069 corrected has it', () => {
    const params = 'realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"';
    const header = session(params, 'Mufasa', 'CircleOfLife', 'x').authorization('GET', '/dir/index.html');
    const read = fields(header);
    assert.equal(read['response'], '1949323746fe6a43ef61f9606e7febea');
    assert.equal('qop' in read || 'nc' in read || 'cnonce' in read, false);
  });

  it('answers -sess by the nonce that the session began with', () => {
    const params = 'realm="r", qop="auth", nonce="n", algorithm=MD5-sess';
    const one = session(params, 'u', 'p', 'c');
    // H(H(H(u:r:p):n:c):n:00000001:c:auth:H(GET:/)) by md5sum.
    assert.equal(fields(one.authorization('GET', '/'))['response'], '6e4aac8b22e97762f88ccd0d5ccf5b1d');
    one.renew('n2');
    assert.equal(fields(one.authorization('GET', '/'))['response'], 'e4f8fbec74396b003d8db917d9e4059f');
  });

  it('counts the uses of a nonce, in hexadecimal, and anew for a new one', () => {
    const one = session('realm="r", qop="auth", nonce="n"', 'u', 'p', 'c');
    const counts = Array.from({ length: 11 }, () => fields(one.authorization('GET', '/'))['nc']);
    assert.deepEqual([counts[0], counts[1], counts[10]], ['00000001', '00000002', '0000000b']);
    one.renew('n');
    assert.equal(fields(one.authorization('GET', '/'))['nc'], '0000000c');
    one.renew('m');
    const { nc, nonce } = fields(one.authorization('GET', '/'));
    assert.deepEqual([nc, nonce], ['00000001', 'm']);
  });

  it('takes another client nonce for each session', () => {
    const read = challenge('realm="r", qop="auth", nonce="n"');
    assert(read);
    const nonces = [1, 2].map(
      () => fields(new DigestSession(read, 'u', 'p').authorization('GET', '/'))['cnonce'],
    );
    assert.notEqual(nonces[0], nonces[1]);
  });

  it('quotes what it must and writes UTF-8', () => {
    const header = session('realm="a \\"b\\"", qop="auth", nonce="n"', 'J\u00e4"\\', 'p', 'c').authorization(
      'GET',
      '/',
    );
    assert.match(header, /username="J\u00c3\u00a4\\"\\\\", realm="a \\"b\\""/);
  });

  it('leaves what it cannot answer', () => {
    const none = [
      'realm="r", nonce="n", algorithm=SHA-512-256',
      'realm="r", nonce="n", algorithm=toString',
      'realm="r", nonce="n", qop="auth-int"',
      'realm="r"',
      'realm="r", nonce=""',
      'nonce="n"',
    ];
    for (const params of none) assert.equal(challenge(params), undefined, params);
    const [basic] = parseChallenges('Basic realm="r", nonce="n"');
    assert(basic);
    assert.equal(digestChallenge(basic), undefined);
    assert.equal(challenge('realm="r", nonce="n", algorithm="sha-256-SESS"')?.hash, 'sha256');
  });

  it('takes what the server sent for bytes, in whatever encoding', () => {
    const digest = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex');
    for (const encoding of ['utf8', 'latin1'] as const) {
      const realm = Buffer.from('Gäste', encoding);
      const header = session(`realm="${realm.toString('latin1')}", nonce="n"`, 'Jürgen', 'grün', 'c');
      const authorization = Buffer.from(header.authorization('GET', '/a'), 'latin1');
      assert.ok(authorization.includes(Buffer.concat([Buffer.from('realm="'), realm, Buffer.from('"')])));
      assert.ok(authorization.includes(Buffer.from('username="Jürgen"')));
      const secret = digest(Buffer.concat([Buffer.from('Jürgen:'), realm, Buffer.from(':grün')]));
      const response = digest(Buffer.from(`${secret}:n:${digest(Buffer.from('GET:/a'))}`));
      assert.ok(authorization.includes(`response="${response}"`));
    }
  });

  it('takes no challenge that could not be sent back', () => {
    assert.equal(challenge('realm="r", nonce="a\x7fb"'), undefined);
    assert.equal(challenge('realm="r\u0001", nonce="n"'), undefined);
    const renewed = session('realm="r", nonce="n"', 'u', 'p', 'c');
    renewed.renew('a\x7fb');
    assert.equal(fields(renewed.authorization('GET', '/'))['nonce'], 'n');
  });
});
