import assert from 'node:assert/strict';
import { hour, minute, Record, second } from './record';

const locked = (left: number) => ({ left });

describe('A diagnosis', () => {
  it('compares times with the clock of the server, not with ours', () => {
    // Our clock is an hour ahead: by it the lock would be long over.
    const record = new Record({ skewMs: -hour })
      .look(0, locked(10 * minute))
      .look(minute, locked(9 * minute));
    const found = record.why(2 * minute);
    assert.deepEqual([found.cause, found.rule], ['editedByOther', 'edited']);
    assert.ok(found.because.some(({ code }) => code === 'clockOff'));
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
        .because.map(({ code }) => code);
    assert.ok(codes('client').includes('holderTold') && !codes('client').includes('holderNamed'));
    assert.ok(codes('server').includes('holderNamed'));
  });

  it('knows that a refusal is over once the lock that explained it is gone', () => {
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
});
