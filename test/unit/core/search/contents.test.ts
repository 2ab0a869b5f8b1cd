import assert from 'node:assert/strict';
import type { Version } from '../../../../src/core/model/version';
import { contentTagOf, isSettled } from '../../../../src/core/search/contentTag';
import { Contents } from '../../../../src/core/search/contents';
import type { FoundFile } from '../../../../src/core/search/walk';
import { FakeClock } from '../../../support/core/fakeClock';
import { bytesOf, file } from '../../../support/core/files';
import { MemoryContents } from '../../../support/core/searchTree';

const { signal } = new AbortController();
const strong: Version = { etag: { opaque: 'a', weak: false }, size: 4 };

function given(answered: Version) {
  const store = new MemoryContents();
  const clock = new FakeClock();
  let reads = 0;
  const read = () => {
    reads += 1;
    return Promise.resolve({ bytes: bytesOf('text'), version: answered });
  };
  const contents = new Contents((() => ({ read })) as never, store, clock);
  const listed = (version: Version): FoundFile => ({
    resource: file('a'),
    stat: { kind: 'file', version, modified: 0, created: 0, size: 4 },
  });
  const readsFor = async (version: Version) => {
    reads = 0;
    await contents.read(listed(version), 100, signal);
    await contents.settled();
    return reads;
  };
  return { readsFor, clock };
}

describe('Contents that are kept', () => {
  it('are read once for each tag', async () => {
    const { readsFor } = given(strong);
    assert.deepEqual([await readsFor(strong), await readsFor(strong)], [1, 0]);
    assert.equal(await readsFor({ ...strong, etag: { opaque: 'b', weak: false } }), 1);
  });

  it('are only those of the version that was listed', async () => {
    const { readsFor } = given({ ...strong, etag: { opaque: 'newer', weak: false } });
    assert.deepEqual([await readsFor(strong), await readsFor(strong)], [1, 1]);
  });

  it('are not those of a file that may change again under the same tag', async () => {
    const { readsFor, clock } = given({ ...strong, modified: new FakeClock().now().wall });
    const young = { ...strong, modified: clock.now().wall - 1_000 };
    assert.deepEqual([await readsFor(young), await readsFor(young)], [1, 1]);
    await clock.pass(5_000);
    assert.deepEqual([await readsFor(young), await readsFor(young)], [1, 0]);
  });

  it('have no tag where a server says too little', () => {
    assert.equal(contentTagOf({}), undefined);
    assert.equal(contentTagOf({ etag: { opaque: 'a', weak: true } }), undefined);
    assert.notEqual(
      contentTagOf({ etag: { opaque: 'a', weak: true }, modified: 1, size: 2 }),
      contentTagOf({ etag: { opaque: 'a', weak: true }, modified: 2, size: 2 }),
    );
    assert.equal(isSettled({}, 0), true);
  });
});
