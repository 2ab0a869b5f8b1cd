// What a person is asked when a server wants a sign-in, by what they have set for the connection.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Connection } from '../../src/core/settings/connectionSetting';
import { RemoteFailure } from '../../src/core/model/failure';
import type { RemoteFiles } from '../../src/core/model/ports';
import { LockStore } from '../../src/core/locks/lockStore';
import { resourceId, serverOf } from '../../src/core/model/resource';
import { Connections } from '../../src/editor/connection/connections';
import { CredentialStore } from '../../src/editor/connection/secrets';
import type { BrowserSignIns } from '../../src/core/model/browserSignIn';
import { Secret } from '../../src/core/model/secret';
import { CurrentSettings } from '../../src/editor/connection/settings';

const folder = resourceId('https://dav.example.org/a/');

interface Asked {
  readonly prompt: string | undefined;
  readonly value: string | undefined;
  readonly password: boolean | undefined;
  /** What is said of an empty answer. */
  readonly ofNothing: unknown;
}

/**
 * Signs in to a server that accepts `right` as password or token; the person gives the answers one by one and then
 * turns away.
 */
async function signIn(
  set: Partial<Connection>,
  answers: readonly string[],
  right = 'right',
  browserSignIns?: BrowserSignIns,
) {
  const asked: Asked[] = [];
  const said: string[] = [];
  const left = [...answers];
  const kept = new Map<string, string>();
  const secrets = new CredentialStore({
    get: (key) => Promise.resolve(kept.get(key)),
    store: (key, value) => Promise.resolve(void kept.set(key, value)),
    delete: (key) => Promise.resolve(void kept.delete(key)),
  });
  const settings = new CurrentSettings(() => undefined);
  settings.connectionTo = () => ({ name: 'A', folder, ...set });
  const probe = async () => {
    const given = await secrets.get(serverOf(folder));
    const secret = given?.password ?? given?.token;
    if (secret?.reveal() === right) return { webdav: true, locks: true };
    throw new RemoteFailure('signInNeeded', { resource: folder, status: 401 });
  };
  const connections = new Connections({
    settings,
    secrets,
    store: new LockStore(),
    filesOf: () => ({ probe }) as unknown as RemoteFiles,
    reset: () => Promise.resolve(),
    ...(browserSignIns && { browserSignIns }),
  });
  const { showInputBox, showErrorMessage } = vscode.window;
  vscode.window.showInputBox = async (options: vscode.InputBoxOptions = {}) => {
    const { prompt, value, password } = options;
    asked.push({ prompt, value, password, ofNothing: await options.validateInput?.('') });
    return left.shift();
  };
  vscode.window.showErrorMessage = (message: string) => {
    said.push(message);
    return Promise.resolve(undefined);
  };
  try {
    const accepted = await connections.askToSignIn(folder);
    return { accepted, asked, said, credentials: await secrets.get(serverOf(folder)) };
  } finally {
    vscode.window.showInputBox = showInputBox;
    vscode.window.showErrorMessage = showErrorMessage;
    connections.dispose();
    settings.dispose();
  }
}

describe('Signing in', () => {
  it('with the browser opens it, waits for the person, and stores the app password', async () => {
    const { showQuickPick } = vscode.window;
    const { openExternal } = vscode.env;
    const opened: string[] = [];
    const picks: (string | undefined)[] = ['Sign in with Browser', 'Enter User Name and Password', undefined];
    let closed = 0;
    const signIns: BrowserSignIns = {
      mayOffer: () => true,
      start: () =>
        Promise.resolve({
          url: 'https://dav.example.org/login/v2/flow/1',
          poll: () => Promise.resolve({ user: 'ann', password: new Secret('right') }),
          close: () => Promise.resolve(void (closed += 1)),
        }),
    };
    Object.assign(vscode.window, {
      showQuickPick: (items: readonly vscode.QuickPickItem[]) => {
        const wanted = picks.shift();
        return Promise.resolve(items.find(({ label }) => label === wanted));
      },
    });
    Object.defineProperty(vscode.env, 'openExternal', {
      configurable: true,
      value: (uri: unknown) => Promise.resolve(opened.push(String(uri)) > 0),
    });
    try {
      const byBrowser = await signIn({}, [], 'right', signIns);
      assert.deepEqual(
        [byBrowser.accepted, byBrowser.credentials?.user, byBrowser.credentials?.password?.reveal()],
        [true, 'ann', 'right'],
      );
      assert.deepEqual(
        [byBrowser.asked, opened, closed],
        [[], ['https://dav.example.org/login/v2/flow/1'], 1],
      );
      const byName = await signIn({}, ['bo', 'right'], 'right', signIns);
      assert.equal(byName.credentials?.user, 'bo');
      const turnedAway = await signIn({}, [], 'right', signIns);
      assert.deepEqual([turnedAway.accepted, turnedAway.asked], [false, []]);
      assert.equal(opened.length, 1);
    } finally {
      Object.assign(vscode.window, { showQuickPick });
      Object.defineProperty(vscode.env, 'openExternal', { configurable: true, value: openExternal });
    }
  });

  it('asks for a name, and takes a token instead, where nothing is set', async () => {
    const byName = await signIn({ user: 'ann' }, ['ann', 'right']);
    assert.deepEqual(
      byName.asked.map(({ prompt, value, ofNothing }) => [prompt, value, ofNothing]),
      [
        ['User name. Leave it empty to use an access token.', 'ann', undefined],
        ['Password of ann', undefined, undefined],
      ],
    );
    assert.equal(byName.credentials?.user, 'ann');
    const byToken = await signIn({}, ['', 'right']);
    assert.deepEqual([byToken.accepted, byToken.credentials?.token?.reveal()], [true, 'right']);
  });

  it('by password asks for a name, which is there already, and a password', async () => {
    const { accepted, asked } = await signIn({ auth: 'password', user: 'ann' }, [
      'bo',
      'wrong',
      'bo',
      'right',
    ]);
    assert.equal(accepted, true);
    assert.deepEqual(
      asked.map(({ prompt, value, password, ofNothing }) => [prompt, value, password, ofNothing]),
      [
        ['User name', 'ann', false, 'Type your user name.'],
        ['Password of bo', undefined, true, undefined],
        ['The server did not accept this name and password. User name:', 'bo', false, 'Type your user name.'],
        ['Password of bo', undefined, true, undefined],
      ],
    );
  });

  it('by token asks for nothing but the token', async () => {
    const { accepted, asked, credentials } = await signIn({ auth: 'token', user: 'ann' }, ['wrong', 'right']);
    assert.equal(accepted, true);
    assert.deepEqual(
      asked.map(({ prompt, password }) => [prompt, password]),
      [
        ['Access token', true],
        ['The server did not accept this token. Access token:', true],
      ],
    );
    assert.deepEqual([credentials?.user, credentials?.token?.reveal()], [undefined, 'right']);
  });

  it('is never asked for where none is set, and that is said in a sentence', async () => {
    const { accepted, asked, said } = await signIn({ auth: 'none' }, ['ann', 'right']);
    assert.equal(accepted, false);
    assert.deepEqual(asked, []);
    assert.deepEqual(said, [
      'dav.example.org asks for a sign-in, but "auth" of its connection is "none". Change that in the setting "lockStatus.connections", then try again.',
    ]);
  });

  it('ends when the person turns away, and keeps nothing', async () => {
    for (const auth of ['password', 'token'] as const) {
      const { accepted, credentials } = await signIn({ auth }, ['wrong', 'wrong']);
      assert.deepEqual([accepted, credentials], [false, undefined]);
    }
  });
});
