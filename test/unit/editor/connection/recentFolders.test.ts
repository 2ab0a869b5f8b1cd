import assert from 'node:assert/strict';
import { resourceId } from '../../../../src/core/model/resource';
import { RecentFolders } from '../../../../src/editor/connection/recentFolders';

function keeping(kept?: unknown) {
  const memento = {
    get: () => kept as never,
    update: (_: string, value: unknown) => Promise.resolve(void (kept = value)),
  };
  return new RecentFolders(memento);
}
const numbered = (count: number) => resourceId(`https://dav.example.org/${count}/`);

describe('Recent folders', () => {
  it('are the last ten, the last one first, each once', async () => {
    const recent = keeping();
    for (let count = 1; count <= 12; count++) await recent.note(numbered(count));
    await recent.note(numbered(5));
    assert.deepEqual(recent.all(), [5, 12, 11, 10, 9, 8, 7, 6, 4, 3].map(numbered));
  });

  it('are none where what is stored cannot be read', () => {
    for (const kept of ['x', { a: 1 }, [1, null, 'javascript:x', 'https://ann:pw@host/']])
      assert.deepEqual(keeping(kept).all(), []);
  });
});
