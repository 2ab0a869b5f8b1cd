// What a server may send to do harm: nothing of it gets out of here as anything but short plain text.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { resourceId } from '../../../../src/core/model/resource';
import { readRefusal } from '../../../../src/protocol/refusals/read';
import { quotedFrom, refusedWith, secret, secretBodies } from '../../../support/secrets';
import { redacted } from '../../../../src/core/model/redaction';

const resource = resourceId('https://dav.example/a.md');
const corpus = [
  '<script>alert(1)</script>',
  '[click](command:workbench.action.terminal.new)',
  '$(error) Ann',
  '\u202Etxt.exe\u202C\u2066\u200B',
  'x'.repeat(1_000_000),
  '\u0000\u0007\u001B[31mred\u001B[0m\r\nSet-Cookie: a=b',
  'javascript:alert(1)',
  'file:///etc/passwd',
  'mailto:ann@example.org?body=x&bcc=all@example.org',
  '<img src=x onerror=alert(1)>',
  '{"__proto__":{"polluted":true}}',
  '"'.repeat(5_000),
  '{'.repeat(50_000),
  '<a>'.repeat(50_000),
  '😀'.repeat(10_000),
  '\uD800',
];
const wrappers: readonly ((text: string) => { body: string; headers?: Record<string, string> })[] = [
  (text) => ({ body: text }),
  (text) => ({ body: JSON.stringify({ lockedBy: text, until: text, reason: text, code: text }) }),
  (text) => ({ body: JSON.stringify({ error: { code: text, message: text, innerError: { code: text } } }) }),
  (text) => ({ body: JSON.stringify({ owner: { name: text, email: text, login: text } }) }),
  (text) => ({ body: JSON.stringify({ lock: { locked_at: text, owner: { name: text } }, message: text }) }),
  (text) => ({ body: JSON.stringify({ ID: text, Who: text, Operation: text, Info: text, Created: text }) }),
  (text) => ({ body: `<html><body>Locked by ${text}</body></html>` }),
  (text) => ({
    body: `<D:error xmlns:D="DAV:" xmlns:s="http://sabredav.org/ns"><s:exception>${escaped(text)}</s:exception><s:message>${escaped(text)}</s:message></D:error>`,
  }),
  (text) => ({ body: '', headers: { 'x-msdavext_error': `1; ${text.slice(0, 5_000)}` } }),
];

function escaped(text: string): string {
  return text.replace(/[<&]/g, ' ');
}

function* texts(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null)
    for (const inner of Object.values(value)) yield* texts(inner);
}

function assertHarmless(told: unknown): void {
  for (const text of texts(told)) {
    assert.ok(text.length <= 1_000, `${text.length} characters`);
    assert.doesNotMatch(text, /[\p{Cc}\u200B-\u200F\u202A-\u202E\u2066-\u2069]/u);
    assert.ok(text.isWellFormed());
  }
}

describe('Hostile refusals', () => {
  for (const [number, wrap] of wrappers.entries())
    it(`are short plain lines, form ${number}`, () => {
      for (const text of corpus) {
        const { body, headers = {} } = wrap(text);
        const { info: refusal } = readRefusal({ resource, headers, body });
        assertHarmless(refusal);
        for (const { uri } of refusal.holder?.contacts ?? []) assert.match(uri, /^mailto:[^?\s]+$/);
      }
      assert.equal(({} as { polluted?: boolean }).polluted, undefined);
    });

  it('do not take long and never throw, whatever they are', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 400 }),
        fc.constantFrom('', '{', '<', '{"owner":'),
        (text, start) => {
          assertHarmless(readRefusal({ resource, headers: {}, body: start + text }));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('leave no token and no password in what is recorded', () => {
    const body = 'Token opaquelocktoken:1-2-3 and urn:uuid:0f-1, password=hunter2, "session": "abc"';
    const text = JSON.stringify(readRefusal({ resource, headers: {}, body }));
    assert.doesNotMatch(text, /1-2-3|0f-1|hunter2|abc/);
    assert.doesNotMatch(redacted('Authorization: Bearer xyz'), /xyz/);
    for (const name of ['access_token', 'lockToken', 'locktoken', 'csrf_token', 'sessionId', 'PHPSESSID'])
      assert.doesNotMatch(redacted(`{"${name}":"xyz"} ${name}=xyz`), /xyz/, name);
  });

  it('leave no secret in what is kept and quoted, in whatever form it comes', () => {
    for (const body of secretBodies) {
      const { excerpt, refusal } = refusedWith(body);
      const kept = JSON.stringify({ excerpt, refusal, quoted: quotedFrom(body) });
      assert.doesNotMatch(kept, secret, body);
    }
  });

  it('keep their words where these only speak of secrets', () => {
    for (const text of [
      'If you believe this is an error, ask ann.',
      'Basic authentication is required.',
      'The file is locked by Ann Lee until 14:00.',
      'Cookie policy of this site',
      'Return: see https://dav.example/docs/a.md',
      '"a.md" is locked, existing lock on file: shared',
    ])
      assert.equal(redacted(text), text);
  });

  it('are hidden once and for all', () => {
    for (const body of secretBodies) {
      const once = redacted(body);
      assert.equal(redacted(once), once, body);
    }
  });

  it('hide their secrets in no time, whatever they are', () => {
    for (const text of [
      ...corpus,
      '\\'.repeat(8_000),
      `"password":"${'\\x'.repeat(4_000)}`,
      'https://'.repeat(1_000),
    ]) {
      const begun = process.cpuUsage();
      redacted(text.slice(0, 8_192));
      const { user } = process.cpuUsage(begun);
      assert.ok(user < 200_000, `${user} µs for ${text.slice(0, 20)}`);
    }
  });
});
