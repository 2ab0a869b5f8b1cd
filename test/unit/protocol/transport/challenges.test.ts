import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseChallenges } from '../../../../src/protocol/transport/authentication/challenges';

const read = (header: string) =>
  parseChallenges(header).map(({ scheme, params }) => [scheme, Object.fromEntries(params)]);

describe('WWW-Authenticate', () => {
  const rows: readonly (readonly [string, string, unknown])[] = [
    ['nothing', '', []],
    ['a scheme alone', 'Negotiate', [['negotiate', {}]]],
    ['one challenge', 'Basic realm="a"', [['basic', { realm: 'a' }]]],
    [
      'a bare value and blanks',
      'BASIC  Realm = a , charset=UTF-8',
      [['basic', { realm: 'a', charset: 'UTF-8' }]],
    ],
    [
      'several challenges in one header',
      'Digest realm="a, Basic b", qop="auth,auth-int", nonce="n", stale=TRUE, Basic realm="b", Negotiate',
      [
        ['digest', { realm: 'a, Basic b', qop: 'auth,auth-int', nonce: 'n', stale: 'TRUE' }],
        ['basic', { realm: 'b' }],
        ['negotiate', {}],
      ],
    ],
    [
      'a token in the place of parameters',
      'NTLM TlRMTVNTUAAC==, Basic realm="b"',
      [
        ['ntlm', {}],
        ['basic', { realm: 'b' }],
      ],
    ],
    ['quotes within quotes', 'Basic realm="a \\"b\\" \\\\c"', [['basic', { realm: 'a "b" \\c' }]]],
    ['empty elements', ',, Basic , realm="x",,', [['basic', { realm: 'x' }]]],
    ['a parameter twice', 'Basic realm="a", realm="b"', [['basic', { realm: 'a' }]]],
    [
      'an open quote',
      'Basic realm="b", Digest realm="a',
      [
        ['basic', { realm: 'b' }],
        ['digest', {}],
      ],
    ],
    ['a parameter of nothing', 'realm="a", Basic realm="b"', []],
    ['garbage', '"Basic"', []],
  ];
  for (const [what, header, expected] of rows) {
    it(`reads ${what}`, () => assert.deepEqual(read(header), expected));
  }

  it('reads back whatever was written by the rules', () => {
    const token = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,12}$/);
    const params = fc.uniqueArray(fc.tuple(token, fc.string({ unit: 'binary-ascii' })), {
      selector: ([name]) => name.toLowerCase(),
      minLength: 1,
    });
    const challenges = fc.array(fc.tuple(token, params), { minLength: 1 });
    fc.assert(
      fc.property(challenges, (written) => {
        const header = written
          .map(([scheme, given]) => {
            const quoted = given.map(([name, value]) => `${name}="${value.replace(/["\\]/g, '\\$&')}"`);
            return `${scheme} ${quoted.join(', ')}`;
          })
          .join(', ');
        const read = parseChallenges(header).map(({ scheme, params }) => [scheme, [...params]]);
        const expected = written.map(([scheme, given]) => [
          scheme.toLowerCase(),
          given.map(([name, value]) => [name.toLowerCase(), value]),
        ]);
        assert.deepEqual(read, expected);
      }),
    );
  });

  it('survives any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'aB=,"\\ \t\n~é') }), (header) => {
        parseChallenges(header);
      }),
    );
  });
});
