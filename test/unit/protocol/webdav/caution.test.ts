// Where an answer can be read in two ways, the one counts that loses nothing.
import assert from 'node:assert/strict';
import { ifMatch } from '../../../../src/core/model/version';
import {
  activeLock,
  at,
  discovery,
  failureOf,
  found,
  granted,
  mono,
  multistatus,
  Stage,
  wall,
} from './stage';

const file = at('/a.txt');
const bytes = new TextEncoder().encode('new');
const utc = (ms: number) => new Date(ms).toUTCString();
const lockRequest = { seconds: 3_600, owner: 'Ann', mayCreate: true };

describe('A strong tag', () => {
  const read = async (age: number) => {
    const headers = { 'content-length': '4', etag: '"x"', date: utc(wall), 'last-modified': utc(wall - age) };
    const stage = new Stage({ status: 200, headers, body: 'text' });
    return (await stage.server.files.read(file)).version.etag?.weak;
  };

  it('is weak for two seconds after the change that it stands for', async () => {
    assert.equal(await read(0), true);
    assert.equal(await read(1_000), true);
    assert.equal(await read(2_000), false);
  });

  it('is weak so in a listing too', async () => {
    for (const [age, weak] of [
      [1_000, true],
      [2_000, false],
    ] as const) {
      const props = `<D:getetag>"x"</D:getetag><D:getlastmodified>${utc(wall - age)}</D:getlastmodified>`;
      const answer = { ...multistatus(found('/a.txt', props)), headers: { date: utc(wall) } };
      assert.equal((await new Stage(answer).server.files.stat(file)).version.etag?.weak, weak);
    }
  });

  it('is sent with a write all the same: the server may see that it is another one by then', async () => {
    const headers = { 'content-length': '4', etag: '"x"', date: utc(wall), 'last-modified': utc(wall) };
    const stage = new Stage({ status: 200, headers, body: 'text' }, { status: 204 });
    const { version } = await stage.server.files.read(file);
    await stage.server.files.write(file, bytes, { leases: [], replaces: version });
    assert.equal(stage.header(1, 'if-match'), '"x"');
  });

  it('is sent as the bytes that it is made of, which XML shows as text and a header one by one', async () => {
    const utf8 = Buffer.from('"bücher-1"', 'utf8').toString('latin1');
    const listed = new Stage(multistatus(found('/a.txt', '<D:getetag>"bücher-1"</D:getetag>')));
    assert.equal(ifMatch((await listed.server.files.stat(file)).version), utf8);
    const told = new Stage({
      status: 200,
      headers: { 'content-length': '4', etag: utf8 },
      body: 'text',
    });
    assert.equal(ifMatch((await told.server.files.read(file)).version), utf8);
  });
});

describe('A 200', () => {
  it('to a write tells no tag', async () => {
    const stage = new Stage(
      { status: 200, headers: { etag: '"page"' } },
      { status: 204, headers: { etag: '"2"' } },
    );
    assert.deepEqual(await stage.server.files.write(file, bytes, { leases: [] }), {});
    assert.equal((await stage.server.files.write(file, bytes, { leases: [] })).etag?.opaque, '2');
  });

  it('with a page or JSON confirms no change', async () => {
    for (const type of ['application/json', 'application/problem+json; charset=utf-8', 'text/html']) {
      const stage = new Stage({ status: 200, headers: { 'content-type': type, etag: '"page"' } });
      const failure = await failureOf(stage.server.files.write(file, bytes, { leases: [] }));
      assert.deepEqual([failure.kind, failure.facts.maybeDone], ['badAnswer', true]);
    }
  });
});

describe('A content', () => {
  it('is asked of the server itself, not of a cache', async () => {
    const stage = new Stage({ status: 200, headers: { 'content-length': '4' }, body: 'text' });
    await stage.server.files.read(file);
    assert.equal(stage.header(0, 'cache-control'), 'no-cache');
  });
});

describe('The time of a lock', () => {
  const lease = async (timeout: string, after?: string) => {
    const stage = new Stage(granted({ token: 'urn:new', timeout }, { 'lock-token': '<urn:new>' }));
    const { grantedMs } = await stage.server.locks.lock(file, lockRequest);
    if (after === undefined) return grantedMs;
    stage.then(multistatus(found('/a.txt', discovery(activeLock({ token: 'urn:bob', timeout: after })))));
    const { expiry } = (await stage.server.locks.look(file)).locks[0]!;
    return expiry.kind === 'at' ? expiry.at.mono - mono : expiry.kind;
  };

  it('is trusted up to twice what was asked for', async () => {
    assert.equal(await lease('Second-3600'), 3_600_000);
    assert.equal(await lease('Second-7200'), 7_200_000);
    assert.equal(await lease('Second-64800'), 7_200_000);
  });

  it('in milliseconds is read as such, also of others’ locks', async () => {
    assert.equal(await lease('Second-3600000'), 3_600_000);
    assert.equal(await lease('Second-3600000', 'Second-1800000'), 1_800_000);
    assert.equal(await lease('Second-3600', 'Second-1800'), 1_800_000);
  });
});

describe('An answer about locks', () => {
  it('with any depth but 0 is about everything below', async () => {
    for (const [depth, expected] of [
      ['0', 'self'],
      [' 0 ', 'self'],
      ['1', 'tree'],
      ['', 'tree'],
      ['infinity', 'tree'],
      ['two', 'tree'],
    ] as const) {
      const stage = new Stage(multistatus(found('/d/', discovery(activeLock({ token: 'urn:1', depth })))));
      assert.equal((await stage.server.locks.look(at('/d'))).locks[0]?.depth, expected);
    }
  });

  it('is about what was asked: one about /b is none about /a', async () => {
    for (const href of ['/b.txt', '/inner/b.txt'])
      assert.equal(
        (await failureOf(new Stage(multistatus(found(href, ''))).server.files.stat(file))).kind,
        'badAnswer',
      );
    const moved = await new Stage(multistatus(found('/inner/a.txt', ''))).server.files.stat(file);
    assert.equal(moved.resource, file);
  });

  it('that contradicts itself is read with every lock, and is no proof of none', async () => {
    const locked = discovery(activeLock({ token: 'urn:1' }));
    const propstat = (props: string, status = '200 OK') =>
      `<D:propstat><D:prop>${props}</D:prop><D:status>HTTP/1.1 ${status}</D:status></D:propstat>`;
    const response = (...propstats: string[]) =>
      `<D:response><D:href>/a.txt</D:href>${propstats.join('')}</D:response>`;
    const look = (...responses: string[]) => new Stage(multistatus(...responses)).server.locks.look(file);
    for (const order of [
      [locked, discovery()],
      [discovery(), locked],
    ]) {
      assert.equal((await look(response(...order.map((one) => propstat(one))))).locks.length, 1);
      assert.equal((await look(...order.map((one) => response(propstat(one))))).locks.length, 1);
    }
    for (const parts of [
      [propstat(discovery()), propstat(discovery(), '404 Not Found')],
      [propstat(discovery(), '404 Not Found'), propstat(discovery())],
    ])
      assert.equal((await look(response(...parts))).reported, false);
    const tags = response(propstat('<D:getetag>"1"</D:getetag>'), propstat('<D:getetag>"2"</D:getetag>'));
    assert.deepEqual((await new Stage(multistatus(tags)).server.files.stat(file)).version, {});
  });
});

describe('A refusal', () => {
  it('names a member with a long path', async () => {
    const name = encodeURIComponent('文'.repeat(1_900));
    const listed = await new Stage(
      multistatus(found('/d/', '<D:resourcetype><D:collection/></D:resourcetype>'), found(`/d/${name}`, '')),
    ).server.files.list(at('/d'));
    assert.equal(listed.members.length, 1);
  });

  it('takes no text for a condition', async () => {
    const body =
      '<?xml version="1.0"?><D:error xmlns:D="DAV:"><D:responsedescription>No</D:responsedescription>' +
      '<D:lock-token-submitted><D:href>/a.txt</D:href></D:lock-token-submitted></D:error>';
    const failure = await failureOf(
      new Stage({ status: 403, body }).server.files.write(file, bytes, { leases: [] }),
    );
    assert.deepEqual([failure.kind, failure.facts.condition], ['locked', 'lock-token-submitted']);
  });

  it('of very many members says nothing of the folder itself', async () => {
    const member = (index: number) =>
      `<D:response><D:href>/d/${index}${'x'.repeat(15_000)}</D:href><D:status>HTTP/1.1 423 Locked</D:status></D:response>`;
    const answer = multistatus(...Array.from({ length: 100 }, (_, index) => member(index)));
    const entry = { resource: at('/d'), kind: 'collection' as const };
    const failure = await failureOf(new Stage(answer).server.files.remove(entry, { leases: [] }));
    assert.ok(failure.facts.members && failure.facts.members.length > 50);
    assert.ok(failure.facts.members.every(({ resource }) => resource !== at('/d')));
  });
});
