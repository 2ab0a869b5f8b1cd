import assert from 'node:assert/strict';
import type { Lock } from '../../../../src/core/model/lock';
import { childOf } from '../../../../src/core/model/resource';
import { given, listedFile, listedFiles, root } from '../../../support/core/directoryScene';

const someLock: Lock = {
  source: 'listing',
  scope: 'exclusive',
  depth: 'self',
  holder: { contacts: [], assertedBy: 'nobody', self: 'unknown' },
  expiry: { kind: 'unknown' },
};

describe('Taking in a long listing', () => {
  it('goes some entries at a time, and lets others have their turn between', async () => {
    const { directory, client, store, clock } = await given();
    const members = listedFiles(5_000);
    client.list = () => Promise.resolve({ members });
    const news: number[] = [];
    store.onDidChange((ids) => news.push(ids.length));
    let turns = 0;
    const othersTurn = (): void => {
      turns += 1;
      if (news.length < 3) clock.after(0, othersTurn);
    };
    clock.after(0, othersTurn);
    const listed = directory.list(root, 0);
    await clock.pass(0);
    await listed;
    assert.deepEqual(news, [2_000, 2_000, 1_000]);
    assert.ok(turns >= 2, `${turns} turns`);
  });

  it('lets others have their turn also while nothing of it is taken in yet', async () => {
    const { directory, client, store, clock } = await given();
    const members = listedFiles(50_000);
    client.list = () => Promise.resolve({ members });
    let isTaken = false;
    store.onDidChange(() => (isTaken = true));
    let turns = 0;
    const othersTurn = (): void => {
      if (isTaken) return;
      turns += 1;
      clock.after(0, othersTurn);
    };
    clock.after(0, othersTurn);
    const listed = directory.list(root, 0);
    await clock.pass(0);
    await listed;
    // Three while duplicates are looked for, three while it is sorted by name.
    assert.ok(turns >= 6, `${turns} turns`);
  });

  const numbered = (index: number) => listedFile(index).resource;
  const long = () => listedFiles(2_500);

  /** Another listing, in the middle of which something is done. */
  async function interrupted(meanwhile: (scene: Awaited<ReturnType<typeof given>>) => void) {
    const scene = await given();
    const { client, directory, clock, told } = scene;
    client.list = () => Promise.resolve({ members: long() });
    const first = directory.list(root, 0);
    await clock.pass(1_000);
    await first;
    told();
    client.list = () => Promise.resolve({ members: long().filter((_, index) => index !== 7) });
    const again = directory.list(root, 0);
    clock.after(0, () => meanwhile(scene));
    await clock.pass(1_000);
    await again;
    return scene;
  }

  it('knows from its beginning what the whole of it shows of the server', async () => {
    const { directory, client, store, clock } = await given();
    store.apply({ kind: 'refused', resource: numbered(4), at: clock.now() });
    await clock.pass(1);
    const lock: Lock = { ...someLock, root: numbered(2_400) };
    const members = [...long().slice(0, 2_400), listedFile(2_400, lock), ...long().slice(2_401)];
    client.list = () => Promise.resolve({ members });
    const listed = directory.list(root, 0);
    await clock.pass(0);
    await listed;
    assert.equal(store.stateOf(numbered(4)).kind, 'unlocked');
  });

  it('counts for nothing afterwards where something was forgotten meanwhile: it is asked for again', async () => {
    const { directory, client, clock } = await interrupted(({ directory: its }) =>
      its.forget(numbered(2_450)),
    );
    let asked = 0;
    client.list = () => Promise.resolve({ members: ((asked += 1), long()) });
    const again = directory.list(root, 60_000);
    await clock.pass(1_000);
    await again;
    assert.equal(asked, 1);
    assert.equal(directory.cached(numbered(2_450))?.kind, 'file');
  });

  it('tells what others deleted, whatever was made meanwhile', async () => {
    const { told } = await interrupted(({ directory }) => void directory.wrote(childOf(root, 'new'), {}, 3));
    assert.deepEqual(told(), ['deleted 7']);
  });
});
