import assert from 'node:assert/strict';
import { childOf } from '../../../../src/core/model/resource';
import { isShowable } from '../../../../src/core/model/memberName';
import { activeLock, at, discovery, failureOf, found, multistatus, Stage } from './stage';

const collection = '<D:resourcetype><D:collection/></D:resourcetype>';

describe('a listing of a folder', () => {
  it('gives members the lock of a tree as one that sits on the folder', async () => {
    const tree = activeLock({ token: 'urn:x:1', depth: 'infinity' });
    const { self, members } = await new Stage(
      multistatus(found('/d/', collection + discovery(tree)), found('/d/a', ''), found('/d/b', '')),
    ).server.files.list(at('/d'));
    assert.equal(self?.listing.locks[0]?.root, undefined);
    for (const { listing } of members) assert.equal(listing.locks[0]?.root, at('/d'));
  });

  it('gives members no more locks of a tree than anybody wants to know of', async () => {
    const trees = Array.from({ length: 200 }, (_, n) =>
      activeLock({ token: `urn:x:${n}`, depth: 'infinity' }),
    );
    const { members } = await new Stage(
      multistatus(found('/d/', collection + discovery(...trees)), found('/d/a', '')),
    ).server.files.list(at('/d'));
    assert.equal(members[0]?.listing.locks.length, 8);
  });

  it('has a limit for locks in all, and says that it is that', async () => {
    const locks = discovery('<D:activelock/>'.repeat(256));
    const answer = multistatus(
      found('/d/', collection),
      ...Array.from({ length: 400 }, (_, n) => found(`/d/${n}`, locks)),
    );
    const { kind, facts } = await failureOf(new Stage(answer).server.files.list(at('/d')));
    assert.deepEqual([kind, facts.code], ['badAnswer', 'TOO_LARGE']);
  });

  it('looks at few names of a resource, and at none that is too long', async () => {
    const names = (count: number, name: string) =>
      `<D:response>${`<D:href>${name}</D:href>`.repeat(count)}<D:href>/a.txt</D:href>` +
      '<D:propstat><D:prop><D:getetag>"x"</D:getetag></D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>';
    const other = found('/other', '');
    const ask = (response: string) => new Stage(multistatus(response, other)).server.files.stat(at('/a.txt'));
    assert.equal((await ask(names(7, '/b'))).version.etag?.opaque, 'x');
    assert.equal((await failureOf(ask(names(8, '/b')))).kind, 'badAnswer');
    assert.equal((await ask(names(100, `/${'b'.repeat(30_000)}`))).version.etag?.opaque, 'x');
  });

  it('is no answer that names neither it nor a member, or refuses it, or shows a file', async () => {
    const refused = (status: number) =>
      `<D:response><D:href>/d/</D:href><D:status>HTTP/1.1 ${status} No</D:status></D:response>`;
    const kind = async (...responses: string[]) =>
      (await failureOf(new Stage(multistatus(...responses)).server.files.list(at('/d')))).kind;
    assert.equal(await kind(), 'badAnswer');
    assert.equal(await kind(found('/proxy/d/', collection), found('/proxy/d/a', '')), 'badAnswer');
    assert.equal(await kind(refused(404)), 'notFound');
    assert.equal(await kind(refused(403)), 'refused');
    assert.equal(await kind(found('/d', '<D:resourcetype/>')), 'badAnswer');
    const empty = await new Stage(multistatus(found('/d/', collection))).server.files.list(at('/d'));
    assert.deepEqual(empty.members, []);
  });

  it('names the members that could not be read, and not those that no longer exist', async () => {
    const refused = (name: string, status: number) =>
      `<D:response><D:href>/d/${name}</D:href><D:status>HTTP/1.1 ${status} No</D:status></D:response>`;
    const { members, unread } = await new Stage(
      multistatus(found('/d/', collection), refused('a', 500), refused('b', 403), refused('c', 404)),
    ).server.files.list(at('/d'));
    assert.deepEqual(members, []);
    assert.deepEqual(unread, [at('/d/a'), at('/d/b')]);
  });

  it('leaves out names that could do harm where they are shown, and tells how many', async () => {
    const names = [
      '[Open log](command:x).md',
      'x](command:y',
      '[a](file:b)',
      'a\u0085b',
      'a\u0000b',
      '..\\..\\evil.exe',
      '[id](x).ts',
      'a](b',
    ];
    assert.deepEqual(
      names.filter((name) => isShowable(childOf(at('/d'), name), 'linux')),
      ['[id](x).ts', 'a](b'],
    );
    const href = (name: string) => `/d/${encodeURIComponent(name)}`;
    const answer = () => multistatus(found('/d/', collection), ...names.map((name) => found(href(name), '')));
    const stage = new Stage(answer(), answer());
    const told = async () => (await stage.server.files.list(at('/d'))).members.length;
    assert.deepEqual([await told(), await told()], [2, 2]);
    assert.deepEqual(stage.leftOut, ['/d 6']);
  });

  it('leaves out names that are not UTF-8, which are other names once they are asked for', async () => {
    const { members } = await new Stage(
      multistatus(
        found('/d/', collection),
        found('/d/%E9', ''),
        found('/d/%25E9', ''),
        found('/d/50%-%C3%A9', ''),
      ),
    ).server.files.list(at('/d'));
    assert.deepEqual(
      members.map(({ resource }) => resource),
      [at('/d/%25E9'), at('/d/50%25-%C3%A9')],
    );
  });
});
