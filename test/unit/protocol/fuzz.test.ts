// Every reader of foreign text survives anything, and says nothing that could become a link, a secret or a wrong "free".
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { RemoteFailure } from '../../../src/core/model/failure';
import { resourceId, serverOf, resolveHref } from '../../../src/core/model/resource';
import { readRefusal } from '../../../src/protocol/refusals/read';
import type { HttpAnswer } from '../../../src/protocol/transport/http';
import { createWebdavServer } from '../../../src/protocol/webdav/server';
import { readers } from '../../support/protocol/readers';

const seed = Number(process.env['LOCK_STATUS_TEST_SEED'] ?? randomInt(2 ** 31));
const seconds = Number(process.env['LOCK_STATUS_TEST_FUZZ_SECONDS'] ?? 0.25);
const boxed = {
  seed,
  numRuns: 1_000_000,
  interruptAfterTimeLimit: seconds * 1000,
  markInterruptAsFailure: false,
};

/** Pieces of what servers write, so that random texts come past the first character of a grammar. */
const piece = fc.constantFrom(
  ...['<D:multistatus xmlns:D="DAV:">', '<D:response>', '<D:href>', '/a%20b', '</D:href>', '<D:propstat>'],
  ...['<D:prop>', '<D:lockdiscovery>', '<D:activelock>', '<D:owner>', '<D:timeout>Second-600</D:timeout>'],
  ...[
    '</D:prop>',
    '<D:status>HTTP/1.1 200 OK</D:status>',
    '</D:propstat>',
    '</D:response>',
    '</D:multistatus>',
  ],
  ...[
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    '<?xml version="1.0"?>',
    '<!DOCTYPE a>',
    '&amp;',
    '&#x0;',
    '&',
    '"',
    '\\"',
  ],
  ...[
    'Basic realm="x"',
    'Digest nonce="',
    ', ',
    '=',
    'stale=true',
    'Second-',
    'Infinite',
    '\r\n',
    '\t',
    '{"lock":',
  ],
  ...[
    'locked by "',
    '[x](command:y)',
    '$(key)',
    '\u202e',
    '\ud800',
    '%',
    '%2',
    '..',
    '/',
    '\0',
    'opaquelocktoken:',
  ],
);
const text = fc
  .array(fc.oneof({ weight: 4, arbitrary: piece }, fc.string({ unit: 'binary', maxLength: 8 })), {
    maxLength: 40,
  })
  .map((parts) => parts.join(''));

describe('Any text', function () {
  this.timeout(60_000);
  before(() => console.log(`      LOCK_STATUS_TEST_SEED=${seed}`));

  for (const [name, read] of Object.entries(readers)) {
    it(`is survived by the reader of ${name}`, () => {
      fc.assert(
        fc.property(text, (one) => void read(one)),
        boxed,
      );
    });
  }

  const resource = resourceId('https://dav.example.org/docs');

  it('as an href stays on the server that was asked', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('', 'http://evil.org', '//evil.org', 'https://dav.example.org@evil.org'),
        text,
        (start, one) => {
          const found = resolveHref(resource, start + one);
          assert.ok(found === undefined || serverOf(found) === serverOf(resource), found);
        },
      ),
      boxed,
    );
  });

  it('as a refusal becomes plain lines', () => {
    fc.assert(
      fc.property(text, (body) => {
        const { reason = '', holder, codes } = readRefusal({ resource, headers: {}, body }).info;
        for (const said of [reason, holder?.name ?? '', ...codes])
          assert.doesNotMatch(said, /[\0-\x1f\u202e]/);
      }),
      boxed,
    );
  });

  it('as the answer to any question is an answer or a failure, and never "free" without a whole listing', async () => {
    await fc.assert(
      fc.asyncProperty(text, fc.constantFrom(200, 207, 401, 423), async (body, status) => {
        const server = createWebdavServer({
          transport: {
            answersTwice: false,
            send: () => Promise.resolve(answering(status, body)),
            close: () => Promise.resolve(),
          },
          now: () => ({ mono: 0, wall: 0 }),
          identity: { ownsLock: () => false, isMyAccount: () => false },
        });
        const results = await Promise.allSettled([
          server.files.stat(resource),
          server.files.list(resource),
          server.locks.lock(resource, { seconds: 600, owner: 'me' }),
          server.files.write(resource, new Uint8Array(1), { leases: [] }),
          server.files.remove({ resource, kind: 'file' }, { leases: [] }),
        ]);
        for (const result of results)
          if (result.status === 'rejected')
            assert.ok(result.reason instanceof RemoteFailure, String(result.reason));
        const [stat] = results;
        if (stat.status === 'fulfilled') {
          assert.equal(status, 207);
          assert.ok(body.trimEnd().endsWith('</D:multistatus>'), body);
        }
      }),
      boxed,
    );
  });
});

function answering(status: number, body: string): HttpAnswer {
  const bytes = Buffer.from(body.toWellFormed());
  return {
    status,
    headers: { 'content-type': 'application/xml; charset=utf-8' },
    sentAt: 0,
    // eslint-disable-next-line @typescript-eslint/require-await
    async *chunks() {
      yield bytes;
    },
    bytes: () => Promise.resolve(bytes),
    text: (limit = bytes.length) => Promise.resolve(bytes.subarray(0, limit).toString()),
    refusal: () =>
      Promise.resolve(
        readRefusal({
          resource: resourceId('https://dav.example.org/a'),
          headers: {},
          body,
        }).info,
      ),
    discard: () => Promise.resolve(),
  };
}
