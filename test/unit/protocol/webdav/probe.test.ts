import assert from 'node:assert/strict';
import { at, failureOf, found, multistatus, Stage } from './stage';

const root = at('/');
const supported =
  '<D:supportedlock><D:lockentry><D:lockscope><D:exclusive/></D:lockscope></D:lockentry></D:supportedlock>';

describe('probing a server', () => {
  it('tells what it is', async () => {
    const stage = new Stage(
      {
        status: 200,
        headers: { dav: '1,2, <http://apache.org/dav/propset/fs/1>', server: 'Apache/2.4 (Debian)' },
      },
      multistatus(found('/', '')),
    );
    assert.deepEqual(await stage.server.files.probe(root), {
      webdav: true,
      locks: true,
      product: 'Apache/2.4 (Debian)',
    });
    assert.match(String(stage.requests[1]?.body), /<D:supportedlock\/>/);
  });

  it('reads the classes in any order, and the locks of a resource where the classes are silent', async () => {
    const locks = async (dav: string, props = '') =>
      (
        await new Stage({ status: 200, headers: { dav } }, multistatus(found('/', props))).server.files.probe(
          root,
        )
      ).locks;
    assert.equal(await locks('1, 3, 2'), true);
    assert.equal(await locks('2'), true);
    assert.equal(await locks('1, 3'), false);
    assert.equal(await locks('1, 12'), false);
    assert.equal(await locks('', supported), true);
    assert.equal(await locks('1', '<D:supportedlock/>'), false);
    assert.equal(await locks('', '<D:supportedlock/>'), undefined);
  });

  it('lets the PROPFIND decide where OPTIONS cannot be had', async () => {
    for (const answer of [
      'timeout',
      'interrupted',
      { status: 405 },
      { status: 500 },
      { status: 403 },
    ] as const) {
      const capabilities = await new Stage(answer, multistatus(found('/', supported))).server.files.probe(
        root,
      );
      assert.deepEqual(capabilities, { webdav: true, locks: true });
    }
  });

  it('does not say that there are no locks where the server itself did not', async () => {
    for (const answer of [
      'timeout',
      'interrupted',
      { status: 200 },
      { status: 200, headers: { dav: ' ' } },
      { status: 403, headers: { dav: '1' } },
    ] as const) {
      const capabilities = await new Stage(answer, multistatus(found('/', ''))).server.files.probe(root);
      assert.deepEqual(capabilities, { webdav: true });
    }
  });

  it('asks to sign in, whichever of the two says so', async () => {
    assert.equal((await failureOf(new Stage({ status: 401 }).server.files.probe(root))).kind, 'signInNeeded');
    const late = new Stage({ status: 200, headers: { dav: '1,2' } }, { status: 401 });
    assert.equal((await failureOf(late.server.files.probe(root))).kind, 'signInNeeded');
  });

  it('knows what is no WebDAV server', async () => {
    for (const answer of [
      { status: 405 },
      { status: 501 },
      { status: 400 },
      { status: 200, body: '<html/>' },
      { status: 207, body: '<html/>' },
    ]) {
      const stage = new Stage({ status: 200 }, answer);
      assert.equal((await failureOf(stage.server.files.probe(root))).kind, 'notWebdav');
    }
  });

  it('fails as the network does', async () => {
    for (const kind of ['unreachable', 'tls'] as const)
      assert.equal((await failureOf(new Stage(kind).server.files.probe(root))).kind, kind);
    assert.equal(
      (await failureOf(new Stage({ status: 200 }, { status: 404 }).server.files.probe(root))).kind,
      'notFound',
    );
  });
});
