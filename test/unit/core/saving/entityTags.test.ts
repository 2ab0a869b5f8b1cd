import assert from 'node:assert/strict';
import type { Version } from '../../../../src/core/model/version';
import { EntityTags } from '../../../../src/core/saving/entityTags';
import { file } from '../../../support/core/files';

const a = file('a');
const tagged = (opaque: string, more: Version = {}): Version => ({ etag: { opaque, weak: false }, ...more });

describe('What a server’s entity tags are worth', () => {
  it('is nothing as proof where a tag stayed with another text, but a condition may be bound to it', () => {
    const tags = new EntityTags();
    assert.equal(tags.areReliable(a), true);
    tags.seenUnchanged(a);
    assert.equal(tags.areReliable(a), false);
    assert.equal(tags.canBeSent(a), true);
    assert.equal(tags.compare(a, tagged('one'), tagged('two')), 'changed');
  });

  it('is nothing at all where each answer has another one: then time and size tell', () => {
    const tags = new EntityTags();
    tags.seenInTurn(
      a,
      ['1', '2', '3', '4'].map((opaque) => tagged(opaque)),
    );
    assert.equal(tags.areReliable(a), false);
    assert.equal(tags.canBeSent(a), false);
    const before = tagged('one', { modified: 1, size: 3 });
    assert.equal(tags.compare(a, before, tagged('two', { modified: 1, size: 3 })), 'same');
    assert.equal(tags.compare(a, before, tagged('one', { modified: 2, size: 3 })), 'changed');
    assert.equal(tags.compare(a, before, tagged('one', { modified: 1, size: 4 })), 'changed');
    assert.equal(tags.compare(a, before, tagged('one', { size: 3 })), 'unknown');
  });

  it('is judged only by four answers that all have a tag of their own', () => {
    const tags = new EntityTags();
    tags.seenInTurn(
      a,
      ['1', '2', '1', '2'].map((opaque) => tagged(opaque)),
    );
    tags.seenInTurn(a, [tagged('1'), {}, tagged('2'), tagged('3')]);
    assert.equal(tags.areReliable(a), true);
  });
});
