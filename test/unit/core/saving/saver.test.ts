import assert from 'node:assert/strict';
import type { Habits } from '../../../support/core/modelServer';
import { bytesOf, file } from '../../../support/core/files';
import { given, kindOf, saveMode as mode, saved, saving as a } from '../../../support/core/saving';

describe('Saving', () => {
  const habits: readonly [string, Partial<Habits>][] = [
    ['strong tags that are checked', {}],
    ['strong tags that are not checked', { honorsIfMatch: false }],
    ['weak tags', { tags: 'weak' }],
    ['no tags', { tags: 'none' }],
    ['no tags and no checks', { tags: 'none', honorsIfMatch: false }],
    ['tags of whole seconds that are not checked', { tags: 'second', honorsIfMatch: false }],
    ['no tag in the answer to a write', { tellsTag: false }],
    ['no listing of locks', { lists: false }],
    ['nothing at all', { tags: 'none', honorsIfMatch: false, lists: false, tellsTag: false }],
  ];
  for (const [name, listingSupport] of habits) {
    describe(`on a server with ${name}`, () => {
      it('writes what nobody else has changed, again and again', async () => {
        const it = await given(listingSupport);
        assert.equal(await kindOf(it, 'one'), undefined);
        assert.equal(await kindOf(it, 'two'), undefined);
        assert.equal(it.server.text(a), 'two');
      });

      it('never overwrites what somebody wrote since', async () => {
        const it = await given(listingSupport);
        it.server.put(a, 'theirs');
        assert.equal(await kindOf(it), 'contentChanged');
        assert.equal(it.server.text(a), 'theirs');
        await it.ann.revert(a);
        assert.equal(await kindOf(it, 'after theirs'), undefined);
        assert.equal(it.server.text(a), 'after theirs');
      });

      it('never overwrites what somebody wrote in the second of our own write', async () => {
        const it = await given(listingSupport);
        assert.equal(await kindOf(it, 'mine'), undefined);
        it.server.put(a, 'hers');
        assert.equal(await kindOf(it, 'more'), 'contentChanged');
        assert.equal(it.server.text(a), 'hers');
      });

      it('takes equal content under a new tag for no change', async () => {
        const it = await given(listingSupport);
        await it.clock.pass(3_000);
        it.server.put(a, 'base');
        assert.equal(await kindOf(it), undefined);
        assert.equal(it.server.text(a), 'mine');
      });

      it('is done where the text is there already', async () => {
        const it = await given(listingSupport);
        await it.clock.pass(3_000);
        it.server.put(a, 'mine');
        const { length } = it.server.writes;
        assert.equal(await kindOf(it), undefined);
        assert.equal(it.server.writes.length, length);
      });

      it('writes under our lock, and is refused under another’s', async () => {
        const it = await given(listingSupport);
        await it.ann.leases.take(a, 'hand');
        assert.equal(await kindOf(it), undefined);
        assert.equal(it.server.writes.at(-1)?.locked, true);
        await it.ann.leases.release(a);
        it.server.lockFor('bob', a);
        assert.equal(await kindOf(it, 'more'), 'locked');
        assert.equal(it.server.text(a), 'mine');
      });
    });
  }

  it('asks nothing but the one write where the server checks the version', async () => {
    const it = await given();
    it.client.calls.length = 0;
    assert.equal(await kindOf(it, 'first'), undefined);
    assert.deepEqual(it.client.calls, [`write ${a}`, `stat ${a}`], 'are the tags told true?');
    it.client.calls.length = 0;
    assert.equal(await kindOf(it), undefined);
    assert.deepEqual(it.client.calls, [`write ${a}`]);
  });

  it('does not call a 412 a change before it has looked', async () => {
    const it = await given();
    it.client.fail('write', 'preconditionFailed', { facts: { status: 412 } });
    assert.equal(await kindOf(it), undefined);
    assert.ok(it.client.count('stat') > 0);
    assert.equal(it.server.text(a), 'mine');
  });

  it('reports a 412 that stays under the same content as what it is', async () => {
    const it = await given();
    for (let index = 0; index < 5; index += 1)
      it.client.fail('write', 'preconditionFailed', { facts: { status: 412 } });
    assert.equal(await kindOf(it), 'preconditionFailed');
  });

  it('writes a deleted file anew', async () => {
    const it = await given();
    await it.ann.leases.take(a, 'hand');
    it.server.files.delete(a);
    it.server.locks.delete(a);
    assert.equal(await kindOf(it), undefined);
    assert.equal(it.server.text(a), 'mine');
    assert.equal(it.ann.losses.length, 0);
  });

  it('does not create over a file that somebody made meanwhile', async () => {
    const it = await given();
    const b = file('b');
    it.server.put(b, 'theirs');
    const create = it.ann.saver.save(b, bytesOf('mine'), { mustBeNew: true, mayReplaceUnseen: false });
    await assert.rejects(create, { kind: 'exists' });
    assert.equal(it.server.text(b), 'theirs');
  });

  it('replaces a file that nobody read only where it may', async () => {
    const it = await given();
    const b = file('b');
    it.server.put(b, 'theirs');
    await assert.rejects(it.ann.saver.save(b, bytesOf('mine'), mode), { kind: 'contentChanged' });
    await it.ann.saver.save(b, bytesOf('mine'), { ...mode, mayReplaceUnseen: true });
    assert.equal(it.server.text(b), 'mine');
  });

  it('replaces exactly the version that was shown, and none after it', async () => {
    const it = await given();
    it.server.put(a, 'theirs');
    assert.equal(await kindOf(it), 'contentChanged');
    const shown = await it.client.read(a);
    it.ann.baseVersions.setShown(a, { ...shown, certain: true });
    it.server.put(a, 'newer');
    assert.equal(await kindOf(it), 'contentChanged');
    it.ann.baseVersions.setShown(a, { ...(await it.client.read(a)), certain: true });
    assert.equal(await kindOf(it), undefined);
    assert.equal(it.server.writes.at(-1)?.over, 'newer');
  });

  it('writes the saves of one file one after the other', async () => {
    const it = await given();
    const first = it.ann.saver.save(a, bytesOf('one'), mode);
    const second = it.ann.saver.save(a, bytesOf('two'), mode);
    await it.clock.pass(1_000);
    await Promise.all([first, second]);
    assert.deepEqual(
      it.server.writes.slice(1).map(({ text, over }) => [text, over]),
      [
        ['one', 'base'],
        ['two', 'one'],
      ],
    );
  });

  it('rides out a short lock of the server itself, but not a long one', async () => {
    const it = await given();
    it.client.fail('write', 'locked', { facts: { status: 423 } });
    it.client.fail('write', 'locked', { facts: { status: 423 } });
    assert.equal(await kindOf(it), undefined);
    for (let index = 0; index < 20; index += 1) it.client.fail('write', 'locked', { facts: { status: 423 } });
    const before = it.clock.now().mono;
    const failing = saved(it, 'more');
    await it.clock.pass(2_100);
    assert.equal(it.ann.blockedSaves.of(a)?.failure.kind, 'locked');
    await failing;
    assert.ok(it.clock.now().mono - before < 10_000);
  });

  it('waits for a lock on its way, but not for ever', async () => {
    const it = await given();
    let open = () => undefined as void;
    const gate = new Promise<void>((resolve) => (open = resolve));
    it.client.travel = (operation) => (operation === 'lock' ? gate : Promise.resolve());
    void it.ann.leases.take(a, 'edit');
    const saving = it.ann.saver.save(a, bytesOf('mine'), mode);
    await it.clock.pass(1_900);
    assert.equal(it.server.text(a), 'base');
    await it.clock.pass(200);
    assert.equal(it.server.text(a), 'mine');
    await saving;
    open();
  });

  it('tells VS Code of the version that it wrote, also where it cannot look again', async () => {
    const it = await given({ tellsTag: false });
    it.client.fail('stat', 'unreachable');
    const shown = await it.ann.saver.save(a, bytesOf('mine'), mode);
    assert.equal(shown.size, 4);
    assert.equal(it.server.text(a), 'mine');
  });
});
