// A look that is sent right behind a LOCK or an UNLOCK, and what it may be counted for.
import assert from 'node:assert/strict';
import type { RemoteEntry } from '../../../../src/core/model/ports';
import {
  activeLock,
  alone,
  at,
  discovery,
  failureOf,
  found,
  granted,
  leaseOn,
  multistatus,
  Stage,
  together,
  type Turn,
} from './stage';

const file = at('/a.txt');
const token = 'urn:uuid:ours';
const mark = 'me';
const owner = 'Ann (VS Code, id me)';
const locked = (...tokens: string[]) =>
  multistatus(found('/a.txt', discovery(...tokens.map((token) => activeLock({ token, owner: 'Bob' })))));
const free = multistatus(found('/a.txt', discovery()));
const mine = multistatus(found('/a.txt', discovery(activeLock({ token, owner }))));
const created = granted({ token }, { 'lock-token': `<${token}>` });
/** What lets nobody doubt that the server checks the conditions of a LOCK, and lists locks. */
const known: Turn = { ...locked('urn:uuid:bob'), headers: { 'x-sabre-version': '4' } };

/** Takes the lock, after a look that showed somebody else's; tells what was seen. */
async function locking(turns: readonly Turn[], wanted: { readonly looksBehind: boolean }) {
  const stage = new Stage(known, ...turns);
  await stage.server.locks.look(file);
  stage.requests.pop();
  const seen: RemoteEntry[] = [];
  const options = { ...wanted, onSeen: (entry: RemoteEntry) => void seen.push(entry) };
  const lock = () => stage.server.locks.lock(file, { seconds: 600, owner, mark }, options);
  const ids = () => seen.map(({ listing }) => listing.locks.length);
  return { stage, lock, ids };
}
const behind = { looksBehind: true };

describe('A look right behind a LOCK', () => {
  it('shows the file under the lock where it lists it, and counts for nothing else', async () => {
    const it = await locking([together(created, locked(token))], behind);
    assert.equal((await it.lock()).token.reveal(), token);
    assert.deepEqual(it.ids(), [1]);
    // It was answered first.
    for (const early of [free, locked('urn:uuid:bob')]) {
      const it = await locking([together(created, early), alone(created)], behind);
      await it.lock();
      assert.deepEqual(it.ids(), []);
      await it.lock();
    }
  });

  it('names who holds the file instead of a look after the refusal', async () => {
    const it = await locking([together({ status: 423 }, locked('urn:uuid:bob'))], behind);
    assert.equal((await failureOf(it.lock())).kind, 'locked');
    assert.deepEqual(it.ids(), [1]);
    it.stage.done();
  });

  it('does not say that the file is free where the LOCK was refused', async () => {
    const it = await locking([together({ status: 423 }, free), locked('urn:uuid:bob')], behind);
    assert.equal((await failureOf(it.lock())).kind, 'locked');
    assert.deepEqual(it.stage.asked, ['LOCK /a.txt', 'PROPFIND /a.txt']);
    assert.deepEqual(it.ids(), [1]);
  });

  for (const kind of ['interrupted', 'timeout', 'badAnswer'] as const)
    it(`is not sent again after one whose answer was ${kind}; the lock is ours all the same`, async () => {
      const it = await locking([together(created, kind), alone(created)], behind);
      assert.equal((await it.lock()).token.reveal(), token);
      await it.lock();
      assert.deepEqual(it.ids(), []);
    });

  for (const kind of ['unreachable', 'tls'] as const)
    it(`is sent again after one that found no connection: ${kind}`, async () => {
      const it = await locking([together(kind, kind), together(created, locked(token))], behind);
      assert.equal((await failureOf(it.lock())).kind, kind);
      await it.lock();
      assert.deepEqual(it.ids(), [1]);
    });

  it('that has the answer to the LOCK, and the LOCK its, leaves a lock that is found by its mark', async () => {
    const it = await locking([together(free, created), mine, alone(created), alone(created)], behind);
    const lease = await it.lock();
    assert.equal(lease.token.reveal(), token);
    assert.deepEqual(it.stage.asked, ['LOCK /a.txt', 'PROPFIND /a.txt', 'LOCK /a.txt']);
    await it.lock();
  });

  it('does not make a lock of a refusal that has its answer', async () => {
    const refused = await locking(
      [together(locked('urn:uuid:bob'), { status: 423 }), locked('urn:uuid:bob')],
      behind,
    );
    assert.equal((await failureOf(refused.lock())).kind, 'interrupted');
  });

  it('is not sent where a LOCK is likely to be granted, nor where no lock was ever listed', async () => {
    const likely = await locking([alone(created)], { looksBehind: false });
    await likely.lock();
    const stage = new Stage({ ...free, headers: { 'x-sabre-version': '4' } }, alone(created));
    await stage.server.locks.look(file);
    await stage.server.locks.lock(file, { seconds: 600, owner, mark }, behind);
  });

  it('is not sent behind the look that keeps a LOCK from making a file', async () => {
    const stage = new Stage(
      locked('urn:uuid:bob'),
      alone(locked('urn:uuid:bob')),
      together(created, locked(token)),
    );
    await stage.server.locks.look(file);
    await stage.server.locks.lock(file, { seconds: 600, owner, mark }, behind);
    assert.deepEqual(stage.asked.slice(1), ['PROPFIND /a.txt', 'LOCK /a.txt']);
  });
});

describe('A look right behind an UNLOCK', () => {
  const ours = leaseOn(file);
  const released = (...turns: Turn[]) => {
    const stage = new Stage(...turns);
    return { stage, release: () => stage.server.locks.release(ours) };
  };

  it('shows that the lock was released, whichever came first', async () => {
    for (const [gone, wasHeld] of [
      [free, true],
      [locked('urn:uuid:bob'), false],
    ] as const) {
      const it = released(together({ status: 204 }, gone));
      assert.deepEqual(await it.release(), { wasHeld });
      it.stage.done();
    }
  });

  it('does not show that the lock is still there', async () => {
    const it = released(together({ status: 204 }, mine), free, alone({ status: 204 }), free);
    assert.deepEqual(await it.release(), { wasHeld: true });
    assert.deepEqual(await it.release(), { wasHeld: true });
    const stays = released(together({ status: 204 }, mine), mine);
    assert.equal((await failureOf(stays.release())).kind, 'serverFault');
  });

  it('is asked again where its answer is missing, refuses, or came in place of the other', async () => {
    const turns: Turn[] = [
      together({ status: 204 }, 'interrupted'),
      together({ status: 409 }, mine),
      together(mine, { status: 204 }),
    ];
    for (const turn of turns) {
      const it = released(turn, mine);
      assert.equal((await failureOf(it.release())).kind, 'serverFault');
    }
    assert.deepEqual(await released(together(free, { status: 204 }), free).release(), { wasHeld: true });
  });

  it('is not needed where the answer proves it', async () => {
    const stage = new Stage({ ...free, headers: { 'x-sabre-version': '4' } }, alone({ status: 204 }));
    await stage.server.locks.look(file);
    assert.deepEqual(await stage.server.locks.release(ours), { wasHeld: true });
  });
});
