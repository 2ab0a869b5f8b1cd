import assert from 'node:assert/strict';
import { RemoteFailure } from '../../../../src/core/model/failure';
import { parentOf, serverOf } from '../../../../src/core/model/resource';
import { FakeClock, settle } from '../../../support/core/fakeClock';
import { file } from '../../../support/core/files';
import { ModelServer } from '../../../support/core/modelServer';
import { Person, type PersonOptions } from '../../../support/core/person';

const a = file('a');

async function given(options: PersonOptions = {}) {
  const clock = new FakeClock();
  const server = new ModelServer(clock);
  server.put(a, 'base');
  const ann = new Person('ann', server, clock, options);
  ann.learnsToList(a);
  await ann.open(a);
  await settle();
  return { clock, server, ann };
}

describe('Locking while one edits', () => {
  it('takes the lock at the first keystroke, once', async () => {
    const { server, ann } = await given();
    assert.equal(server.lockOn(a), undefined);
    for (const text of ['m', 'mi', 'min']) ann.type(a, text);
    await settle();
    ann.type(a, 'mine');
    await settle();
    assert.equal(server.lockOn(a)?.who, 'ann');
    assert.equal(ann.client.count('lock'), 1);
  });

  it('takes it at opening, or never, as it is set', async () => {
    assert.equal((await given({ lockOn: 'open' })).server.lockOn(a)?.who, 'ann');
    const { ann, server } = await given({ lockOn: 'manual' });
    ann.type(a, 'mine');
    await settle();
    assert.equal(server.lockOn(a), undefined);
  });

  it('lets it go a second after the file is closed, not if it is opened again', async () => {
    const { clock, server, ann } = await given();
    ann.type(a, 'mine');
    await settle();
    ann.close(a);
    await clock.pass(900);
    await ann.open(a);
    await clock.pass(5_000);
    assert.equal(server.lockOn(a)?.who, 'ann');
    ann.close(a);
    await clock.pass(1_100);
    assert.equal(server.lockOn(a), undefined);
    assert.equal(clock.pending, 0);
  });

  it('says nothing of a busy server where it takes up a lock that is held still', async () => {
    for (const isHeld of [true, false]) {
      const { clock, ann } = await given();
      if (isHeld) {
        await ann.leases.take(a, 'save');
        ann.client.fail('unlock', 'busy');
        await assert.rejects(ann.leases.drop(a, 'save'));
      }
      ann.core.pauses.note(new RemoteFailure('busy', { resource: a, retryAfterMs: 60_000 }));
      await clock.pass(1);
      ann.type(a, 'mine');
      await settle();
      assert.deepEqual([...ann.leases.claimsOn(a)], ['edit']);
      assert.equal(ann.core.pauses.leftOf(a) > 0, isHeld);
      ann.dispose();
    }
  });

  it('leaves a lock alone that was taken by hand', async () => {
    const { clock, server, ann } = await given();
    await ann.leases.take(a, 'hand');
    ann.type(a, 'mine');
    ann.close(a);
    await clock.pass(5_000);
    assert.equal(server.lockOn(a)?.who, 'ann');
  });

  it('lets it go where the file was closed before the lock came', async () => {
    const { clock, server, ann } = await given();
    let open = () => undefined as void;
    const gate = new Promise<void>((resolve) => (open = resolve));
    ann.client.travel = (operation) => (operation === 'lock' ? gate : Promise.resolve());
    ann.type(a, 'mine');
    ann.close(a);
    await clock.pass(500);
    open();
    await clock.pass(5_000);
    assert.equal(server.lockOn(a), undefined);
    assert.equal(clock.pending, 0);
  });

  it('asks again for a refused lock at most twice a minute, however fast one types', async () => {
    const { clock, server, ann } = await given();
    server.lockFor('bob', a);
    for (let second = 0; second < 60; second += 1) {
      ann.type(a, `mine ${second}`);
      await clock.pass(1_000);
    }
    assert.equal(ann.client.count('lock'), 2);
    assert.equal(ann.isDirty(a), true);
    server.break(a);
    await clock.pass(30_000);
    ann.type(a, 'mine');
    await settle();
    assert.equal(server.lockOn(a)?.who, 'ann');
  });

  it('tries to let it go again where the server was away', async () => {
    const { clock, server, ann } = await given();
    ann.type(a, 'mine');
    await settle();
    ann.client.offline = true;
    ann.close(a);
    await clock.pass(60_000);
    ann.client.offline = false;
    await clock.pass(60_000);
    assert.equal(server.lockOn(a), undefined);
    assert.equal(clock.pending, 0);
    assert.deepEqual(ann.faults, []);
  });

  it('keeps a lock that could not be released for who types again', async () => {
    const { clock, server, ann } = await given();
    ann.type(a, 'mine');
    await settle();
    ann.client.fail('unlock', 'unreachable');
    ann.close(a);
    await clock.pass(1_100);
    await ann.open(a);
    ann.type(a, 'mine again');
    await clock.pass(60_000);
    assert.equal(ann.client.count('unlock'), 1);
    assert.equal(server.lockOn(a)?.who, 'ann');
    assert.deepEqual([...ann.leases.claimsOn(a)], ['edit']);
    assert.equal(ann.client.count('lock'), 1);
  });

  it('keeps it also for who types while it is being released', async () => {
    const { clock, server, ann } = await given();
    ann.type(a, 'mine');
    await settle();
    ann.client.fail('unlock', 'unreachable');
    ann.client.travel = async (operation, way) => {
      if (operation !== 'unlock' || way !== 'there') return;
      await ann.open(a);
      ann.type(a, 'mine again');
    };
    ann.close(a);
    await clock.pass(60_000);
    assert.equal(ann.client.count('lock'), 1);
    assert.equal(server.lockOn(a)?.who, 'ann');
    assert.deepEqual([...ann.leases.claimsOn(a)], ['edit']);
  });

  it('asks in a folder without locks once, and again after some minutes', async () => {
    const { clock, ann } = await given();
    ann.store.restoreListingSupport(serverOf(a), 'unproven');
    for (let index = 0; index < 9; index += 1)
      ann.client.fail('lock', 'unsupported', { facts: { status: 405 } });
    for (let index = 0; index < 4; index += 1) {
      ann.type(a, `mine ${index}`);
      await clock.pass(31_000);
    }
    assert.equal(ann.client.count('lock'), 1);
    assert.equal(ann.store.listingSupportOf(serverOf(a)), 'unproven', 'nothing is said of the whole server');
    await clock.pass(10 * 60_000);
    ann.client.recover();
    ann.type(a, 'mine at last');
    await settle();
    assert.equal(ann.client.count('lock'), 2);
    assert.deepEqual([...ann.leases.claimsOn(a)], ['edit']);
  });

  it('asks in another folder of the same server all the same', async () => {
    const { server, ann } = await given();
    const [below, beside] = [file('readonly/c'), file('readonly/d')];
    for (const id of [below, beside]) {
      server.put(id, 'base');
      await ann.open(id);
    }
    ann.client.fail('lock', 'unsupported', { facts: { status: 405 } });
    ann.type(below, 'mine');
    await settle();
    ann.type(beside, 'mine');
    await settle();
    assert.equal(ann.client.count('lock'), 1, 'the file beside it is not asked about');
    ann.type(a, 'mine');
    await settle();
    assert.equal(server.lockOn(a)?.who, 'ann');
  });

  it('asks again at once where a lock has been granted in the folder', async () => {
    const { server, ann } = await given();
    const b = file('b');
    server.put(b, 'base');
    await ann.open(b);
    ann.client.fail('lock', 'unsupported', { facts: { status: 501 } });
    ann.type(a, 'mine');
    await settle();
    await ann.leases.take(a, 'hand');
    ann.type(b, 'mine');
    await settle();
    assert.equal(server.lockOn(b)?.who, 'ann');
  });

  it('asks for none where the folder says that it has none', async () => {
    const { ann } = await given();
    ann.store.apply({ kind: 'lockless', folder: parentOf(a)!, is: true });
    ann.type(a, 'mine');
    await settle();
    assert.equal(ann.client.count('lock'), 0);
  });

  it('takes a lock of another kind for no sign that there are none', async () => {
    const { clock, server, ann } = await given();
    ann.client.fail('lock', 'unsupported', { facts: { code: 'SHARED_LOCK_GRANTED' } });
    ann.type(a, 'mine');
    await clock.pass(31_000);
    ann.type(a, 'mine again');
    await settle();
    assert.equal(server.lockOn(a)?.who, 'ann');
  });

  it('lets it go a second after the last tab of a clean file is closed, whoever keeps the document open', async () => {
    const { clock, server, ann } = await given();
    ann.type(a, 'mine');
    await ann.save(a);
    ann.closeTab(a);
    await clock.pass(900);
    assert.equal(server.lockOn(a)?.who, 'ann');
    await clock.pass(200);
    assert.equal(server.lockOn(a), undefined);
    assert.equal(ann.isOpen(a), true);
    assert.equal(clock.pending, 0);
  });

  it('keeps it for unsaved text that no tab shows, until that is saved', async () => {
    const { clock, server, ann } = await given();
    ann.type(a, 'mine');
    await settle();
    ann.closeTab(a);
    await clock.pass(5_000);
    assert.equal(server.lockOn(a)?.who, 'ann');
    await ann.save(a);
    await clock.pass(1_100);
    assert.equal(server.lockOn(a), undefined);
  });
});
