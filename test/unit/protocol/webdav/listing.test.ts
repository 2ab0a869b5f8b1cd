import assert from 'node:assert/strict';
import { lockIdOf } from '../../../../src/protocol/webdav/reading/token';
import { activeLock, at, discovery, failureOf, found, multistatus, Stage } from './stage';

const notFound = (href: string, props: string, missing: string) =>
  `<D:response><D:href>${href}</D:href><D:propstat><D:prop>${props}</D:prop><D:status>HTTP/1.1 200 OK</D:status>` +
  `</D:propstat><D:propstat><D:prop>${missing}</D:prop><D:status>HTTP/1.1 404 Not Found</D:status></D:propstat>` +
  `</D:response>`;

const collection = '<D:resourcetype><D:collection/></D:resourcetype>';

const statOf = async (response: string, path = '/a.txt') =>
  new Stage(multistatus(response)).server.files.stat(at(path));

describe('a listing', () => {
  it('asks by name, for one resource', async () => {
    const stage = new Stage(multistatus(found('/a.txt', discovery())));
    await stage.server.files.stat(at('/a.txt'));
    assert.deepEqual(stage.asked, ['PROPFIND /a.txt']);
    assert.equal(stage.header(0, 'depth'), '0');
    assert.match(String(stage.requests[0]?.body), /<D:lockdiscovery\/>/);
    assert.doesNotMatch(String(stage.requests[0]?.body), /allprop|nextcloud/);
  });

  it('tells kind, version and creation', async () => {
    const entry = await statOf(
      found(
        '/a.txt',
        '<D:resourcetype/><D:getcontentlength>12</D:getcontentlength><D:getetag>"abc"</D:getetag>' +
          '<D:getlastmodified>Sun, 22 Nov 2026 09:00:00 GMT</D:getlastmodified>' +
          '<D:creationdate>2026-11-21T09:00:00Z</D:creationdate>',
      ),
    );
    assert.deepEqual(entry, {
      resource: at('/a.txt'),
      kind: 'file',
      version: {
        etag: { opaque: 'abc', weak: false },
        modified: Date.parse('2026-11-22T09:00:00Z'),
        size: 12,
      },
      created: Date.parse('2026-11-21T09:00:00Z'),
      listing: { locks: [], reported: false },
    });
  });

  it('takes an unquoted, a weak and an impossible tag for what they are worth', async () => {
    const tag = async (text: string) =>
      (await statOf(found('/a.txt', `<D:getetag>${text}</D:getetag>`))).version.etag;
    assert.deepEqual(await tag('7fac2f56'), { opaque: '7fac2f56', weak: false });
    assert.deepEqual(await tag('W/"5-660"'), { opaque: '5-660', weak: true });
    // Could not be sent in a header: it compares, and is never sent.
    assert.deepEqual(await tag('"a b\nc"'), { opaque: 'a b\nc', weak: true });
    assert.equal(await tag(`"${'x'.repeat(5000)}"`), undefined);
    assert.equal(await tag(''), undefined);
  });

  it('knows a collection, by its type or else by its slash, and gives it no size', async () => {
    const typed = await statOf(
      found('/d/', `${collection}<D:getcontentlength>4096</D:getcontentlength>`),
      '/d',
    );
    assert.equal(typed.kind, 'collection');
    assert.deepEqual(typed.version, {});
    assert.equal((await statOf(found('/d/', ''), '/d')).kind, 'collection');
  });

  it('asks for a collection again where the answer has left its slash away, as its lock may be', async () => {
    const stage = new Stage(
      multistatus(found('/d', collection + discovery())),
      multistatus(found('/d/', collection + discovery(activeLock()))),
    );
    assert.equal((await stage.server.files.stat(at('/d'))).listing.locks.length, 1);
    assert.deepEqual(stage.asked, ['PROPFIND /d', 'PROPFIND /d/']);
  });

  it('gives members the lock of the tree that they are in, where it was left away', async () => {
    const tree = activeLock({ token: 'urn:tree', depth: 'infinity', root: '/d/' });
    const flat = activeLock({ token: 'urn:flat', root: '/d/' });
    const { members } = await new Stage(
      multistatus(
        found('/d/untold.txt', discovery()),
        found('/d/told.txt', discovery(tree)),
        found('/d/', collection + discovery(tree, flat)),
      ),
    ).server.files.list(at('/d'));
    const id = lockIdOf('urn:tree');
    assert.deepEqual(
      members.map(({ listing }) => listing.locks.map((lock) => lock.id)),
      [[id], [id]],
    );
  });

  it('says nothing of locks where lockdiscovery is among the missing', async () => {
    const { listing } = await statOf(notFound('/a.txt', '<D:resourcetype/>', '<D:lockdiscovery/>'));
    assert.deepEqual(listing, { locks: [], reported: false });
  });

  it('says nothing of locks where lockdiscovery was dropped', async () => {
    const { listing } = await statOf(found('/a.txt', '<D:resourcetype/>'));
    assert.deepEqual(listing, { locks: [], reported: false });
  });

  it('says that there is none where lockdiscovery is there and empty', async () => {
    assert.deepEqual((await statOf(found('/a.txt', '<D:lockdiscovery/>'))).listing, {
      locks: [],
      reported: true,
    });
  });

  it('says nothing where the propstat has no status or another', async () => {
    const response = (status: string) =>
      `<D:response><D:href>/a.txt</D:href><D:propstat><D:prop>${discovery(activeLock())}</D:prop>${status}</D:propstat></D:response>`;
    for (const status of ['', '<D:status>HTTP/1.1 403 Forbidden</D:status>', '<D:status>odd</D:status>']) {
      const { listing } = await statOf(response(status));
      assert.deepEqual(listing, { locks: [], reported: false });
    }
  });

  it('merges several propstats that succeeded', async () => {
    const { version, listing } = await statOf(
      '<D:response><D:href>/a.txt</D:href>' +
        '<D:propstat><D:prop><D:getetag>"x"</D:getetag></D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat>' +
        '<D:propstat><D:prop><D:getcontentlength/></D:prop><D:status>HTTP/1.1 404 Not Found</D:status></D:propstat>' +
        `<D:propstat><D:status>HTTP/2 200</D:status><D:prop>${discovery(activeLock())}</D:prop></D:propstat></D:response>`,
    );
    assert.deepEqual(version, { etag: { opaque: 'x', weak: false } });
    assert.equal(listing.locks.length, 1);
  });

  it('reads any prefix, several for one namespace, and the default namespace', async () => {
    const bodies = [
      '<multistatus xmlns="DAV:"><response><href>/a.txt</href><propstat><prop><lockdiscovery><activelock>' +
        '<depth>0</depth><owner>ann</owner></activelock></lockdiscovery></prop><status>HTTP/1.1 200 OK</status>' +
        '</propstat></response></multistatus>',
      '<D:multistatus xmlns:D="DAV:" xmlns:ns0="DAV:"><D:response xmlns:lp1="DAV:"><D:href>/a.txt</D:href>' +
        '<D:propstat><D:prop><lp1:lockdiscovery><D:activelock><D:depth>0</D:depth><ns0:owner xmlns:ns0="DAV:">ann' +
        '</ns0:owner></D:activelock></lp1:lockdiscovery></D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat>' +
        '</D:response></D:multistatus>',
    ];
    for (const body of bodies) {
      const { listing } = await new Stage({ status: 207, body }).server.files.stat(at('/a.txt'));
      assert.equal(listing.locks[0]?.holder.name, 'ann');
    }
  });

  it('ignores what has a familiar name in another namespace', async () => {
    const { listing } = await statOf(
      found(
        '/a.txt',
        `<x:lockdiscovery xmlns:x="urn:x">${activeLock()}</x:lockdiscovery><D:unknown>${discovery(activeLock())}</D:unknown>`,
      ),
    );
    assert.deepEqual(listing, { locks: [], reported: false });
  });

  it('takes the one answer for the one question where a proxy has moved the path', async () => {
    const entry = await statOf(found('/inner/a.txt', '<D:getetag>"x"</D:getetag>'));
    assert.equal(entry.resource, at('/a.txt'));
  });

  it('lists members by hrefs of every form', async () => {
    const forms: readonly (readonly [string, string])[] = [
      ['/d/plain.txt', '/d/plain.txt'],
      ['https://dav.example/d/absolute.txt', '/d/absolute.txt'],
      ['http://inner-name:8080/d/other-host.txt', '/d/other-host.txt'],
      ['/d/lower%c3%a9.txt', '/d/loweré.txt'],
      ['/d/UPPER%C3%89.txt', '/d/UPPERÉ.txt'],
      ['/d/all%2Eencoded%2dhere', '/d/all.encoded-here'],
      ['/d/c# and why?.txt', '/d/c# and why?.txt'],
      ['/d/%5Bbrackets%5D [too]', '/d/[brackets] [too]'],
      ['/d/sub', '/d/sub'],
      ['/d/sub2/', '/d/sub2'],
      ['//d//doubled.txt', '/d/doubled.txt'],
      ['/d/x/../climbed.txt', '/d/climbed.txt'],
      ['/d/100%.txt', '/d/100%.txt'],
      ["/d/a'b(c)!*~.txt", "/d/a'b(c)!*~.txt"],
    ];
    const stage = new Stage(multistatus(found('/d/', ''), ...forms.map(([href]) => found(href, ''))));
    const { self, members } = await stage.server.files.list(at('/d'));
    assert.equal(self?.resource, at('/d'));
    const expected = forms.map(([, path]) =>
      at(path.replace(/[%#?]/g, (character) => encodeURIComponent(character))),
    );
    assert.deepEqual(
      members.map(({ resource }) => resource),
      expected,
    );
    assert.deepEqual(stage.asked, ['PROPFIND /d/']);
  });

  it('leaves out what is no member: deeper, elsewhere, relative, refused', async () => {
    const { members } = await new Stage(
      multistatus(
        found('/d/', ''),
        found('/d/in.txt', ''),
        found('/d/deep/er.txt', ''),
        found('/etc/passwd', ''),
        found('in.txt', ''),
        found('/d/%2e%2e', ''),
        found('/d/%2E/', ''),
        found('/d/..%2fetc', ''),
        '<D:response><D:href>/d/secret</D:href><D:status>HTTP/1.1 403 Forbidden</D:status></D:response>',
        '<D:response></D:response>',
      ),
    ).server.files.list(at('/d'));
    assert.deepEqual(
      members.map(({ resource }) => resource),
      [at('/d/in.txt')],
    );
  });

  it('lists the root of a server', async () => {
    const { self, members } = await new Stage(
      multistatus(found('/', ''), found('/a.txt', ''), found('https://x/b.txt', '')),
    ).server.files.list(at('/'));
    assert.equal(self?.resource, at('/'));
    assert.deepEqual(
      members.map(({ resource }) => resource),
      [at('/a.txt'), at('/b.txt')],
    );
  });

  it('is never given for a body that breaks off', async () => {
    const whole = String(multistatus(found('/a.txt', discovery(activeLock()))).body);
    const cut = { status: 207, body: whole.slice(0, -5) };
    assert.equal((await failureOf(new Stage(cut).server.files.stat(at('/a.txt')))).kind, 'badAnswer');
    const broken = { status: 207, body: whole.slice(0, -5), breaks: 'interrupted' as const };
    assert.equal((await failureOf(new Stage(broken).server.files.list(at('/')))).kind, 'interrupted');
  });

  it('fails as what it is', async () => {
    const kind = async (answer: ConstructorParameters<typeof Stage>[0]) =>
      (await failureOf(new Stage(answer ?? 'unreachable').server.files.stat(at('/a.txt')))).kind;
    assert.equal(await kind({ status: 404 }), 'notFound');
    assert.equal(await kind({ status: 401 }), 'signInNeeded');
    assert.equal(await kind({ status: 403 }), 'forbidden');
    assert.equal(await kind({ status: 200, body: '<html>Sign in</html>' }), 'notWebdav');
    assert.equal(await kind({ status: 207, body: '<html/>' }), 'badAnswer');
    assert.equal(await kind({ status: 207, body: '<D:multistatus xmlns:D="DAV:"/>' }), 'badAnswer');
    assert.equal(await kind('unreachable'), 'unreachable');
    const gone =
      '<D:response><D:href>/a.txt</D:href><D:status>HTTP/1.1 404 Not Found</D:status></D:response>';
    assert.equal(await kind(multistatus(gone)), 'notFound');
  });

  it('asks by HEAD for the tag that the listing lacks, when told to be exact', async () => {
    const stage = new Stage(multistatus(found('/a.txt', '<D:getcontentlength>4</D:getcontentlength>')), {
      status: 200,
      headers: { etag: '"6b02-4"', 'last-modified': 'Sun, 22 Nov 2026 09:00:00 GMT', 'content-length': '4' },
    });
    const { version } = await stage.server.files.stat(at('/a.txt'), { exact: true });
    assert.deepEqual(version.etag, { opaque: '6b02-4', weak: false });
    assert.deepEqual(stage.asked, ['PROPFIND /a.txt', 'HEAD /a.txt']);
  });
});
