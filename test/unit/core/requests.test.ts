// What each action of a person asks of the server, request by request, where it is known to check conditions.
import assert from 'node:assert/strict';
import { childOf, type ResourceId } from '../../../src/core/model/resource';
import { FolderOpening } from '../../../src/core/polling/folderOpening';
import { PollScheduler } from '../../../src/core/polling/pollScheduler';
import { file } from '../../support/core/files';
import { a, opened, readAtOnce } from '../../support/core/pipelinedScene';

const minute = 60_000;
const folder = file('folder');

/** Ann at her window, with what it shows; what is on the screen is asked about every half minute. */
async function atWindow() {
  const scene = await opened({}, 'edit');
  const { ann, clock, asked, server, wire } = scene;
  const interests: { files: ResourceId[]; folders: ResourceId[] } = { files: [a], folders: [] };
  const scheduler = new PollScheduler({
    ...ann.core,
    clock,
    intervalMs: () => minute / 2,
    interests: () => interests,
    onFault: (error) => assert.fail(String(error)),
  });
  /** Longer than what was just asked counts. */
  const later = () => clock.pass(10_000);
  /** The requests of what is run, until long after it. */
  const requestsOf = async (run: () => unknown) => {
    asked.splice(0);
    void run();
    await clock.pass(4_000);
    return asked.splice(0).join(' ');
  };
  const end = () => {
    scheduler.dispose();
    ann.dispose();
  };
  await later();
  return { ...scene, server, wire, interests, scheduler, later, requestsOf, end };
}

describe('The requests', () => {
  readAtOnce();

  it('of opening a folder: its listing, whatever the editor looks for in it', async () => {
    const { ann, clock, server, requestsOf, end } = await atWindow();
    server.put(childOf(folder, 'a'), 'text');
    const { directory } = ann;
    const isLookedFor = (id: string) => id.includes('.vscode');
    const opening = new FolderOpening({ directory, clock, roots: () => [folder], isLookedFor });
    const names = ['settings', 'tasks', 'launch', 'mcp'].map((name) =>
      childOf(childOf(folder, '.vscode'), name),
    );
    const missing: boolean[] = [];
    const atFirst = await requestsOf(async () => {
      const looks = [opening.list(folder), ...names.map((name) => opening.isMissing(name))];
      for (const found of await Promise.all(looks)) if (found !== undefined) missing.push(found);
    });
    assert.equal(atFirst, 'PROPFIND');
    assert.deepEqual(missing, [true, true, true, true]);
    // Seconds later, VS Code asks for the folder itself and shows its members.
    assert.equal(await requestsOf(() => directory.stat(folder, opening.maxAgeMs(folder) ?? 0)), '');
    assert.equal(await requestsOf(() => directory.list(folder, opening.takeListing(folder) ?? 0)), '');
    assert.equal(
      await requestsOf(() => directory.list(folder, opening.takeListing(folder) ?? 0)),
      'PROPFIND',
      'the listing made for opening counts once',
    );
    end();
  });

  it('of opening a file: its text, and its locks unless they were just listed', async () => {
    const { ann, scheduler, requestsOf, later, end } = await atWindow();
    const open = async () => {
      await ann.open(a);
      scheduler.pollSoon(a);
    };
    ann.close(a);
    await later();
    assert.equal(await requestsOf(open), 'GET PROPFIND');
    ann.close(a);
    assert.equal(await requestsOf(open), 'GET', 'the locks were asked about four seconds ago');
    end();
  });

  it('of the first key, a save and closing: LOCK, a PUT with its look, UNLOCK', async () => {
    const { ann, requestsOf, later, end } = await atWindow();
    assert.equal(await requestsOf(() => ann.type(a, 'mine')), 'LOCK');
    await later();
    assert.equal(await requestsOf(() => ann.save(a)), 'PUT PROPFIND');
    await later();
    assert.equal(await requestsOf(() => ann.close(a)), 'UNLOCK');
    end();
  });

  it('of the first key and a save in a file that somebody holds: each with one look', async () => {
    const { ann, server, clock, transport, requestsOf, later, end } = await atWindow();
    server.lockFor('bob', a, 7_200);
    await ann.directory.stat(a, 0);
    await clock.pass(1);
    assert.equal(await requestsOf(() => ann.type(a, 'mine')), 'LOCK PROPFIND');
    await later();
    assert.equal(await requestsOf(() => ann.save(a)), 'PUT PROPFIND');
    assert.equal(transport.pipelined, 2);
    end();
  });

  it('of a look of a wait: one, now and then a PROPFIND; of its end: LOCK, a PUT with its look, UNLOCK', async () => {
    const { ann, server, clock, asked, requestsOf, end } = await atWindow();
    server.lockFor('bob', a, 7_200);
    await ann.directory.stat(a, 0);
    await requestsOf(() => ann.type(a, 'mine'));
    ann.waits.arm(a);
    while (asked.length < 6) await clock.pass(500);
    assert.equal(asked.splice(0).join(' '), 'PROPFIND LOCK LOCK LOCK LOCK PROPFIND');
    server.break(a);
    assert.equal(await requestsOf(() => undefined), 'LOCK PUT PROPFIND UNLOCK');
    end();
  });

  it('of turning to another tab: one, or none where that was just asked', async () => {
    const { scheduler, interests, server, requestsOf, end } = await atWindow();
    const b = file('b');
    server.put(b, 'text');
    interests.files = [b];
    assert.equal(await requestsOf(() => scheduler.pollSoon(b)), 'PROPFIND');
    assert.equal(await requestsOf(() => scheduler.pollSoon(b)), '');
    end();
  });

  it('of turning to the window with 20 tabs: one for the one in sight, and one for each open folder', async () => {
    const { scheduler, interests, server, ann, requestsOf, later, end } = await atWindow();
    const tabs = Array.from({ length: 20 }, (_, at) => childOf(folder, `${at}`));
    const other = file('other');
    for (const id of [...tabs, childOf(other, 'a')]) server.put(id, 'text');
    for (const id of tabs) await ann.open(id);
    interests.files = [a];
    interests.folders = [folder, other];
    await later();
    const focus = () => {
      // VS Code tells of it more than once.
      for (let times = 0; times < 3; times++) scheduler.pollSoon();
      scheduler.pollSoon(a);
    };
    assert.equal(await requestsOf(focus), 'PROPFIND PROPFIND PROPFIND');
    assert.equal(await requestsOf(focus), '');
    end();
  });
});
