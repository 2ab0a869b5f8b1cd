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
import { CurrentSettings } from '../../src/editor/connection/settings';
import type { BrowserSignIns } from '../../src/core/model/browserSignIn';
import { Secret } from '../../src/core/model/secret';
import { goBack, typing } from './inputByHand';

const folder = resourceId('https://dav.example.org/a/');

/**
 * Signs in to a server that accepts `right` as password or token; the person gives the answers one by one and then
 * turns away.
 */
async function signIn(
  set: Partial<Connection>,
  answers: readonly (string | typeof goBack)[],
  right = 'right',
  browserSignIns?: BrowserSignIns,
) {
  const said: string[] = [];
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
  const { showErrorMessage } = vscode.window;
  vscode.window.showErrorMessage = (message: string) => {
    said.push(message);
    return Promise.resolve(undefined);
  };
  try {
    let accepted = false;
    const heard = await typing(answers, async () => (accepted = await connections.askToSignIn(folder)));
    return { accepted, ...heard, said, credentials: await secrets.get(serverOf(folder)) };
  } finally {
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
    const picks: (string | undefined)[] = ['Sign In with Browser', 'Enter User Name and Password', undefined];
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
      byName.asked.map(({ prompt, value, password }) => [prompt, value, password]),
      [
        ['User name. Leave it empty to use an access token.', 'ann', false],
        ['Password of ann', '', true],
      ],
    );
    assert.equal(byName.credentials?.user, 'ann');
    const byToken = await signIn({}, ['', 'right']);
    assert.deepEqual([byToken.accepted, byToken.credentials?.token?.reveal()], [true, 'right']);
  });

  it('says under a wrong password that it is wrong, in the input that stayed open and kept it', async () => {
    const { accepted, asked, inputs } = await signIn({ auth: 'password', user: 'ann' }, [
      'bo',
      'wrong',
      'right',
    ]);
    assert.deepEqual([accepted, inputs], [true, 1]);
    assert.deepEqual(
      asked.map(({ prompt, value, problem }) => [prompt, value, problem]),
      [
        ['User name', 'ann', undefined],
        ['Password of bo', '', undefined],
        ['Password of bo', 'wrong', 'Wrong user name or password.'],
      ],
    );
  });

  it('goes back from the password to the name', async () => {
    const { accepted, asked, credentials } = await signIn({}, ['an', goBack, 'ann', 'right']);
    assert.equal(accepted, true);
    assert.deepEqual(
      asked.map(({ value }) => value),
      ['', '', 'an', ''],
    );
    assert.equal(credentials?.user, 'ann');
  });

  it('takes no empty name where a password is to be given', async () => {
    const { asked } = await signIn({ auth: 'password' }, ['', 'ann', 'right']);
    assert.equal(asked[1]?.problem, 'Enter your user name.');
  });

  it('by token asks for nothing but the token', async () => {
    const { accepted, asked, credentials } = await signIn({ auth: 'token', user: 'ann' }, ['wrong', 'right']);
    assert.equal(accepted, true);
    assert.deepEqual(
      asked.map(({ prompt, password, problem }) => [prompt, password, problem]),
      [
        ['Access token', true, undefined],
        ['Access token', true, 'Wrong access token.'],
      ],
    );
    assert.deepEqual([credentials?.user, credentials?.token?.reveal()], [undefined, 'right']);
  });

  it('is never asked for where none is set, and that is said in a sentence', async () => {
    const { accepted, asked, said } = await signIn({ auth: 'none' }, ['ann', 'right']);
    assert.equal(accepted, false);
    assert.deepEqual(asked, []);
    assert.deepEqual(said, [
      'dav.example.org asks you to sign in, but its "auth" in the setting "lockStatus.connections" is "none". Change the setting, then try again.',
    ]);
  });

  it('ends when the person turns away, and keeps nothing', async () => {
    for (const auth of ['password', 'token'] as const) {
      const { accepted, credentials } = await signIn({ auth }, ['wrong', 'wrong']);
      assert.deepEqual([accepted, credentials], [false, undefined]);
    }
  });
});
