// What a server says of a write is believed only as far as it has been seen to be true.
import assert from 'node:assert/strict';
import { RemoteFailure } from '../../../../src/core/model/failure';
import type { ReadOptions } from '../../../../src/core/model/ports';
import type { Version } from '../../../../src/core/model/version';
import { bytesOf, file } from '../../../support/core/files';
import { given, kindOf, saveMode, saving as a, type Given } from '../../../support/core/saving';

/** From now on writes go through a gateway that says this instead of passing them on. */
function gateway({ client }: Given, says: Version): void {
  client.write = () => Promise.resolve(says);
}

/** The server stores each text with line ends of its own. */
function withOwnLineEnds({ server }: Given): void {
  const store = server.store.bind(server);
  server.store = (resource, bytes, by) =>
    store(resource, bytesOf(new TextDecoder().decode(bytes).replace(/\r?\n/g, '\r\n')), by);
}

describe('A content that is compared with what the user has seen', () => {
  it('is read with the size that is listed, so that a part of it is no proof', async () => {
    const it = await given();
    it.ann.baseVersions.setShown(a, { version: {}, bytes: bytesOf('base'), certain: false });
    const read = it.client.read.bind(it.client);
    const sizes: (number | undefined)[] = [];
    it.client.read = (resource, { listedSize }: ReadOptions = {}) => {
      sizes.push(listedSize);
      return read(resource);
    };
    assert.equal(await kindOf(it), undefined);
    assert.deepEqual(sizes, ['base'.length]);
  });
});

describe('The word of a server that a text is saved', () => {
  it('is not believed where a tag is told that no look has confirmed yet', async () => {
    const it = await given();
    gateway(it, { etag: { opaque: 'page', weak: false }, size: 4 });
    assert.equal(await kindOf(it), 'badAnswer');
    assert.equal(it.server.text(a), 'base');
  });

  it('is not believed where nothing tells one version from another', async () => {
    const it = await given({ tags: 'none', honorsIfMatch: false });
    it.server.versionOf = () => ({});
    it.ann.baseVersions.setShown(a, { version: {}, bytes: bytesOf('base'), certain: true });
    gateway(it, {});
    assert.equal(await kindOf(it), 'badAnswer');
  });

  it('is believed after one look that found its tag', async () => {
    const it = await given();
    assert.equal(await kindOf(it, 'one'), undefined);
    it.client.calls.length = 0;
    assert.equal(await kindOf(it, 'two'), undefined);
    assert.equal(it.client.count('stat'), 0);
  });

  it('is not believed where it may be meant for another file that was saved just before', async () => {
    const it = await given();
    assert.equal(await kindOf(it, 'one'), undefined);
    const b = file('b');
    it.server.put(b, 'base');
    await it.ann.open(b);
    const write = it.client.write.bind(it.client);
    let said: Version = {};
    it.client.write = async (...all) => (said = await write(...all));
    const saving = it.ann.saver.save(b, bytesOf('for b'), saveMode);
    await it.clock.pass(4_000);
    await saving;
    gateway(it, said);
    assert.equal(await kindOf(it, 'two'), 'badAnswer');
    assert.equal(it.server.text(a), 'one');
  });

  it('is not believed where the look after it is refused, which only a write can be', async () => {
    const it = await given({ tellsTag: false });
    gateway(it, {});
    it.client.fail('stat', 'preconditionFailed', { facts: { status: 412 } });
    assert.equal(await kindOf(it), 'badAnswer');
    assert.equal(it.server.text(a), 'base');
  });

  it('is not believed where somebody else’s text is there and the response may be meant for another save', async () => {
    const told = { etag: { opaque: 'told', weak: false } };
    let reads = 0;
    const doubtful: Readonly<Record<string, (it: Given) => void>> = {
      'the tag was told before, if not just before': (it) => {
        gateway(it, told);
      },
      'the look after it is refused': (it) => {
        it.client.fail('stat', 'preconditionFailed', { facts: { status: 412 } });
      },
      'this server answers twice, the second time while its content is read': (it) => {
        const traits = it.client.traits.bind(it.client);
        it.client.traits = () => ({ ...traits(), answersTwice: it.client.count('read') > reads });
      },
    };
    for (const [why, doubt] of Object.entries(doubtful)) {
      const it = await given();
      for (const tag of ['told', 'other']) {
        gateway(it, { etag: { opaque: tag, weak: false } });
        await kindOf(it);
      }
      gateway(it, {});
      reads = it.client.count('read');
      doubt(it);
      it.server.put(a, 'bob was here');
      assert.equal(await kindOf(it), 'contentChanged', why);
      assert.equal(it.server.text(a), 'bob was here');
    }
    const it = await given();
    gateway(it, {});
    it.server.put(a, 'bob was here');
    assert.equal(await kindOf(it), undefined, 'bob may have written after us');
  });

  it('is not believed after a save whose response was lost and comes now', async () => {
    const it = await given();
    assert.equal(await kindOf(it, 'one'), undefined);
    const write = it.client.write.bind(it.client);
    let said: Version = {};
    it.client.write = async (...all) => {
      said = await write(...all);
      throw new RemoteFailure('badAnswer', { resource: a, maybeDone: true });
    };
    it.client.fail('read', 'unreachable');
    assert.equal(await kindOf(it, 'two'), 'badAnswer', 'and what is there cannot be read');
    const traits = it.client.traits.bind(it.client);
    let looks = it.client.count('stat');
    it.client.traits = () => ({ ...traits(), answersTwice: it.client.count('stat') > looks });
    gateway(it, said);
    looks = it.client.count('stat');
    assert.equal(await kindOf(it, 'six'), 'badAnswer');
    assert.equal(it.server.text(a), 'two');
  });

  for (const [what, operation] of [
    ['no look can be had', 'stat'],
    ['the content cannot be read', 'read'],
  ] as const)
    it(`is not believed from a server that has answered twice before where ${what}`, async () => {
      const it = await given({ tellsTag: false });
      const traits = it.client.traits.bind(it.client);
      it.client.traits = () => ({ ...traits(), answersTwice: true });
      gateway(it, {});
      it.client.fail(operation, 'unreachable');
      assert.equal(await kindOf(it), 'badAnswer');
    });

  it('is not believed where the look after it is refused and then fails, but for what the content shows', async () => {
    for (const [text, kind] of [
      ['base', 'badAnswer'],
      ['mine', undefined],
    ] as const) {
      const it = await given({ tellsTag: false });
      gateway(it, {});
      it.server.put(a, text);
      it.client.fail('stat', 'busy', { facts: { status: 503 } });
      it.client.fail('stat', 'timeout');
      assert.equal(await kindOf(it), kind);
    }
  });

  it('is believed where no look can be had', async () => {
    for (const [kind, status] of [
      ['unreachable', undefined],
      ['serverFault', 500],
    ] as const) {
      const it = await given({ tellsTag: false });
      for (let look = 1; look <= 3; look++)
        it.client.fail('stat', kind, status === undefined ? {} : { facts: { status } });
      assert.equal(await kindOf(it), undefined);
      assert.equal(it.server.text(a), 'mine');
    }
  });
});

describe('A server that changes line ends', () => {
  for (const honorsIfMatch of [true, false])
    for (const lists of [true, false])
      it(`is no conflict at the next save, checking conditions: ${honorsIfMatch}, listing: ${lists}`, async () => {
        const it = await given({ honorsIfMatch, lists });
        withOwnLineEnds(it);
        for (const text of ['one\n', 'one\ntwo\n', 'one\ntwo\nthree\n'])
          assert.equal(await kindOf(it, text), undefined);
        assert.equal(it.server.text(a), 'one\r\ntwo\r\nthree\r\n');
      });

  it('does not hide what a colleague wrote in between', async () => {
    const it = await given({ honorsIfMatch: false, tellsTag: false, tags: 'none' });
    withOwnLineEnds(it);
    it.client.fail('lock', 'unsupported', { facts: { status: 405 } });
    let done = false;
    it.client.travel = async (operation, way) => {
      await Promise.resolve();
      if (operation !== 'write' || way !== 'back' || done) return;
      done = true;
      it.server.put(a, 'quite another text');
    };
    assert.equal(await kindOf(it, 'one\n'), undefined);
    assert.equal(await kindOf(it, 'one\ntwo\n'), 'contentChanged');
    assert.equal(it.server.text(a), 'quite another text');
  });
});
