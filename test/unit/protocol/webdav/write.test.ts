import assert from 'node:assert/strict';
import { RemoteFailure } from '../../../../src/core/model/failure';
import { activeLock, at, discovery, failureOf, found, leaseOn, multistatus, Stage, type Turn } from './stage';

const file = at('/d/a b(1).txt');
const path = '/d/a%20b(1).txt';
const bytes = new TextEncoder().encode('new');
const ours = leaseOn(file);
const standing = (props = '') =>
  multistatus(found(path, props + discovery(activeLock({ token: 'urn:uuid:ours' }))));
const folder = leaseOn(at('/d'), 'urn:uuid:tree', { depth: 'tree' });
const none = { leases: [] };
const strong = { etag: { opaque: 'x1', weak: false } };

const member = (href: string, status: string) =>
  `<D:response><D:href>${href}</D:href><D:status>HTTP/1.1 ${status}</D:status></D:response>`;

describe('PUT', () => {
  it('submits a lock tagged with its file: the untagged form has ended a server', async () => {
    const stage = new Stage({ status: 204 });
    await stage.server.files.write(file, bytes, { leases: [ours] });
    // Parentheses would end the list for some servers.
    assert.equal(stage.header(0, 'if'), '<https://dav.example/d/a%20b%281%29.txt> (<urn:uuid:ours>)');
    assert.equal(stage.requests[0]?.body, bytes);
  });

  it('submits a lock on a folder for that folder', async () => {
    const stage = new Stage({ status: 201 });
    await stage.server.files.write(file, bytes, { leases: [folder] });
    assert.equal(stage.header(0, 'if'), '<https://dav.example/d/> (<urn:uuid:tree>)');
  });

  it('sends the version that it replaces where that is a strong tag', async () => {
    const stage = new Stage({ status: 204 }, { status: 204 });
    await stage.server.files.write(file, bytes, { leases: [], replaces: strong });
    await stage.server.files.write(file, bytes, {
      leases: [],
      replaces: { etag: { opaque: 'x1', weak: true } },
    });
    assert.equal(stage.header(0, 'if-match'), '"x1"');
    assert.equal(stage.header(1, 'if-match'), undefined);
  });

  it('tells the new version as far as the answer does', async () => {
    const stage = new Stage({ status: 204, headers: { etag: '"2"' } }, { status: 204 });
    assert.deepEqual(await stage.server.files.write(file, bytes, none), {
      etag: { opaque: '2', weak: false },
      size: 3,
    });
    assert.deepEqual(await stage.server.files.write(file, bytes, none), {});
  });

  it('was refused where a 207 says so', async () => {
    const stage = new Stage(multistatus(member(path, '424 Failed Dependency'), member('/d', '423 Locked')));
    const failure = await failureOf(stage.server.files.write(file, bytes, none));
    assert.equal(failure.kind, 'locked');
    assert.equal(failure.status, 423);
    assert.deepEqual(failure.facts.roots, [at('/d')]);
  });

  it('tries the other form where the server refuses though it lists our lock, and remembers it', async () => {
    const stage = new Stage({ status: 423 }, standing(), { status: 204 }, { status: 204 });
    await stage.server.files.write(file, bytes, { leases: [ours] });
    assert.deepEqual(stage.asked, [`PUT ${path}`, `PROPFIND ${path}`, `PUT ${path}`]);
    assert.equal(stage.header(2, 'if'), '(<urn:uuid:ours>)');
    await stage.server.files.write(file, bytes, { leases: [ours] });
    assert.equal(stage.header(3, 'if'), stage.header(2, 'if'));
    stage.done();
  });

  it('does not insist where the lock was lost, or the content changed', async () => {
    const gone = new Stage({ status: 412 }, multistatus(found(path, discovery())), { status: 412 });
    assert.equal(
      (await failureOf(gone.server.files.write(file, bytes, { leases: [ours] }))).kind,
      'preconditionFailed',
    );
    const changed = new Stage({ status: 412 }, standing('<D:getetag>"other"</D:getetag>'));
    const guard = { leases: [ours], replaces: strong };
    assert.equal(
      (await failureOf(changed.server.files.write(file, bytes, guard))).kind,
      'preconditionFailed',
    );
  });

  it('tells the first refusal where the other form is refused as well', async () => {
    const stage = new Stage({ status: 423 }, standing(), { status: 412 });
    assert.equal((await failureOf(stage.server.files.write(file, bytes, { leases: [ours] }))).kind, 'locked');
  });

  it('overwrites nothing that must be new', async () => {
    const guard = { leases: [], mustBeNew: true };
    const modDavFs = { dav: '1,2, <http://apache.org/dav/propset/fs/1>' };
    const honored = new Stage({ status: 404, headers: modDavFs }, { status: 412 });
    await failureOf(honored.server.files.stat(file));
    assert.equal((await failureOf(honored.server.files.write(file, bytes, guard))).kind, 'exists');
    assert.equal(honored.header(1, 'if-none-match'), '*');
    // A server of unknown ways is looked at first.
    const unknown = new Stage(standing());
    assert.equal((await failureOf(unknown.server.files.write(file, bytes, guard))).kind, 'exists');
    const fresh = new Stage({ status: 404 }, { status: 201 });
    await fresh.server.files.write(file, bytes, guard);
    assert.deepEqual(fresh.asked, [`PROPFIND ${path}`, `PUT ${path}`]);
  });

  it('makes nothing new where nobody can say that the name is free', async () => {
    for (const looked of [{ status: 503 }, { status: 207, body: 'no listing' }, 'timeout'] as const) {
      const stage = new Stage(looked);
      await failureOf(stage.server.files.write(file, bytes, { leases: [], mustBeNew: true }));
      assert.deepEqual(stage.asked, [`PROPFIND ${path}`]);
    }
  });

  it('is done only where the answer says just that', async () => {
    const doubtful = async (answer: Turn) => {
      const failure = await failureOf(new Stage(answer).server.files.write(file, bytes, none));
      assert.deepEqual([failure.kind, failure.facts.maybeDone], ['badAnswer', true]);
    };
    for (const status of [202, 203, 205, 206, 208, 226, 299]) await doubtful({ status });
    await doubtful(multistatus());
    await doubtful({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: 'Sign in' });
    for (const status of [200, 201, 204]) await new Stage({ status }).server.files.write(file, bytes, none);
  });

  it('was refused where a 207 says so and does not say of what', async () => {
    const member = '<D:response><D:status>HTTP/1.1 423 Locked</D:status></D:response>';
    const failure = await failureOf(new Stage(multistatus(member)).server.files.write(file, bytes, none));
    assert.equal(failure.kind, 'locked');
    assert.deepEqual(failure.facts.members, [{ resource: file, status: 423 }]);
  });

  it('fails as what it is', async () => {
    const kind = async (status: number) =>
      (await failureOf(new Stage({ status }).server.files.write(file, bytes, none))).kind;
    assert.equal(await kind(423), 'locked');
    assert.equal(await kind(412), 'preconditionFailed');
    assert.equal(await kind(409), 'parentMissing');
    assert.equal(await kind(507), 'quota');
    assert.equal(await kind(403), 'forbidden');
    assert.equal(await kind(500), 'serverFault');
  });
});

describe('the forms that families need', () => {
  it('are tagged whatever the product calls itself, and only then untagged', async () => {
    for (const server of ['nginx/1.22.1', 'lighttpd/1.4', 'Old/1.0']) {
      const answers = [{ status: 424 }, standing(), { status: 204 }];
      const stage = new Stage({ status: 404, headers: { server } }, ...answers);
      await failureOf(stage.server.files.stat(file));
      await stage.server.files.remove({ resource: file, kind: 'file' }, { leases: [ours] });
      assert.match(stage.header(1, 'if') ?? '', /^<https:/);
      assert.equal(stage.header(3, 'if'), '(<urn:uuid:ours>)');
    }
  });

  it('tell of a change that may have been made in part by the second try', async () => {
    const stage = new Stage({ status: 423 }, standing(), 'interrupted');
    const removing = stage.server.files.remove({ resource: file, kind: 'file' }, { leases: [ours] });
    const failure = await failureOf(removing);
    assert.deepEqual([failure.kind, failure.facts.maybeDone], ['interrupted', true]);
  });

  it('get no look right behind them again after one that had no answer with it', async () => {
    const together: Turn = ({ method, resource, next }) => {
      assert.ok(next);
      next.onSent(Promise.reject(new RemoteFailure('canceled', { method, resource })));
      return 'interrupted';
    };
    const alone: Turn = ({ next }) => {
      assert.equal(next, undefined);
      return { status: 204 };
    };
    const { files } = new Stage(together, alone).server;
    const write = () => files.write(file, bytes, { leases: [ours] }, { onLook: () => undefined });
    assert.equal((await failureOf(write())).kind, 'interrupted');
    await write();
  });

  it('are not tried again where the second had no answer: it may have ended the server', async () => {
    const stage = new Stage({ status: 412 }, standing(), 'interrupted', { status: 412 });
    const removing = () => failureOf(stage.server.files.remove({ resource: file, kind: 'file' }, guard));
    const guard = { leases: [ours] };
    assert.equal((await removing()).kind, 'interrupted');
    assert.equal((await removing()).kind, 'preconditionFailed');
    assert.equal(stage.requests.filter(({ method }) => method === 'DELETE').length, 3);
  });

  it('and If-Match is relied on only where it is known to hold', async () => {
    const trait = async (headers: Record<string, string>, body = '') => {
      const stage = new Stage({ ...multistatus(found('/', body)), headers });
      await stage.server.files.stat(at('/'));
      return stage.server.files.traits(at('/')).honorsIfMatch;
    };
    assert.equal(await trait({}), false);
    assert.equal(await trait({ server: 'nginx/1.22.1' }), false);
    assert.equal(await trait({ server: 'Apache/2.4' }), false);
    assert.equal(await trait({ server: 'lighttpd/1.4' }), false, 'something else may stand behind it');
    const lighttpd = '<x:z xmlns:x="urn:uuid:c2f41010-65b3-11d1-a29f-00aa00c14882/"/>';
    assert.equal(await trait({ server: 'lighttpd/1.4' }, lighttpd), true);
    assert.equal(await trait({ server: 'Old/1.0' }, lighttpd), false);
    const mark = '<x:executable xmlns:x="http://apache.org/dav/props/">T</x:executable>';
    assert.equal(await trait({ server: 'nginx' }, mark), true);
  });
});

describe('DELETE, MKCOL, MOVE and COPY', () => {
  const entry = { resource: file, kind: 'file' as const };
  const tree = { resource: at('/d'), kind: 'collection' as const };

  it('name collections with their slash, and all that is in them', async () => {
    const stage = new Stage({ status: 204 }, { status: 201 }, { status: 201 });
    await stage.server.files.remove(tree, { leases: [folder], replaces: strong });
    await stage.server.files.makeCollection(at('/e'), none);
    await stage.server.files.copy(tree, { resource: at('/e'), overwrite: false }, none);
    assert.deepEqual(stage.asked, ['DELETE /d/', 'MKCOL /e/', 'COPY /d/']);
    assert.equal(stage.header(0, 'depth'), 'infinity');
    assert.equal(stage.header(0, 'if'), '<https://dav.example/d/> (<urn:uuid:tree>)');
    assert.equal(stage.header(0, 'if-match'), undefined);
    assert.equal(stage.header(2, 'destination'), 'https://dav.example/e/');
    assert.equal(stage.header(2, 'overwrite'), 'F');
  });

  it('submit the locks at both ends', async () => {
    const stage = new Stage({ status: 204 });
    const there = leaseOn(at('/d/c.txt'), 'urn:uuid:there');
    await stage.server.files.move(
      entry,
      { resource: at('/d/c.txt'), overwrite: true },
      { leases: [ours, there] },
    );
    assert.equal(
      stage.header(0, 'if'),
      '<https://dav.example/d/a%20b%281%29.txt> (<urn:uuid:ours>) <https://dav.example/d/c.txt> (<urn:uuid:there>)',
    );
  });

  it('name the members that were refused, whatever status is above them', async () => {
    const body = String(multistatus(member('/d/x.txt', '423 Locked'), member('/d', '424 Failed')).body);
    for (const status of [207, 424]) {
      const failure = await failureOf(new Stage({ status, body }).server.files.remove(tree, none));
      assert.equal(failure.kind, 'locked');
      assert.deepEqual(failure.facts.members, [{ resource: at('/d/x.txt'), status: 423 }]);
    }
  });

  it('are refused in part where the members say different things', async () => {
    const stage = new Stage(multistatus(member('/d/x', '403 Forbidden'), member('/d/y', '500 Oops')));
    assert.equal((await failureOf(stage.server.files.remove(tree, none))).kind, 'partly');
    const all = new Stage(multistatus(member('/d/x', '403 Forbidden'), member('/d/y', '403 Forbidden')));
    assert.equal((await failureOf(all.server.files.remove(tree, none))).kind, 'forbidden');
  });

  it('have succeeded where a 207 refuses nothing', async () => {
    await new Stage(multistatus(member('/d', '204 No Content'))).server.files.remove(tree, none);
  });

  it('do not repeat what may have been done in part', async () => {
    const stage = new Stage(multistatus(member('/d/x', '423 Locked')));
    assert.equal((await failureOf(stage.server.files.remove(tree, { leases: [folder] }))).kind, 'locked');
    assert.equal(stage.asked.length, 1);
  });

  it('say that something is there already', async () => {
    const to = { resource: at('/d/c.txt'), overwrite: false };
    const moved = await failureOf(new Stage({ status: 412 }).server.files.move(entry, to, none));
    assert.equal(moved.kind, 'exists');
    assert.equal(moved.resource, to.resource);
    assert.equal(
      (await failureOf(new Stage({ status: 405 }).server.files.makeCollection(at('/d'), none))).kind,
      'exists',
    );
    const inside = new Stage(multistatus(member('/d/c.txt', '412 Precondition Failed')));
    assert.equal((await failureOf(inside.server.files.move(entry, to, none))).kind, 'exists');
  });

  it('look which of the two a 412 means where a lock was submitted', async () => {
    const to = { resource: at('/d/c.txt'), overwrite: false };
    const free = multistatus(found(path, discovery()));
    const lost = new Stage({ status: 412 }, free, { status: 412 }, { status: 404 });
    const failure = await failureOf(lost.server.files.move(entry, to, { leases: [ours] }));
    assert.equal(failure.kind, 'preconditionFailed');
  });

  it('are done only where the answer says just that', async () => {
    const to = { resource: at('/d/c.txt'), overwrite: false };
    const page = { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Sign in</html>' };
    const doubtful = [202, 203, 206].map((status) => ({ status }));
    for (const answer of [...doubtful, page, multistatus()]) {
      const { server } = new Stage(answer, answer, answer, answer);
      const changes = [
        server.files.remove(entry, none),
        server.files.move(entry, to, none),
        server.files.copy(entry, to, none),
        server.files.makeCollection(at('/e'), none),
      ];
      for (const change of changes) {
        const { kind, facts } = await failureOf(change);
        assert.deepEqual([kind, facts.code, facts.maybeDone], ['badAnswer', 'DOUBTFUL_SUCCESS', true]);
      }
    }
  });
});
