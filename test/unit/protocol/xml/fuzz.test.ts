import assert from 'node:assert/strict';
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { RemoteFailure } from '../../../../src/core/model/failure';
import type { RemoteEntry } from '../../../../src/core/model/ports';
import { activeLock, at, discovery, found, multistatus, type Scripted, Stage } from '../webdav/stage';

const whole = String(
  multistatus(
    found('/d/', '<D:resourcetype><D:collection/></D:resourcetype><D:lockdiscovery/>'),
    found(
      '/d/a%20b.txt',
      `<D:getetag>"x"</D:getetag>${discovery(activeLock({ token: 'urn:1', owner: 'Zoë' }))}`,
    ),
    found(
      '/d/c.txt',
      discovery(
        activeLock({ owner: '<D:href>mailto:a@b.c</D:href>', depth: 'infinity', root: '/d/' }),
        activeLock({ owner: '&lt;b&gt;<![CDATA[<i>]]>' }),
      ),
    ),
  ).body,
);
const bytes = new TextEncoder().encode(whole);

async function listed(
  body: string | Uint8Array,
  more: Partial<Scripted> = {},
): Promise<readonly RemoteEntry[] | RemoteFailure> {
  try {
    return (await new Stage({ status: 207, body, ...more }).server.files.list(at('/d'))).members;
  } catch (error) {
    if (error instanceof RemoteFailure) return error;
    throw error;
  }
}

/** Whether the parser below, left to itself, takes the text for a whole document. */
function isWhole(text: string): boolean {
  const parser = new SaxesParser({ xmlns: true });
  let good = true;
  parser.on('error', () => (good = false));
  parser.write(text).close();
  return good;
}

/** Some bytes of the body changed for others, taken out or put in. */
const mutated = fc
  .array(
    fc.record({
      place: fc.nat(bytes.length - 1),
      drop: fc.nat(12),
      put: fc.oneof(
        fc.uint8Array({ maxLength: 4 }),
        fc
          .constantFrom(
            '<',
            '>',
            '&',
            '"',
            '</D:prop>',
            '<D:href>',
            'xmlns=""',
            '<![CDATA[',
            '-->',
            '&#0;',
            '\ud800',
          )
          .map((text) => new TextEncoder().encode(text)),
      ),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((edits) =>
    edits.reduce<Uint8Array>(
      (body, { place, drop, put }) =>
        Buffer.concat([body.subarray(0, place), put, body.subarray(place + drop)]),
      bytes,
    ),
  );

describe('any body', () => {
  it('is a listing when it is whole', async () => {
    const members = await listed(whole);
    assert.ok(Array.isArray(members) && members.length === 2);
  });

  it('is none when it is cut anywhere', async () => {
    for (let length = 0; length < bytes.length; length++) {
      const failure = await listed(bytes.subarray(0, length));
      assert.ok(failure instanceof RemoteFailure && failure.kind === 'badAnswer', `${length} bytes`);
    }
  });

  it('is none when something follows it', async () => {
    for (const rest of ['x', '<a/>', whole, '</D:multistatus>', '\0'])
      assert.ok((await listed(whole + rest)) instanceof RemoteFailure, rest);
  });

  it('gives a listing or one failure, and no listing for what is not XML', async () => {
    await fc.assert(
      fc.asyncProperty(mutated, async (body) => {
        const result = await listed(body);
        if (result instanceof RemoteFailure) return;
        const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
        assert.ok(isWhole(text), text);
        for (const { resource, listing } of result) {
          assert.ok(resource.startsWith(at('/d/')));
          for (const { holder } of listing.locks) assert.doesNotMatch(holder.name ?? '', /[\p{Cc}\u202e]/u);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('of any bytes at all ends in a failure, soon', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (body) => {
        assert.ok((await listed(body)) instanceof RemoteFailure);
      }),
      { numRuns: 500 },
    );
  });

  it('of a refusal is never more than a refusal', async () => {
    await fc.assert(
      fc.asyncProperty(mutated, fc.constantFrom(400, 403, 409, 412, 423, 424, 500), async (body, status) => {
        const failure = await listed(body, { status });
        assert.ok(failure instanceof RemoteFailure);
        assert.ok((failure.facts.serverText ?? '').length <= 500);
      }),
      { numRuns: 1000 },
    );
  });
});
