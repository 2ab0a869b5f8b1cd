// What a comparison shows as the server's.
import assert from 'node:assert/strict';
import type { ReadOptions, RemoteFiles } from '../../../../src/core/model/ports';
import type { ResourceId } from '../../../../src/core/model/resource';
import type { Version } from '../../../../src/core/model/version';
import type { RemoteStat } from '../../../../src/core/polling/remoteStat';
import { readCurrent } from '../../../../src/core/saving/currentContent';
import { bytesOf, file } from '../../../support/core/files';

const a = file('a');
const version = (tag: string, modified = 1_000, size = 3): Version => ({
  etag: { opaque: tag, weak: false },
  modified,
  size,
});

/** Looks and reads find these versions in turn, and the last of them from then on. */
function given(looks: readonly Version[], reads: readonly Version[]) {
  const asked: string[] = [];
  const turn = (all: readonly Version[], what: string): Version => {
    const version = all[Math.min(asked.filter((one) => one === what).length, all.length - 1)] ?? {};
    asked.push(what);
    return version;
  };
  const stat = () => Promise.resolve({ version: turn(looks, 'look') } as RemoteStat);
  const sizes: (number | undefined)[] = [];
  const read = (_: ResourceId, { listedSize }: ReadOptions) => {
    sizes.push(listedSize);
    return Promise.resolve({ bytes: bytesOf('one'), version: turn(reads, 'read') });
  };
  const filesOf = () => ({ read }) as unknown as RemoteFiles;
  return { asked, sizes, reading: () => readCurrent({ filesOf, directory: { stat } }, a) };
}

describe('The content that the server has now', () => {
  it('is what was read, where the look just before saw the same version', async () => {
    const { asked, sizes, reading } = given([version('new')], [version('new')]);
    assert.deepEqual((await reading()).version, version('new'));
    assert.deepEqual(asked, ['look', 'read']);
    assert.deepEqual(sizes, [3], 'A read knows how much there is');
  });

  it('is asked for again where somebody wrote in between', async () => {
    const { reading } = given([version('old'), version('new', 5_000)], [version('new', 5_000)]);
    assert.deepEqual((await reading()).version, version('new', 5_000));
  });

  it('is not what a cache keeps answering', async () => {
    for (const kept of [
      version('old', 500),
      version('old', 1_000, 2),
      { etag: { opaque: 'old', weak: true } },
    ]) {
      const { asked, reading } = given([version('new')], [kept]);
      await assert.rejects(reading, {
        kind: 'badAnswer',
        facts: { method: 'GET', resource: a, code: 'OUTDATED' },
      });
      assert.equal(asked.length, 4);
    }
  });

  it('is what was read where only the tags differ, or nothing tells', async () => {
    for (const read of [version('sent'), {}, { size: 3 }])
      assert.deepEqual((await given([version('listed')], [read]).reading()).version, read);
  });
});
