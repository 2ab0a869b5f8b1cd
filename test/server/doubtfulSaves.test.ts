// A server that says "done" in many ways and has not done it: no text is taken for saved that is not there.
import assert from 'node:assert/strict';
import type { RemoteFailure } from '../../src/core/model/failure';
import { failureOf, OnServer } from '../support/core/onServer';
import { type Reply, startPlainServer } from '../support/servers/plain';

const base = 'base';
const text = 'my new text';

/** Answers a PUT; gives what the file holds afterwards. */
type Put = (reply: Reply, body: string) => string;

interface Outcome {
  readonly failure: RemoteFailure | undefined;
  readonly isKept: boolean;
}

async function saved(put: Put, sent = text, tag?: string): Promise<Outcome> {
  let holds = base;
  const server = await startPlainServer(({ method, path, body }, reply) => {
    const headers: Record<string, string> = tag === undefined ? {} : { etag: tag };
    if (method === 'PUT') holds = put(reply, body.toString());
    else if (method === 'PROPFIND') reply.xml(207, listing(path, holds.length));
    else reply.send(200, headers, method === 'GET' ? holds : '');
  });
  const ann = new OnServer(server.url, { user: 'ann', password: 'secret' });
  try {
    await ann.open('a.txt');
    const failure = await failureOf(ann.save('a.txt', sent));
    return { failure, isKept: ann.blockedSaves.of(ann.at('a.txt')) !== undefined };
  } finally {
    await ann.close();
    await server.stop();
  }
}

function listing(path: string, size: number): string {
  return (
    `<D:multistatus xmlns:D="DAV:"><D:response><D:href>${path}</D:href><D:propstat><D:prop><D:resourcetype/>` +
    `<D:getcontentlength>${size}</D:getcontentlength></D:prop><D:status>HTTP/1.1 200 OK</D:status>` +
    '</D:propstat></D:response></D:multistatus>'
  );
}

const answered =
  (status: number, headers: Record<string, string> = {}, body = ''): Put =>
  (reply) => {
    reply.send(status, headers, body);
    return base;
  };

describe('a save that a server calls done', () => {
  const lies: Readonly<Record<string, Put>> = {
    '200 and nothing was written': answered(200),
    '201 and nothing was written': answered(201),
    '204 and nothing was written': answered(204),
    'accepted for later': answered(202),
    'answered by a page': answered(200, { 'content-type': 'text/html', etag: '"page"' }, '<p>Sign in'),
    'a 207 about nothing': answered(
      207,
      { 'content-type': 'application/xml' },
      '<D:multistatus xmlns:D="DAV:"/>',
    ),
    'half of it': (reply, body) => {
      reply.send(204);
      return body.slice(0, 5);
    },
    'none of it': (reply) => {
      reply.send(204);
      return '';
    },
  };
  for (const [name, put] of Object.entries(lies))
    it(`is refused and its text kept: ${name}`, async () => {
      const { failure, isKept } = await saved(put);
      assert.equal(failure?.kind, 'badAnswer');
      assert.ok(isKept);
    });

  it('is refused where tag and content are still the old ones', async () => {
    const put = answered(204, { etag: '"same"' });
    const { failure, isKept } = await saved(put, 'esab', '"same"');
    assert.equal(failure?.kind, 'badAnswer');
    assert.ok(isKept);
  });

  it('is believed where the text is there, however odd the answer', async () => {
    for (const status of [200, 202, 203, 204]) {
      const put: Put = (reply, body) => {
        reply.send(status, status === 204 ? {} : { 'content-type': 'text/html' }, 'Saved.');
        return body;
      };
      const { failure, isKept } = await saved(put);
      assert.deepEqual([failure, isKept], [undefined, false], String(status));
    }
  });

  it('is believed of a server that changes what it stores', async () => {
    const storing = (change: (body: string) => string, sent: string) =>
      saved((reply, body) => {
        reply.send(204);
        return change(body);
      }, sent);
    assert.equal((await storing((body) => body.replaceAll('\n', '\r\n'), 'a\nb\n')).failure, undefined);
    assert.equal((await storing((body) => body.trimEnd(), `${text}\n`)).failure, undefined);
  });

  it('replaces nobody’s text where every version has the same tag', async () => {
    let holds = base;
    // A name whose If-Match is relied on.
    const headers = { server: 'nephele', etag: '"same"' };
    const server = await startPlainServer(({ method, path, body }, reply) => {
      if (method === 'PROPFIND') return reply.send(207, headers, listing(path, holds.length));
      if (method === 'PUT') holds = body.toString();
      reply.send(method === 'PUT' ? 204 : 200, headers, method === 'GET' ? holds : '');
    });
    const ann = new OnServer(server.url, { user: 'ann', password: 'secret' });
    try {
      await ann.open('a.txt');
      for (const own of ['one', 'two', 'two']) await ann.save('a.txt', own);
      holds = 'bob';
      const failure = await failureOf(ann.save('a.txt', 'six'));
      assert.deepEqual([failure?.kind, holds], ['contentChanged', 'bob']);
    } finally {
      await ann.close();
      await server.stop();
    }
  });
});
