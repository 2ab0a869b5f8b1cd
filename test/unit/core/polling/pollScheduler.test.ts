import assert from 'node:assert/strict';
import { file } from '../../../support/core/files';
import { settle } from '../../../support/core/fakeClock';
import { Screen } from '../../../support/core/screen';

const folder = file('folder');
const minute = 60_000;

describe('Refreshing what is on the screen', () => {
  it('asks about the file in sight at the interval, and about nothing else', async () => {
    const screen = new Screen();
    screen.files = screen.fill('folder', 3).slice(0, 1);
    screen.scheduler.start();
    await screen.clock.pass(10 * minute);
    assert.equal(screen.asked(), '20 stat');
    screen.scheduler.dispose();
    assert.equal(screen.clock.pending, 0);
  });

  it('asks nothing while nothing is looked at', async () => {
    const screen = new Screen();
    screen.fill('folder', 3);
    screen.scheduler.start();
    await screen.clock.pass(60 * minute);
    assert.equal(screen.asked(), '');
  });

  it('asks once for a folder and for the files that are open in it', async () => {
    const screen = new Screen();
    screen.files = screen.fill('folder', 5).slice(0, 2);
    screen.folders = [folder];
    screen.scheduler.pollSoon();
    await screen.clock.pass(1_000);
    assert.equal(screen.asked(), '1 list');
  });

  it('makes one run of a burst', async () => {
    const screen = new Screen();
    screen.files = screen.fill('folder', 1);
    for (let times = 0; times < 20; times++) screen.scheduler.pollSoon();
    await screen.clock.pass(1_000);
    assert.equal(screen.asked(), '1 stat');
    screen.scheduler.pollSoon();
    await screen.clock.pass(1_000);
    assert.equal(screen.asked(), '', 'it has just been asked');
    await screen.clock.pass(5_000);
    screen.scheduler.pollSoon();
    await screen.clock.pass(1_000);
    assert.equal(screen.asked(), '1 stat');
  });

  it('asks about the file that somebody turns to, and not about the folders in sight', async () => {
    const screen = new Screen();
    const [one, two] = screen.fill('folder', 10);
    screen.fill('other', 1);
    screen.folders = [folder, file('other')];
    screen.files = [one!];
    screen.scheduler.pollSoon();
    await screen.clock.pass(1_000);
    assert.equal(screen.asked(), '2 list');
    await screen.clock.pass(6_000);
    screen.files = [two!];
    screen.scheduler.pollSoon(two);
    await screen.clock.pass(1_000);
    assert.equal(screen.asked(), '1 stat');
  });

  it('leaves a folder that the explorer has just read to its rhythm', async () => {
    const screen = new Screen();
    const [one] = screen.fill('folder', 10);
    await screen.ann.directory.list(folder, 0);
    await screen.clock.pass(20_000);
    screen.folders = [folder];
    screen.asked();
    screen.scheduler.pollSoon(one);
    await screen.clock.pass(2_000);
    assert.equal(screen.asked(), '1 stat');
    await screen.clock.pass(15_000);
    assert.equal(screen.asked(), '1 list');
  });

  it('asks about the file that somebody turns to, even in a window that is said not to be in front', async () => {
    const screen = new Screen();
    const [one] = screen.fill('folder', 1);
    screen.scheduler.pollSoon(one);
    await screen.clock.pass(10 * minute);
    assert.equal(screen.asked(), '1 stat');
  });

  it('looks again after a run during which somebody turned elsewhere', async () => {
    const screen = new Screen();
    const [one, two] = screen.fill('folder', 2);
    screen.ann.client.travel = (_, way) =>
      way === 'back' ? new Promise((resolve) => void screen.clock.after(1_000, resolve)) : Promise.resolve();
    screen.files = [one!];
    screen.scheduler.pollSoon();
    await screen.clock.pass(500);
    screen.files = [two!];
    screen.scheduler.pollSoon();
    await screen.clock.pass(5_000);
    assert.deepEqual(screen.ann.client.calls, [`stat ${one}`, `stat ${two}`]);
  });

  it('asks about a folder more rarely while nothing changes there, and at the interval again when it does', async () => {
    const screen = new Screen();
    screen.fill('folder', 5);
    screen.folders = [folder];
    screen.scheduler.start();
    await screen.clock.pass(60 * minute);
    screen.asked();
    await screen.clock.pass(20 * minute);
    assert.equal(screen.asked(), '10 list');
    screen.server.lockFor('bob', file('folder/2'));
    await screen.clock.pass(2 * minute);
    assert.equal(screen.asked(), '4 list');
    await screen.clock.pass(2 * minute);
    assert.equal(screen.asked(), '2 list');
  });

  it('spends a twentieth of the time on a slow server at most', async () => {
    const screen = new Screen();
    screen.fill('folder', 5);
    screen.folders = [folder];
    screen.ann.client.travel = (_, way) =>
      way === 'back' ? new Promise((resolve) => void screen.clock.after(15_000, resolve)) : Promise.resolve();
    screen.scheduler.start();
    await screen.clock.pass(2 * minute);
    screen.asked();
    await screen.clock.pass(60 * minute);
    assert.equal(screen.asked(), '11 list');
  });

  it('keeps its rhythm through one slow answer, as one in which somebody signed in', async () => {
    const screen = new Screen();
    screen.fill('folder', 5);
    screen.folders = [folder];
    let answers = 0;
    screen.ann.client.travel = (_, way) =>
      way === 'back' && ++answers % 3 === 1
        ? new Promise((resolve) => void screen.clock.after(20_000, resolve))
        : Promise.resolve();
    screen.scheduler.start();
    await screen.clock.pass(2 * minute);
    assert.equal(screen.asked(), '3 list');
  });

  it('looks just after the end of a lock, and not twice as often as the interval allows', async () => {
    const screen = new Screen();
    const [one] = screen.fill('folder', 1);
    screen.files = [one!];
    screen.server.lockFor('bob', one!, 50);
    screen.scheduler.pollSoon();
    await screen.clock.pass(1_000);
    await screen.clock.pass(30_000);
    assert.equal(screen.ann.store.stateOf(one!).kind, 'locked');
    await screen.clock.pass(21_000);
    assert.notEqual(screen.ann.store.stateOf(one!).kind, 'locked');
    assert.equal(screen.asked(), '3 stat');
  });

  it('leaves a server alone that asks for it, unless somebody clicks', async () => {
    const screen = new Screen();
    const [one] = screen.fill('folder', 1);
    screen.files = [one!];
    screen.ann.client.fail('stat', 'busy', { facts: { retryAfterMs: 5 * minute } });
    screen.scheduler.pollSoon();
    await screen.clock.pass(5 * minute);
    assert.equal(screen.asked(), '1 stat');
    await screen.poller.ask([one!]);
    assert.equal(screen.asked(), '1 stat');
    await screen.clock.pass(5 * minute);
    assert.match(screen.asked(), /^[1-9]\d* stat$/);
  });

  it('asks one question of a server that is out of reach, more and more rarely, and all when it is back', async () => {
    const screen = new Screen();
    screen.folders = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name) => {
      screen.fill(name, 1);
      return file(name);
    });
    screen.ann.client.offline = true;
    screen.scheduler.pollSoon();
    await screen.clock.pass(1_000);
    assert.equal(screen.asked(), '4 list', 'as many as are under way at once');
    for (const id of screen.folders) {
      const state = screen.ann.store.stateOf(id);
      assert.equal(state.kind === 'unknown' && state.why, 'unreachable', id);
    }
    await screen.clock.pass(20 * minute);
    const lists = Number(/^(\d+) list$/.exec(screen.asked())?.[1]);
    assert.ok(lists >= 3 && lists <= 10, `${lists} in twenty minutes`);
    screen.ann.client.offline = false;
    screen.scheduler.pollSoon();
    await screen.clock.pass(1_000);
    assert.equal(screen.asked(), '8 list');
  });

  it('no longer says what it knew of a file in sight once the listing of its folder gets no answer or is refused', async () => {
    for (const [kind, why] of [
      ['unreachable', 'unreachable'],
      ['signInNeeded', 'auth'],
    ] as const) {
      const screen = new Screen();
      screen.files = screen.fill('folder', 3).slice(0, 1);
      screen.folders = [folder];
      await screen.poller.ask(screen.files);
      screen.ann.client.fail('list', kind);
      screen.scheduler.pollSoon();
      await screen.clock.pass(1_000);
      const state = screen.ann.store.stateOf(screen.files[0]!);
      assert.equal(state.kind === 'unknown' && state.why, why);
    }
  });

  it('asks each file by itself where its folder cannot be listed', async () => {
    const screen = new Screen();
    screen.files = screen.fill('folder', 3);
    screen.ann.client.fail('list', 'forbidden');
    screen.scheduler.pollSoon();
    await screen.clock.pass(1_000);
    assert.equal(screen.asked(), '1 list, 3 stat');
    await screen.clock.pass(30_000);
    assert.equal(screen.asked(), '3 stat');
  });

  it('keeps two of six connections free', async () => {
    const screen = new Screen();
    screen.files = Array.from({ length: 50 }, (_, index) => screen.fill(`folder${index}`, 1)[0]!);
    let open = 0;
    let most = 0;
    screen.ann.client.travel = async (_, way) => {
      open += way === 'there' ? 1 : -1;
      most = Math.max(most, open);
      await settle();
    };
    await screen.poller.ask(screen.files);
    assert.equal(most, 4);
  });

  it('goes on at its pace after an error that nobody foresaw, and tells of it', async () => {
    const screen = new Screen();
    screen.files = screen.fill('folder', 1);
    screen.ann.client.travel = () => Promise.reject(new TypeError('a bug'));
    screen.scheduler.start();
    await screen.clock.pass(10 * minute);
    assert.ok(screen.faults.length > 10 && screen.faults.length < 30, `${screen.faults.length}`);
    screen.ann.client.travel = () => Promise.resolve();
    screen.asked();
    await screen.clock.pass(10 * minute);
    assert.equal(screen.asked(), '20 stat');
    screen.scheduler.dispose();
  });
});
