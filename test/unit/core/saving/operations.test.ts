// How many requests each thing costs that a person does: a number that grows here is a price that everybody pays.
import assert from 'node:assert/strict';
import { file } from '../../../support/core/files';
import { Screen } from '../../../support/core/screen';

const folder = file('folder');
const minute = 60_000;

/** A file that somebody else has locked, with our text refused. */
async function blocked() {
  const screen = new Screen();
  const [one] = screen.fill('folder', 1);
  await screen.clock.pass(5_000);
  await screen.ann.open(one!);
  screen.server.lockFor('bob', one!, 7_200);
  screen.ann.type(one!, 'mine');
  screen.asked();
  const saving = screen.ann.save(one!);
  await screen.clock.pass(3_000);
  assert.equal(await saving, false);
  return { screen, one: one! };
}

describe('The number of requests', () => {
  it('for a folder is one, whatever is in it, and the editor asks about its files for nothing', async () => {
    const screen = new Screen();
    const members = screen.fill('folder', 100);
    let news = 0;
    screen.ann.store.onDidChange(() => (news += 1));
    await screen.ann.directory.list(folder, 1_500);
    for (const id of members) await screen.ann.directory.stat(id, 1_500);
    assert.equal(screen.asked(), '1 list');
    assert.equal(news, 1, 'all news of one answer come at once');
  });

  it('for callers that come together is one', async () => {
    const screen = new Screen();
    const [one] = screen.fill('folder', 3);
    const { directory } = screen.ann;
    const all = Array.from({ length: 50 }, () => [directory.list(folder, 0), directory.stat(one!, 0)]);
    await Promise.all(all.flat());
    assert.equal(screen.asked(), '1 list, 1 stat');
  });

  it('for opening a file is two', async () => {
    const screen = new Screen();
    const [one] = screen.fill('folder', 3);
    await screen.ann.directory.stat(one!, 1_500);
    await screen.ann.open(one!);
    await screen.clock.pass(1_000);
    assert.equal(screen.asked(), '1 read, 1 stat');
  });

  it('for opening, locking, saving and releasing is four where a write tells its tag, and a look more for the first', async () => {
    const screen = new Screen({}, 'edit');
    const [one] = screen.fill('folder', 1);
    await screen.clock.pass(5_000);
    await screen.ann.open(one!);
    screen.ann.type(one!, 'm');
    screen.ann.type(one!, 'mi');
    await screen.clock.pass(10);
    screen.ann.type(one!, 'mine');
    assert.equal(await screen.ann.save(one!), true);
    screen.ann.close(one!);
    await screen.clock.pass(5_000);
    assert.equal(screen.asked(), '1 lock, 1 read, 1 stat, 1 unlock, 1 write');
    await screen.ann.open(one!);
    screen.ann.type(one!, 'more');
    await screen.clock.pass(10);
    assert.equal(await screen.ann.save(one!), true);
    screen.ann.close(one!);
    await screen.clock.pass(5_000);
    assert.equal(screen.asked(), '1 lock, 1 read, 1 unlock, 1 write', 'the tags were seen to be true');
  });

  it('for ten saves under a lock is ten where a write tells its tag, and two each elsewhere', async () => {
    for (const [habits, expected] of [
      [{}, '10 write'],
      [{ tellsTag: false }, '10 stat, 10 write'],
    ] as const) {
      const screen = new Screen(habits, 'edit');
      const [one] = screen.fill('folder', 1);
      await screen.clock.pass(5_000);
      await screen.ann.open(one!);
      screen.ann.type(one!, 'x');
      await screen.clock.pass(10);
      // The first write shows whether the tags told are true.
      assert.equal(await screen.ann.save(one!), true);
      await screen.clock.pass(3_000);
      screen.asked();
      for (let times = 0; times < 10; times++) {
        screen.ann.type(one!, `text ${times}`);
        assert.equal(await screen.ann.save(one!), true);
        await screen.clock.pass(3_000);
      }
      assert.equal(screen.asked(), expected);
    }
  });

  it('for a refused save is two: the write, and the look that tells why', async () => {
    const { screen } = await blocked();
    assert.equal(screen.asked(), '1 stat, 1 write');
  });

  it('for a wait is one for each look, and four for the first save at its end', async () => {
    const { screen, one } = await blocked();
    screen.asked();
    screen.ann.waits.arm(one);
    await screen.clock.pass(10 * minute);
    const looks = Number(/^(\d+) stat$/.exec(screen.asked())?.[1]);
    assert.ok(looks > 250 && looks <= 310, `${looks} looks in ten minutes`);
    screen.server.break(one);
    await screen.clock.pass(2 * minute);
    assert.equal(screen.server.text(one), 'mine');
    assert.equal(screen.asked(), '1 lock, 2 stat, 1 unlock, 1 write');
  });

  it('for a hundred waits in one folder is one for each look', async () => {
    const screen = new Screen();
    const members = screen.fill('folder', 100);
    for (const id of members) screen.server.lockFor('bob', id, 7_200);
    screen.ann.learnsToList(folder);
    for (const id of members) screen.ann.waits.arm(id);
    await screen.clock.pass(1_000);
    assert.equal(screen.asked(), '1 list');
    await screen.clock.pass(10 * minute);
    const lists = Number(/^(\d+) list$/.exec(screen.asked())?.[1]);
    assert.ok(lists > 250 && lists <= 310, `${lists} listings in ten minutes`);
  });

  it('for a wait on a server that asks to be left alone is none', async () => {
    const { screen, one } = await blocked();
    screen.asked();
    screen.ann.client.fail('stat', 'busy', { facts: { retryAfterMs: 10 * minute } });
    screen.ann.waits.arm(one);
    await screen.clock.pass(10 * minute - 1_000);
    assert.equal(screen.asked(), '1 stat');
    await screen.clock.pass(minute);
    assert.match(screen.asked(), /^(1|2[0-9]|3[01]) stat$/);
  });

  it('for coming back to a window is one for each folder in sight', async () => {
    const screen = new Screen();
    for (const name of ['a', 'b', 'c']) {
      screen.files.push(...screen.fill(name, 4));
      screen.folders.push(file(name));
    }
    screen.scheduler.start();
    for (let times = 0; times < 10; times++) screen.scheduler.pollSoon(screen.files[0]);
    // What the explorer and the editors do by themselves at the same moment.
    const { directory } = screen.ann;
    await Promise.all(screen.folders.map((id) => directory.list(id, 1_500)));
    await Promise.all(screen.files.map((id) => directory.stat(id, 1_500)));
    await screen.clock.pass(1_000);
    assert.equal(screen.asked(), '3 list');
  });

  it('for 1,000 files in 50 folders is 50', async () => {
    const screen = new Screen();
    for (let at = 0; at < 50; at++) screen.files.push(...screen.fill(`folder${at}`, 20));
    await screen.poller.ask(screen.files);
    assert.equal(screen.asked(), '50 list');
    screen.scheduler.start();
    await screen.clock.pass(5 * minute);
    assert.equal(screen.asked(), `${10 * 50} list`, 'and no more for each interval');
  });

  it('for one or two files is less than a listing of a large folder', async () => {
    const screen = new Screen();
    const members = screen.fill('folder', 100);
    await screen.ann.directory.list(folder, 0);
    screen.asked();
    for (const [files, expected] of [
      [1, '1 stat'],
      [3, '3 stat'],
      [4, '1 list'],
    ] as const) {
      await screen.clock.pass(1);
      await screen.poller.ask(members.slice(0, files));
      assert.equal(screen.asked(), expected);
    }
  });
});
