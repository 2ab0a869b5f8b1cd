import assert from 'node:assert/strict';
import { isFailure, RemoteFailure } from '../../../../src/core/model/failure';
import { resourceId } from '../../../../src/core/model/resource';
import { Secret } from '../../../../src/core/model/secret';
import {
  FileService,
  fileServiceMapping,
  people,
  type FileServiceOptions,
} from '../../../support/servers/fileService';
import { Session, type SessionOptions } from './session';

const account = { user: 'alice', password: people.alice.password };
const refusal = (kind: string) => (error: unknown) => isFailure(error) && error.kind === kind;

describe('A file service that is not WebDAV', () => {
  const ends: (() => Promise<void>)[] = [];

  async function given(service: FileServiceOptions = {}, session: SessionOptions = {}) {
    const server = new FileService(service);
    await server.start();
    server.put('a.md', 'One.\n');
    const alice = new Session(server.url, { account, ...session });
    ends.push(
      () => alice.end(),
      () => server.stop(),
    );
    return { server, alice };
  }
  const mapped = { mapping: fileServiceMapping };

  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });

  describe('without a mapping', () => {
    it('is opened by address, and says nothing about locks before it refuses', async () => {
      const { alice } = await given();
      assert.deepEqual(await alice.files.probe(alice.at('a.md')), { webdav: false, kind: 'file' });
      assert.equal(await alice.open('a.md'), 'One.\n');
      const { state, why } = alice.view('a.md');
      assert.deepEqual([state, why], ['unknown', 'notListed']);
    });

    it('is not found where nothing is', async () => {
      const { alice } = await given();
      await assert.rejects(alice.files.stat(alice.at('b.md')), refusal('notFound'));
    });

    for (const tags of [true, false])
      it(`saves over what was seen alone, ${tags ? 'with' : 'without'} entity tags`, async () => {
        const { server, alice } = await given({ tags });
        await alice.open('a.md');
        await alice.save('a.md', 'Two.\n');
        assert.equal(server.text('a.md'), 'Two.\n');
        const put = server.requests.find(({ method }) => method === 'PUT');
        assert.equal(put?.headers['if-match'], tags ? '"r1"' : undefined);
        server.put('a.md', 'By Ann.\n');
        await assert.rejects(alice.save('a.md', 'Three.\n'), refusal('contentChanged'));
        assert.equal(server.text('a.md'), 'By Ann.\n');
      });

    it('never saves a text whose base nobody knows', async () => {
      const { server, alice } = await given({ tags: false });
      await alice.files.stat(alice.at('a.md'));
      await assert.rejects(alice.save('a.md', 'From elsewhere.\n'), refusal('contentChanged'));
      assert.equal(server.text('a.md'), 'One.\n');
    });

    for (const refusesWith of [409, 423] as const)
      it(`names the holder of the lock that refuses with ${refusesWith}`, async () => {
        const { server, alice } = await given({ refusesWith });
        await alice.open('a.md');
        const { expires } = server.lock('a.md', 'ann');
        await assert.rejects(alice.save('a.md', 'Two.\n'), refusal('locked'));
        const { state, lock } = alice.view('a.md');
        assert.deepEqual([state, lock?.holder.name], ['other', 'Ann Lee']);
        assert.deepEqual(lock?.holder.contacts, [{ kind: 'mail', uri: 'mailto:ann@example.org' }]);
        assert.ok(lock?.expiry.kind === 'at' && Math.abs(lock.expiry.at.wall - expires) < 3_000);
        assert.equal(alice.core.blockedSaves.of(alice.at('a.md'))?.bytes.length, 5, 'the text is kept');
        const { cause, evidence } = alice.core.diagnosisService.diagnose(alice.at('a.md'));
        assert.equal(cause, 'editedByOther');
        assert.ok(evidence.some(({ text }) => text === 'Ann Lee'));
      });

    it('is read by GET where it knows no HEAD', async () => {
      const { server, alice } = await given({ headMethod: false });
      await alice.open('a.md');
      await alice.save('a.md', 'Two.\n');
      assert.equal(server.text('a.md'), 'Two.\n');
      assert.equal(
        server.requests.filter(({ method }) => method === 'HEAD').length,
        2,
        'asked once per client',
      );
    });
  });

  describe('with a mapping', () => {
    it('lists folders and files', async () => {
      const { server, alice } = await given({}, mapped);
      server.put('sub/b.md', 'B.\n');
      const { members } = await alice.files.list(alice.at(''));
      assert.deepEqual(
        members.map(({ resource, kind, version: { size } }) => [resource, kind, size]),
        [
          [alice.at('a.md'), 'file', 5],
          [alice.at('sub'), 'collection', undefined],
        ],
      );
      assert.equal((await alice.files.stat(alice.at('sub'))).kind, 'collection');
    });

    it('finds a file that the list leaves out, and saves over nothing unseen', async () => {
      const { server, alice } = await given({ unlisted: ['a.md'] }, mapped);
      const { kind, version } = await alice.files.stat(alice.at('a.md'));
      assert.deepEqual([kind, version.size], ['file', 5]);
      const asNew = { mustBeNew: true, leases: [] };
      await assert.rejects(
        alice.files.write(alice.at('a.md'), Buffer.from('Two.'), asNew),
        refusal('exists'),
      );
      assert.ok(!server.requests.some(({ method }) => method === 'PUT'));
      await assert.rejects(alice.save('a.md', 'From elsewhere.\n'), refusal('contentChanged'));
      assert.equal(server.text('a.md'), 'One.\n');
    });

    it('does not find a file that neither the list nor the server has', async () => {
      const { alice } = await given({}, mapped);
      await assert.rejects(alice.files.stat(alice.at('b.md')), refusal('notFound'));
      await assert.rejects(alice.files.stat(alice.at('none/b.md')), refusal('notFound'));
      await alice.files.write(alice.at('b.md'), Buffer.from('B.'), { mustBeNew: true, leases: [] });
    });

    it('shows who holds the lock, since when and until when', async () => {
      const { server, alice } = await given({}, mapped);
      const { created, expires } = server.lock('a.md', 'ann');
      await alice.open('a.md');
      const { state, lock } = alice.view('a.md');
      assert.equal(state, 'other');
      assert.deepEqual(
        [lock?.holder.name, lock?.holder.assertedBy, lock?.holder.contacts[0]?.uri],
        ['Ann Lee', 'server', 'mailto:ann@example.org'],
      );
      assert.ok(lock?.expiry.kind === 'at' && Math.abs(lock.expiry.at.wall - expires) < 5);
      assert.ok(Math.abs((lock.since?.wall ?? 0) - created) < 5);
      server.unlock('a.md');
      await alice.core.directory.stat(alice.at('a.md'), 0);
      assert.equal(alice.view('a.md').state, 'free');
    });

    it('knows a lock of the same account that another program took', async () => {
      const { server, alice } = await given({}, mapped);
      server.lock('a.md', 'alice');
      await alice.open('a.md');
      assert.equal(alice.view('a.md').state, 'mineElsewhere');
    });

    it('takes the lock, saves under it, refreshes and releases it', async () => {
      const { server, alice } = await given({}, mapped);
      await alice.open('a.md');
      const lease = await alice.core.leases.take(alice.at('a.md'), 'hand');
      assert.equal(server.locks.get('a.md')?.login, 'alice');
      assert.equal(lease.expiry.kind, 'at');
      await alice.save('a.md', 'Two.\n');
      assert.equal(server.text('a.md'), 'Two.\n');
      await alice.core.directory.stat(alice.at('a.md'), 0);
      assert.equal(alice.view('a.md').state, 'mine');
      await alice.core.leases.verify(lease);
      assert.equal(alice.view('a.md').state, 'mine');
      await alice.core.leases.release(alice.at('a.md'));
      assert.equal(server.locks.size, 0);
    });

    it('notices that its lock was broken', async () => {
      const { server, alice } = await given({}, mapped);
      await alice.open('a.md');
      const lease = await alice.core.leases.take(alice.at('a.md'), 'hand');
      server.lock('a.md', 'ann');
      await alice.core.leases.verify(lease);
      assert.equal(alice.core.leases.of(alice.at('a.md')), undefined);
      await assert.rejects(alice.save('a.md', 'Two.\n'), refusal('locked'));
      assert.equal(server.text('a.md'), 'One.\n');
    });

    it('is not free because its answer about the lock was not understood', async () => {
      const { status } = fileServiceMapping.locks;
      const locks = { status: { url: status.url, freeOn: status.freeOn, holder: '/user' } };
      const { server, alice } = await given({}, { mapping: { locks } });
      const look = async () => (await alice.files.stat(alice.at('a.md'))).listing;
      server.lock('a.md', 'ann');
      assert.deepEqual(await look(), { locks: [], reported: false });
      server.unlock('a.md');
      assert.deepEqual(await look(), { locks: [], reported: true });
    });

    it('notices by a look that another has the lock where none has an id', async () => {
      const { status, lock, unlock } = fileServiceMapping.locks;
      const { url, freeOn, holder } = status;
      const locks = { status: { url, freeOn, holder }, lock, unlock };
      const { server, alice } = await given({}, { mapping: { locks } });
      await alice.open('a.md');
      const lease = await alice.core.leases.take(alice.at('a.md'), 'hand');
      server.lock('a.md', 'ann');
      await alice.core.leases.verify(lease);
      assert.equal(alice.core.leases.of(alice.at('a.md')), undefined);
    });

    it('refuses a lock that another holds', async () => {
      const { server, alice } = await given({}, mapped);
      await alice.open('a.md');
      server.lock('a.md', 'ann');
      await assert.rejects(alice.core.leases.take(alice.at('a.md'), 'hand'), refusal('locked'));
    });

    it('breaks the lock that was seen, and no later one', async () => {
      const { server, alice } = await given({}, mapped);
      server.lock('a.md', 'ann');
      await alice.open('a.md');
      const { id, depth } = alice.view('a.md').lock ?? {};
      assert.ok(id && depth);
      server.lock('a.md', 'ann');
      const locks = alice.files.locksOf(alice.at('a.md'));
      const seen = { resource: alice.at('a.md'), id, depth };
      assert.deepEqual(await locks.breakLock(seen), { wasHeld: false });
      assert.equal(server.locks.size, 1);
      await alice.core.directory.stat(alice.at('a.md'), 0);
      const { id: now } = alice.view('a.md').lock ?? {};
      assert.deepEqual(await locks.breakLock({ ...seen, ...(now && { id: now }) }), { wasHeld: true });
      assert.equal(server.locks.size, 0);
    });

    it('offers nothing that the mapping does not have', async () => {
      const { alice } = await given({}, { mapping: {} });
      const at = alice.at('a.md');
      await alice.open('a.md');
      await assert.rejects(alice.core.leases.take(at, 'hand'), refusal('unsupported'));
      await assert.rejects(alice.files.list(alice.at('')), refusal('unsupported'));
      await assert.rejects(
        alice.files.move(
          { resource: at, kind: 'file' },
          { resource: alice.at('b.md'), overwrite: false },
          { leases: [] },
        ),
        refusal('unsupported'),
      );
    });

    it('moves within its folder, and nothing out of it or into it', async () => {
      const move = { url: '{base}/move', body: { from: '{path}', to: '{to}' } };
      const { server, alice } = await given({}, { mapping: { files: { move } } });
      const [inside, outside] = [alice.at('a.md'), resourceId(new URL('/b.md', server.url).href)];
      const none = { leases: [] };
      for (const [from, to] of [
        [inside, outside],
        [outside, inside],
      ] as const)
        for (const how of ['move', 'copy'] as const)
          await assert.rejects(
            alice.files[how]({ resource: from, kind: 'file' }, { resource: to, overwrite: true }, none),
            refusal('unsupported'),
          );
      assert.equal(server.requests.length, 0);
      const target = { resource: alice.at('c.md'), overwrite: true };
      await assert.rejects(alice.files.move({ resource: inside, kind: 'file' }, target, none));
      const [sent] = server.requests.filter(({ method }) => method === 'POST');
      assert.deepEqual(JSON.parse(sent?.body.toString() ?? ''), { from: 'a.md', to: 'c.md' });
    });

    for (const id of ['.', '..'])
      it(`sends nothing for a lock with the id "${id}", which would lead to the file`, async () => {
        const { server, alice } = await given({}, mapped);
        const lease = await alice.core.leases.take(alice.at('a.md'), 'hand');
        const locks = alice.files.locksOf(alice.at('a.md'));
        await assert.rejects(
          locks.release({ ...lease, token: new Secret(id) }),
          (error) => error instanceof RemoteFailure && error.facts.code === 'DOT_SEGMENT',
        );
        assert.ok(!server.requests.some(({ method }) => method === 'DELETE'));
      });

    it('sends nothing to another server', async () => {
      const { alice } = await given(
        {},
        { mapping: { locks: { lock: { url: 'https://other.example/{path}' } } } },
      );
      await assert.rejects(
        alice.core.leases.take(alice.at('a.md'), 'hand'),
        (error) => error instanceof RemoteFailure && error.facts.code === 'OTHER_SERVER',
      );
    });
  });
});
