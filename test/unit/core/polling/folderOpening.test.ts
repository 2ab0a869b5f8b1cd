import assert from 'node:assert/strict';
import { isFailure } from '../../../../src/core/model/failure';
import { childOf, resourceId, serverOf } from '../../../../src/core/model/resource';
import { FolderOpening } from '../../../../src/core/polling/folderOpening';
import { given as directoryScene, a, root } from '../../../support/core/directoryScene';
import { file } from '../../../support/core/files';

const vscode = childOf(root, '.vscode');
const settings = childOf(vscode, 'settings.json');

async function given() {
  const scene = await directoryScene();
  const { directory, clock, client } = scene;
  const isLookedFor = (id: string) => /\.vscode|agents\.md/i.test(id);
  const opening = new FolderOpening({ directory, clock, roots: () => [root], isLookedFor });
  const asked = () => client.calls.splice(0).map((call) => call.replace(root, ''));
  return { ...scene, opening, asked };
}

describe('Opening a folder', () => {
  it('lists it once, and answers from that what the editor looks for in it', async () => {
    const { opening, directory, clock, asked } = await given();
    await Promise.all([opening.list(root), opening.isMissing(settings), opening.isMissing(vscode)]);
    await clock.pass(2_000);
    assert.equal(await opening.isMissing(childOf(vscode, 'tasks.json')), true);
    assert.equal(await opening.isMissing(childOf(root, 'AGENTS.md')), true);
    await directory.stat(root, opening.maxAgeMs(root) ?? 0);
    await directory.list(root, opening.takeListing(root) ?? 0);
    assert.deepEqual(asked(), ['list ']);
    assert.equal(opening.takeListing(root), undefined, 'the explorer reads it anew the next time');
  });

  it('lists no other folder for that', async () => {
    const { opening, asked } = await given();
    await opening.list(vscode);
    assert.deepEqual(asked(), []);
  });

  it('says of no other file that it is missing', async () => {
    const { opening } = await given();
    await opening.list(root);
    assert.equal(await opening.isMissing(childOf(root, 'notes.md')), false);
    assert.equal(await opening.isMissing(a), false);
  });

  it('lists a folder of such files too, where there is one', async () => {
    const { opening, server, asked } = await given();
    server.folders.add(vscode);
    server.put(settings, '{}');
    await opening.list(root);
    assert.equal(await opening.isMissing(settings), false);
    assert.equal(await opening.isMissing(childOf(vscode, 'tasks.json')), true);
    assert.equal(await opening.isMissing(childOf(vscode, 'launch.json')), true);
    assert.deepEqual(asked(), ['list ', 'list /.vscode']);
  });

  it('goes on answering from it when the server says of another file that it is missing', async () => {
    const { opening, directory, asked } = await given();
    await opening.list(root);
    const missing = childOf(root, 'elsewhere.txt');
    await assert.rejects(directory.stat(missing, 0), { kind: 'notFound' });
    assert.equal(await opening.isMissing(settings), true);
    assert.deepEqual(asked(), ['list ', 'stat /elsewhere.txt']);
  });

  it('goes on answering from one that is under way when the server says that', async () => {
    const { opening, directory, server, asked } = await given();
    server.put(childOf(root, 'c'), 'gone soon');
    const listing = opening.list(root);
    const missing = assert.rejects(directory.stat(childOf(root, 'elsewhere.txt'), 0), { kind: 'notFound' });
    await Promise.all([listing, missing]);
    assert.equal(await opening.isMissing(settings), true);
    assert.deepEqual(asked(), ['list ', 'stat /elsewhere.txt']);
  });

  it('lists the root of the server for what the editor looks for in a home directory', async () => {
    const { opening, server, asked } = await given();
    server.folders.add(resourceId(serverOf(root)));
    await opening.list(root);
    const [one, two] = ['one', 'two'].map((name) => file(`.vscode-${name}`));
    assert.equal(await opening.isMissing(one!), true);
    assert.equal(await opening.isMissing(two!), true);
    assert.equal(asked().length, 2);
  });

  it('leaves a name in another spelling to the server', async () => {
    const { opening, server } = await given();
    server.put(childOf(root, 'agents.md'), 'Text');
    await opening.list(root);
    assert.equal(await opening.isMissing(childOf(root, 'AGENTS.md')), false);
  });

  it('does not rely on an old listing, nor on one that failed', async () => {
    const { opening, client, asked } = await given();
    client.fail('list', 'forbidden');
    await opening.list(root);
    assert.equal(await opening.isMissing(settings), false);
    assert.deepEqual(asked(), ['list ']);
    const other = await given();
    await other.opening.list(root);
    await other.clock.pass(20_000);
    assert.equal(await other.opening.isMissing(settings), true);
    assert.equal(await other.opening.isMissing(childOf(root, 'AGENTS.md')), true);
    assert.deepEqual(other.asked(), ['list ', 'list '], 'once for all of them');
  });

  it('lets the files fail with the folder while nobody is signed in, and asks again afterwards', async () => {
    const { opening, client, clock, directory, asked } = await given();
    client.fail('list', 'signInNeeded');
    const isSignIn = (error: unknown) => isFailure(error, 'signInNeeded');
    await assert.rejects(opening.list(root), isSignIn);
    await assert.rejects(opening.isMissing(settings), isSignIn);
    await assert.rejects(opening.isMissing(childOf(root, 'AGENTS.md')), isSignIn);
    assert.deepEqual(asked(), ['list ']);
    await clock.pass(1);
    await directory.list(root, 0);
    assert.equal(await opening.isMissing(settings), true);
  });

  it('does not rely on a listing from before we made a file', async () => {
    const { opening, directory } = await given();
    await opening.list(root);
    directory.wrote(childOf(root, 'AGENTS.md'), {}, 3);
    assert.equal(await opening.isMissing(childOf(root, 'AGENTS.md')), false);
  });
});
