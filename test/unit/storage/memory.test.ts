import assert from 'node:assert/strict';
import { BaseVersions } from '../../../src/core/saving/baseVersions';
import { KeptBaseVersions } from '../../../src/storage/memory';
import { bytesOf, file } from '../../support/core/files';
import { Memento } from '../../support/core/memento';

const version = { etag: { opaque: '1', weak: false } };

describe('What open files rest on, over restarts', () => {
  it('is their version, how sure it is, and a digest of the content', () => {
    const memento = new Memento();
    const baseVersions = new BaseVersions();
    const versions = new KeptBaseVersions(memento, baseVersions);
    baseVersions.setShown(file('a'), { version, bytes: bytesOf('text'), certain: true });
    baseVersions.setShown(file('b'), { version, bytes: bytesOf('other'), certain: false });
    versions.dispose();
    for (let restart = 0; restart < 2; restart += 1) {
      const after = new BaseVersions();
      const again = new KeptBaseVersions(memento, after);
      const [a, b] = [after.shownOf(file('a')), after.shownOf(file('b'))];
      assert.deepEqual([a?.version, a?.certain, b?.certain], [version, true, false]);
      assert.deepEqual(
        [bytesOf('text'), bytesOf('texT')].map((bytes) => a?.isContent?.(bytes)),
        [true, false],
      );
      // Whatever else is shown then, the digest of content that is not here any more stays.
      after.setShown(file('c'), { version, certain: true });
      again.dispose();
    }
  });

  it('is forgotten with the document', () => {
    const memento = new Memento();
    const baseVersions = new BaseVersions();
    new KeptBaseVersions(memento, baseVersions);
    baseVersions.setShown(file('a'), { version, certain: true });
    baseVersions.setShown(file('b'), { version, certain: true });
    baseVersions.moved(file('b'), file('c'));
    baseVersions.closed(file('a'));
    const after = new BaseVersions();
    new KeptBaseVersions(memento, after);
    assert.deepEqual(
      [...after.all()].map(([id]) => id),
      [file('c')],
    );
  });
});
