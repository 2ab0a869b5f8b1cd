// What stands between the command and a folder in the explorer: the pick, the input that stays, and the sign-in.
import assert from 'node:assert/strict';
import { EventEmitter, Uri, window, type InputBox, type QuickPickItem } from 'vscode';
import type { BrowserSignIns } from '../../src/core/model/browserSignIn';
import { LockStore } from '../../src/core/locks/lockStore';
import { RemoteFailure } from '../../src/core/model/failure';
import { resourceId, serverOf, type ResourceId } from '../../src/core/model/resource';
import { openRemoteFolder } from '../../src/editor/commands/servers/openRemoteFolder';
import { signIn } from '../../src/editor/commands/servers/signIn';
import { Connections } from '../../src/editor/connection/connections';
import type { Place } from '../../src/editor/connection/placeOpener';
import { RecentFolders } from '../../src/editor/connection/recentFolders';
import { CredentialStore } from '../../src/editor/connection/secrets';
import { toUri } from '../../src/editor/uris';
import { contextByHand } from './contextByHand';
import { goBack, typing } from './inputByHand';

const server = 'https://dav.example.org';
const folder = resourceId(`${server}/team/`);
const file = resourceId(`${server}/team/report.md`);

interface Given {
  readonly saved?: readonly { name: string; folder: ResourceId }[];
  readonly recent?: readonly ResourceId[];
  readonly needsSignIn?: boolean;
  readonly browserSignIns?: BrowserSignIns;
}

/** A server with one folder and one file, where ann signs in with `pw` and bob with `pw2`. */
function given({ saved = [], recent = [], needsSignIn = false, browserSignIns }: Given = {}) {
  const opened: Place[] = [];
  const remembered: string[] = [];
  const logged: string[] = [];
  const kept = new Map<string, string>();
  const secrets = new CredentialStore({
    get: (key) => Promise.resolve(kept.get(key)),
    store: (key, value) => Promise.resolve(void kept.set(key, value)),
    delete: (key) => Promise.resolve(void kept.delete(key)),
  });
  const probe = async (id: ResourceId) => {
    const account = await secrets.forRealm(serverOf(id), 'Team');
    const isRight = { ann: 'pw', bob: 'pw2' }[account?.user ?? ''] === account?.password?.reveal();
    if (needsSignIn && !(account && isRight))
      throw new RemoteFailure('signInNeeded', { resource: id, status: 401, signIn: { realm: 'Team' } });
    if (id !== folder && id !== file) throw new RemoteFailure('notFound', { resource: id, status: 404 });
    return { webdav: true, locks: true };
  };
  const settings = {
    get: () => ({ connections: saved }),
    connectionTo: () => undefined,
    putConnection: (id: ResourceId) => Promise.resolve(void remembered.push(id)),
  };
  const connections = new Connections({
    settings: settings as never,
    secrets,
    store: new LockStore(),
    filesOf: () => ({ probe }) as never,
    reset: () => Promise.resolve(),
    ...(browserSignIns && { browserSignIns }),
  });
  const context = contextByHand({
    connections,
    settings,
    directory: { stat: (id: ResourceId) => Promise.resolve({ kind: id === file ? 'file' : 'collection' }) },
    leases: { held: () => [] },
    log: { failure: (doing: string) => logged.push(doing), info: () => undefined, warn: () => undefined },
    places: {
      recent: new RecentFolders({ get: () => recent as never, update: () => Promise.resolve() }),
      open: (place: Place) => Promise.resolve(void opened.push(place)),
    },
  });
  return { context, connections, secrets, opened, remembered, logged };
}

/** Picks by label, with what was typed before; returns the labels of each pick. */
async function picking(label: string, typed: string, run: () => unknown): Promise<string[][]> {
  const { createQuickPick } = window;
  const shown: string[][] = [];
  const byHand = () => {
    const accepted = new EventEmitter<void>();
    const pick = {
      items: [] as QuickPickItem[],
      value: typed,
      selectedItems: [] as QuickPickItem[],
      onDidAccept: accepted.event,
      onDidHide: new EventEmitter<void>().event,
      dispose: () => undefined,
      show: () => {
        shown.push(pick.items.map((item) => item.label));
        pick.selectedItems = pick.items.filter((item) => item.label === label);
        accepted.fire();
      },
    };
    return pick;
  };
  Object.assign(window, { createQuickPick: byHand });
  try {
    await run();
  } finally {
    Object.assign(window, { createQuickPick });
  }
  return shown;
}

const enter = '$(add) Enter an Address…';

describe('Opening a remote folder', () => {
  it('asks for an address where nothing is known, and saves the first folder of a server', async () => {
    const { context, opened, remembered } = given();
    const { asked } = await typing([`${server}/team/`], () => openRemoteFolder(context, undefined));
    assert.equal(asked.length, 1);
    assert.deepEqual(opened, [{ folder }]);
    assert.deepEqual(remembered, [folder]);
  });

  it('opens the folder that it is given without a question', async () => {
    for (const uri of [toUri(folder), Uri.parse(`${server}/team`)]) {
      const { context, opened } = given();
      const { asked } = await typing([], () => openRemoteFolder(context, uri));
      assert.deepEqual([asked, opened], [[], [{ folder }]]);
    }
  });

  it('opens the folder after the choice of a sign-in took the place of the input', async () => {
    const browserSignIns: BrowserSignIns = { mayOffer: () => true, start: () => assert.fail('not chosen') };
    const { context, opened } = given({ needsSignIn: true, browserSignIns });
    const { showQuickPick } = window;
    await typing([`${server}/team/`, 'ann', 'pw'], async () => {
      const boxes: InputBox[] = [];
      const { createInputBox } = window;
      Object.assign(window, {
        createInputBox: () => {
          const box = createInputBox();
          boxes.push(box);
          return box;
        },
        // As VS Code does: one input hides the other.
        showQuickPick: (items: readonly QuickPickItem[]) => {
          for (const box of boxes) box.hide();
          return Promise.resolve(items.find(({ label }) => label === 'Enter User Name and Password'));
        },
      });
      try {
        await openRemoteFolder(context, undefined);
      } finally {
        Object.assign(window, { showQuickPick });
      }
    });
    assert.deepEqual(opened, [{ folder }]);
  });

  it('opens a file in its folder', async () => {
    const { context, opened, remembered } = given();
    await typing([file], () => openRemoteFolder(context, undefined));
    assert.deepEqual(opened, [{ folder, file }]);
    assert.deepEqual(remembered, [folder]);
  });

  it('stays open with what was typed until the address is right, and logs what failed', async () => {
    const { context, opened, logged } = given();
    const { asked, inputs } = await typing(['ftp://x', `${server}/taem/`, `${server}/team/`], () =>
      openRemoteFolder(context, undefined),
    );
    assert.equal(inputs, 1);
    assert.deepEqual(
      asked.map(({ value }) => value),
      ['', 'ftp://x', `${server}/taem/`],
    );
    assert.match(asked[1]?.problem ?? '', /^Enter an address/);
    assert.match(asked[2]?.problem ?? '', /Can’t find taem on dav\.example\.org \(404\)/);
    assert.deepEqual(logged, [`Opening ${server}/taem`]);
    assert.equal(opened.length, 1);
  });

  it('offers saved servers, then recent folders that are not saved, then an address', async () => {
    const other = resourceId(`${server}/other/`);
    const { context, opened } = given({ saved: [{ name: 'Team', folder }], recent: [folder, other] });
    let shown: string[][] = [];
    await typing([], async () => {
      shown = await picking('Team', '', () => openRemoteFolder(context, undefined));
    });
    assert.deepEqual(shown, [['Saved servers', 'Team', 'Recent folders', 'other', enter]]);
    assert.deepEqual(opened, [{ folder }]);
  });

  it('checks an address that is typed into the pick, and goes back to the pick from a wrong one', async () => {
    const { context, opened } = given({ recent: [folder] });
    let asked = 0;
    const shown = await picking(enter, `${server}/taem/`, async () => {
      ({
        asked: { length: asked },
      } = await typing([goBack, `${server}/team/`], () => openRemoteFolder(context, undefined)));
    });
    assert.deepEqual([shown.length, asked], [2, 2]);
    assert.deepEqual(opened, [{ folder }]);
  });

  it('signs in within the same input', async () => {
    const { context, opened } = given({ needsSignIn: true });
    const { inputs, asked } = await typing([`${server}/team/`, 'ann', 'no', 'pw'], () =>
      openRemoteFolder(context, undefined),
    );
    assert.deepEqual([inputs, opened.length], [1, 1]);
    assert.equal(asked.at(-1)?.problem, 'Wrong user name or password.');
  });

  it('is brought by the next sign-in where the first was canceled', async () => {
    const { context, connections, opened } = given({ needsSignIn: true });
    await typing([file], () => openRemoteFolder(context, undefined));
    assert.deepEqual([opened, connections.declined()], [[], [{ folder: file, isToOpen: true }]]);
    await typing(['ann', 'pw'], () => signIn(context, toUri(file)));
    assert.deepEqual(opened, [{ folder, file }]);
    assert.deepEqual(connections.declined(), []);
  });
});

describe('Several accounts of a server', () => {
  it('are kept side by side, and changed by a pick', async () => {
    const { context, connections, secrets } = given({ needsSignIn: true, saved: [{ name: 'T', folder }] });
    const choices: string[][] = [];
    const { showQuickPick } = window;
    const choose = (label: string) =>
      Object.assign(window, {
        showQuickPick: (items: readonly QuickPickItem[]) => {
          choices.push(items.map((item) => item.label));
          return Promise.resolve(items.find((item) => item.label === label));
        },
      });
    try {
      await typing(['ann', 'pw'], () => connections.askToSignIn(folder));
      choose('$(add) Use Another Account…');
      await typing(['bob', 'pw2'], () => signIn(context, toUri(folder)));
      assert.equal((await secrets.forRealm(serverOf(folder), 'Team'))?.user, 'bob');
      choose('ann');
      await signIn(context, toUri(folder));
    } finally {
      Object.assign(window, { showQuickPick });
    }
    assert.deepEqual(choices[1], ['bob', 'ann', '$(add) Use Another Account…']);
    assert.equal((await secrets.forRealm(serverOf(folder), 'Team'))?.user, 'ann');
    const users = (await secrets.accounts(serverOf(folder))).map(({ user }) => user);
    assert.deepEqual(users, ['ann', 'bob']);
  });
});
