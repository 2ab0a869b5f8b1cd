import assert from 'node:assert/strict';
import { canBreak } from '../../../../src/core/diagnosis/advice';
import { file, hour, minute, Record, second } from './record';

describe('A lock can be broken', () => {
  const locked = { left: 10 * minute };

  it('while its token is listed', () => {
    assert.equal(canBreak(new Record().look(0, locked).facts()), true);
    assert.equal(canBreak(new Record().look(0).facts()), false);
  });

  it('not without its token', () => {
    const hidden = { ...locked, id: '', root: file };
    assert.equal(canBreak(new Record().look(0, hidden).facts()), false);
  });

  it('not once the server has refused to, until another lock is taken', () => {
    const refused = new Record().look(0, locked).answer(second, 'UNLOCK', 403);
    assert.equal(canBreak(refused.facts()), false);
    assert.ok(!refused.why().advice.includes('breakLock'));
    const another = refused.look(2 * second).look(hour, { ...locked, id: 'another' });
    assert.equal(canBreak(another.facts()), true);
  });
});
