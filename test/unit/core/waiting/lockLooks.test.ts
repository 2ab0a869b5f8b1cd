// A wait that asks by the LOCK itself where a refused one changes nothing.
import assert from 'node:assert/strict';
import type { ResourceId } from '../../../../src/core/model/resource';
import { LockLooks } from '../../../../src/core/waiting/lockLooks';
import { waitEntry, type WaitEntry } from '../../../../src/core/waiting/waitEntry';
import { file } from '../../../support/core/files';
import { a, opened, readAtOnce } from '../../../support/core/pipelinedScene';
import { type Asked, say } from '../../../support/model/request';
import type { Ways } from '../../../support/model/servers';

const minute = 60_000;

/** Ann waits for a lock of Bob's. */
async function waiting(ways: Partial<Ways> = {}, seconds = 7_200) {
  const scene = await opened({ pipelined: 'never', ...ways });
  const { server, clock, ann, asked } = scene;
  const lock = server.lockFor('bob', a, seconds);
  ann.type(a, 'mine');
  await clock.pass(1);
  asked.splice(0);
  ann.waits.arm(a);
  /** What is asked until so many requests are out. */
  const next = async (count: number) => {
    while (asked.length < count) await clock.pass(500);
    return asked.splice(0, count).join(' ');
  };
  return { ...scene, lock, next };
}

describe('A wait that asks by its LOCK', () => {
  readAtOnce();

  it('looks first, and again after every few', async () => {
    const { next, ann, server } = await waiting();
    const round = 'PROPFIND LOCK LOCK LOCK LOCK';
    assert.equal(await next(11), `${round} ${round} PROPFIND`);
    assert.equal(server.lockOn(a)?.who, 'bob');
    const { state, lock } = ann.store.viewOf(a);
    assert.deepEqual([state, lock?.holder.name], ['other', 'bob']);
    ann.dispose();
  });

  it('writes at once when it is granted, and lets the lock go', async () => {
    const { next, ann, server, clock, asked } = await waiting();
    await next(2);
    server.break(a);
    assert.equal(await next(2), 'LOCK PUT');
    await clock.pass(5_000);
    assert.equal(server.text(a), 'mine');
    assert.equal(server.lockOn(a), undefined);
    assert.equal(asked.at(-1), 'UNLOCK');
    assert.deepEqual(ann.waits.all(), []);
    assert.equal(clock.pending, 0);
  });

  it('overwrites nothing that changed', async () => {
    const { next, ann, server, clock } = await waiting();
    await next(2);
    server.put(a, 'theirs');
    server.break(a);
    await clock.pass(minute);
    assert.equal(server.text(a), 'theirs');
    assert.equal(server.lockOn(a), undefined);
    assert.equal(ann.waits.of(a)?.phase, 'conflict');
    ann.dispose();
  });

  it('asks by looks alone where a LOCK may leave something behind, or is not known not to', async () => {
    for (const ways of [{ name: 'lighttpd' }, { name: 'nobody' }] as const) {
      const { next, ann } = await waiting(ways);
      assert.equal(await next(6), Array(6).fill('PROPFIND').join(' '), ways.name);
      ann.dispose();
    }
  });

  it('looks when the lock is about to end, whether it was refreshed', async () => {
    const { next, ann, lock, clock } = await waiting({}, 60);
    lock.ends = clock.now().mono + 13_000;
    await next(1);
    assert.equal(await next(3), 'LOCK PROPFIND PROPFIND');
    ann.dispose();
  });

  it('looks at several files of a folder together', async () => {
    const { server, ann, clock, asked } = await opened({ pipelined: 'never' });
    const b = file('b');
    server.put(b, 'base');
    for (const id of [a, b]) server.lockFor('bob', id, 7_200);
    const { core } = ann;
    const looks = new LockLooks({ ...core, clock, isWanted: () => true });
    const at = clock.now();
    const entryOf = (id: ResourceId) =>
      waitEntry(id, { since: at, until: at.mono + minute }, { pace: 'usual', trouble: undefined });
    const [one, other] = [entryOf(a), entryOf(b)];
    const ask = async (...entries: readonly WaitEntry[]) => {
      await clock.pass(1);
      await looks.ask(entries);
      return asked.splice(0).join(' ');
    };
    assert.equal(await ask(one, other), 'PROPFIND');
    assert.equal(await ask(one, other), 'PROPFIND');
    assert.equal(await ask(one), 'LOCK');
    ann.dispose();
  });

  it('that is stopped while the LOCK is under way lets it go', async () => {
    const { next, ann, server, transport, clock } = await waiting();
    await next(2);
    server.break(a);
    transport.travel = async (operation, way) => {
      if (operation === 'lock' && way === 'back') ann.waits.stop(a);
      return Promise.resolve();
    };
    await clock.pass(minute);
    assert.equal(server.text(a), 'base');
    assert.equal(server.lockOn(a), undefined);
    assert.equal(clock.pending, 0);
  });

  it('finds the lock that it was granted without hearing of it', async () => {
    const { next, ann, server, transport, clock } = await waiting();
    await next(2);
    server.break(a);
    transport.mishaps.add('lock', { kind: 'interrupted', lost: true });
    await clock.pass(minute);
    assert.equal(server.text(a), 'mine');
    assert.equal(server.lockOn(a), undefined);
    assert.deepEqual(ann.waits.all(), []);
  });

  it('looks where the LOCK is answered otherwise, and keeps waiting', async () => {
    const { next, ann, transport } = await waiting();
    await next(1);
    transport.mishaps.add('lock', { kind: 'conflict' });
    assert.equal(await next(2), 'PROPFIND LOCK');
    assert.equal(ann.waits.of(a)?.phase, 'waiting');
    ann.dispose();
  });

  for (const kind of ['forbidden', 'signInNeeded'] as const)
    it(`asks by looks alone from a LOCK on that is refused whoever holds the file: ${kind}`, async () => {
      const { next, ann, server, transport, clock } = await waiting();
      await next(1);
      transport.mishaps.add('lock', { kind });
      assert.equal(await next(6), Array(6).fill('PROPFIND').join(' '));
      assert.equal(ann.waits.of(a)?.phase, 'waiting');
      server.break(a);
      await clock.pass(minute);
      assert.equal(server.text(a), 'mine');
      assert.equal(server.lockOn(a), undefined);
    });

  it('finds the lock that it was granted after it had looked for it', async () => {
    const { next, ann, server, wire, clock } = await waiting();
    await next(2);
    const answer = wire.answer.bind(wire);
    let late: Asked | undefined;
    wire.answer = (request) => {
      if (request.method !== 'LOCK' || late) return answer(request);
      late = request;
      return 'died';
    };
    while (!late) await clock.pass(500);
    await clock.pass(1_000);
    server.break(a);
    answer(late);
    assert.equal(server.lockOn(a)?.who, 'ann');
    await clock.pass(minute);
    assert.equal(server.text(a), 'mine');
    assert.equal(server.lockOn(a), undefined);
    assert.deepEqual(ann.waits.all(), []);
  });

  for (const [status, rest] of [
    [423, /^LOCK( PROPFIND)+$/],
    [503, /^LOCK PROPFIND$/],
  ] as const)
    it(`sends no other LOCK until the time that the server asks for with a ${status}`, async () => {
      const { next, ann, wire, clock, asked } = await waiting();
      await next(1);
      const answer = wire.answer.bind(wire);
      wire.answer = (request) => {
        const said = answer(request);
        return request.method === 'LOCK' ? say(status, { 'retry-after': '300' }) : said;
      };
      await clock.pass(4 * minute);
      assert.match(asked.join(' '), rest);
      assert.equal(ann.waits.of(a)?.phase, 'waiting');
      ann.dispose();
    });

  const refusedBecauseOf = (name: string) =>
    say(423, { 'content-type': 'application/json' }, JSON.stringify({ error: 'locked', lockedBy: name }));

  it('looks at once where the refusal names another holder than was listed', async () => {
    const { next, ann, server, wire } = await waiting();
    await next(2);
    server.break(a);
    server.lockFor('carol', a, 7_200);
    const answer = wire.answer.bind(wire);
    wire.answer = (request) => {
      const said = answer(request);
      return request.method === 'LOCK' ? refusedBecauseOf('carol') : said;
    };
    assert.equal(await next(3), 'LOCK PROPFIND LOCK');
    assert.equal(ann.store.viewOf(a).lock?.holder.name, 'carol');
    ann.dispose();
  });

  it('asks by looks alone where refusals have other names than the listing', async () => {
    const { next, ann, wire } = await waiting();
    await next(1);
    const answer = wire.answer.bind(wire);
    wire.answer = (request) => {
      const said = answer(request);
      return request.method === 'LOCK' ? refusedBecauseOf('Robert') : said;
    };
    assert.equal(await next(4), 'LOCK PROPFIND PROPFIND PROPFIND');
    ann.dispose();
  });

  it('ends where the file was deleted, as any wait', async () => {
    const { next, ann, server, clock } = await waiting();
    await next(2);
    server.files.delete(a);
    server.break(a);
    await clock.pass(3 * minute);
    assert.deepEqual(ann.waits.all(), []);
    assert.equal(server.files.has(a), false);
    assert.equal(server.lockOn(a), undefined);
  });
});
