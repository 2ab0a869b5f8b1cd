import assert from 'node:assert/strict';
import { compareVersions, ifMatch, ifMatchToSend, parseEtag } from '../../../../src/core/model/version';

const strong = (opaque: string) => ({ etag: { opaque, weak: false } });
const weak = (opaque: string) => ({ etag: { opaque, weak: true } });

describe('A version', () => {
  it('reads tags as servers write them', () => {
    assert.deepEqual(parseEtag('"a"'), { opaque: 'a', weak: false });
    assert.deepEqual(parseEtag('W/"a"'), { opaque: 'a', weak: true });
    assert.deepEqual(parseEtag('a'), { opaque: 'a', weak: false });
    assert.deepEqual(parseEtag(' "a b" '), { opaque: 'a b', weak: false });
    for (const none of [undefined, '', '""', 'W/""', '  ']) assert.equal(parseEtag(none), undefined);
  });

  it('compares tags weakly, and by them alone', () => {
    assert.equal(compareVersions(weak('a'), strong('a')), 'same');
    assert.equal(compareVersions({ ...strong('a'), size: 1 }, { ...strong('a'), size: 2 }), 'same');
    assert.equal(compareVersions(strong('a'), strong('b')), 'changed');
  });

  it('compares time and size where there is no tag', () => {
    assert.equal(compareVersions({ modified: 1, size: 2 }, { modified: 1, size: 2 }), 'same');
    assert.equal(compareVersions({ modified: 1, size: 2 }, { modified: 1, size: 3 }), 'changed');
    assert.equal(compareVersions({ modified: 1, size: 2 }, { modified: 9, size: 2 }), 'changed');
    assert.equal(compareVersions({ size: 2 }, { size: 2 }), 'unknown');
    assert.equal(compareVersions({}, strong('a')), 'unknown');
  });

  it('binds a write only to a strong tag', () => {
    assert.equal(ifMatch(strong('a')), '"a"');
    assert.equal(ifMatch(weak('a')), undefined);
    assert.equal(ifMatch({ modified: 1 }), undefined);
    assert.equal(ifMatch(undefined), undefined);
  });

  it('sends a strong tag that is too young to prove anything, and no weak one', () => {
    const young = { etag: { opaque: 'a', weak: true, young: true } } as const;
    assert.equal(ifMatch(young), undefined);
    assert.equal(ifMatchToSend(young), '"a"');
    assert.equal(ifMatchToSend(strong('a')), '"a"');
    assert.equal(ifMatchToSend(weak('a')), undefined);
    assert.equal(ifMatchToSend({ modified: 1 }), undefined);
  });
});
