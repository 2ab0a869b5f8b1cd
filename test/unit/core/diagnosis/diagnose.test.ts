import assert from 'node:assert/strict';
import { LockHistory } from '../../../../src/core/locks/lockHistory';
import { parentOf } from '../../../../src/core/model/resource';
import { at, file, hour, lease, minute, Record, second, refusal } from './record';

const locked = (left: number) => ({ left });

describe('A diagnosis', () => {
  it('compares times with the clock of the server, not with ours', () => {
    // Our clock is an hour ahead: by it the lock would be long over.
    const record = new Record({ skewMs: -hour })
      .look(0, locked(10 * minute))
      .look(minute, locked(9 * minute));
    const found = record.why(2 * minute);
    assert.deepEqual([found.cause, found.rule], ['editedByOther', 'edited']);
    assert.ok(found.evidence.some(({ code }) => code === 'clockOff'));
  });

  it('is less sure of a passed deadline where the server tells no time', () => {
    const seen = (tellsTime: boolean) =>
      new Record({}, tellsTime)
        .look(0, locked(2 * minute))
        .look(minute, locked(minute))
        .look(4 * minute, locked(-2 * minute))
        .why();
    assert.deepEqual([seen(true).confidence, seen(false).confidence], ['high', 'medium']);
    assert.ok(seen(false).against?.some(({ code }) => code === 'noDate'));
  });

  it('names a holder as hearsay unless the server vouches', () => {
    const codes = (assertedBy: 'client' | 'server') =>
      new Record()
        .look(0, { left: minute, holder: { name: 'Ann Lee', assertedBy } })
        .why()
        .evidence.map(({ code }) => code);
    assert.ok(codes('client').includes('holderClaimed') && !codes('client').includes('holderNamed'));
    assert.ok(codes('server').includes('holderNamed'));
  });

  it('knows that a refusal is over once the lock that explained it has ended', () => {
    const record = new Record()
      .answer(0, 'PUT', 423)
      .look(second, locked(5 * minute))
      .look(minute);
    assert.deepEqual([record.why().cause, record.why().rule], ['notLocked', 'cleared']);
  });

  it('does not take a colleague who locks again and again for servers at odds', () => {
    const record = new Record();
    for (let turn = 0; turn < 4; turn++) {
      record.look(turn * minute, { id: `lock-${turn}`, left: 10 * minute }).look(turn * minute + 30 * second);
    }
    assert.equal(record.why().cause, 'notLocked');
  });

  it('does not know by an empty list that a refusal without a lock is over, only by a write', () => {
    const record = new Record()
      .answer(0, 'PUT', 423)
      .look(second)
      .look(2 * minute);
    assert.notEqual(record.why().cause, 'notLocked');
    assert.equal(
      record
        .answer(3 * minute, 'PUT', 204)
        .look(20 * minute)
        .why().cause,
      'notLocked',
    );
  });

  it('does not take the end of an earlier lock for the end of a refusal', () => {
    const record = new Record()
      .look(0, locked(10 * minute))
      .look(20 * second)
      .answer(25 * second, 'PUT', 423, refusal({ reason: 'This site is archived.' }))
      .look(26 * second);
    assert.equal(record.why().cause, 'access');
  });

  it('does not take the end of a lock for the end of a missing right', () => {
    const record = new Record()
      .look(0, locked(10 * minute))
      .answer(second, 'PUT', 401, { signed: true })
      .look(minute);
    assert.equal(record.why().cause, 'signIn');
  });

  it('does not end a refusal by refreshing our lock', () => {
    const record = new Record({ leases: [lease()], content: 'changed' })
      .answer(0, 'LOCK', 200)
      .answer(second, 'PUT', 412, { sent: ['if', 'if-match'] })
      .answer(5 * minute, 'LOCK', 200, { sent: ['if'] });
    assert.equal(record.why().cause, 'contentChanged');
  });

  const beforeReload: readonly (readonly [string, Record])[] = [
    ['a missing right', new Record({ rights: { write: false } }).answer(0, 'PUT', 423).look(second)],
    ['words of rights', new Record().answer(0, 'PUT', 423, refusal({ reason: 'Archived.' })).look(second)],
    [
      'a lock store that is gone',
      new Record()
        .look(0)
        .answer(second, 'PUT', 500)
        .look(2 * second),
    ],
    ['a wrong password', new Record().answer(0, 'PUT', 401, { signed: true }).look(second)],
  ];
  for (const [what, record] of beforeReload)
    it(`says after a reload of the window what it said before: ${what}`, () => {
      const { cause, rule } = record.why();
      const found = record.reload().look(minute).why();
      assert.deepEqual([found.cause, found.rule], [cause, rule]);
    });

  it('keeps of a refusal over a reload what was told, and not its page', () => {
    const record = new Record().answer(0, 'PUT', 423, {
      ...refusal({ reason: 'Archived.' }),
      excerpt: 'Page',
    });
    const kept = record.reload().history.of(file).refusal;
    assert.deepEqual([kept?.refusal?.reason, kept?.excerpt], ['Archived.', undefined]);
  });

  it('dates a kept refusal by the clock of the new run', () => {
    const record = new Record().answer(0, 'PUT', 423);
    const kept = record.history.all();
    const next = new LockHistory();
    next.restore(kept, { mono: 500, wall: at(minute).wall });
    assert.equal(next.of(file).refusal?.at.mono, 500 - minute);
  });

  it('does not take a clock that becomes known for a refreshed lock', () => {
    const record = new Record({ skewMs: hour }, false)
      .look(0, locked(10 * minute))
      .tellTime()
      .look(minute, locked(9 * minute));
    const { refreshes, basis } = record.history.of(file).locks[0] ?? {};
    assert.deepEqual([refreshes, basis], [[], 'counting']);
    assert.equal(record.why().confidence, 'medium');
  });

  it('reckons a deadline of a look without a clock by ours', () => {
    const record = new Record({ skewMs: hour }, false)
      .look(0, locked(10 * minute))
      .tellTime()
      .answer(minute, 'GET', 200);
    const ahead = record.why().evidence.find(({ code }) => code === 'deadlineAhead');
    assert.equal(ahead?.at, at(10 * minute).wall);
  });

  it('names no refusal where there was none', () => {
    const record = new Record({ listingSupport: 'unproven' });
    record.store.apply({ kind: 'refused', resource: file, at: at(0) });
    const found = record.why(second);
    assert.deepEqual(
      found.evidence.map(({ code }) => code),
      ['serverSilent'],
    );
  });

  it('looks again after 5, 15 and 45 seconds where the server does not tell', () => {
    const record = new Record({ listingSupport: 'unproven' }).answer(0, 'PUT', 423);
    const pauses = [0, 5, 20, 65].map((seconds) => record.silence(seconds * second).why().recheckAfterMs);
    assert.deepEqual(pauses, [5_000, 15_000, 45_000, 45_000]);
  });

  it('has the members that were refused inside a 207, while that stands', () => {
    const folder = parentOf(file) ?? file;
    const members = [
      { resource: folder, status: 424 },
      { resource: file, status: 423 },
    ];
    const record = new Record().answer(0, 'PUT', 207, refusal({ members }));
    assert.deepEqual(record.facts().refusedMembers, members);
    assert.equal(record.answer(second, 'PUT', 204).facts().refusedMembers, undefined);
  });
});
