// The commands that any link may run: nothing is stored and nobody is asked over the network before the person agrees.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { emptyFolder, startPlainServer, type PlainServer } from '../support/servers/plain';
import { api, connect } from './extensionApi';

const { executeCommand } = vscode.commands;
const connections = () => vscode.workspace.getConfiguration('lockStatus').inspect('connections')?.globalValue;

/** What the person was asked and told while `run` ran; `answer` is the button of every question. */
async function asked(answer: string | undefined, run: () => unknown): Promise<string[]> {
  const { showWarningMessage, showErrorMessage } = vscode.window;
  const said: string[] = [];
  const show = (message: string, ...rest: unknown[]) => {
    said.push(message);
    return Promise.resolve(rest.includes(answer) ? answer : undefined);
  };
  Object.assign(vscode.window, { showWarningMessage: show, showErrorMessage: show });
  try {
    await run();
  } finally {
    Object.assign(vscode.window, { showWarningMessage, showErrorMessage });
  }
  return said;
}

describe('A connection that a link asks for', () => {
  let server: PlainServer;
  let before: unknown;

  beforeEach(async () => {
    before = connections();
    server = await startPlainServer(({ method, path }, reply) =>
      method === 'PROPFIND' ? reply.xml(207, emptyFolder(path)) : reply.send(200, { DAV: '1, 2' }),
    );
  });
  afterEach(async () => {
    await executeCommand('lockStatus.signOut', vscode.Uri.parse(server.url.replace(/^http/, 'dav')));
    await vscode.workspace
      .getConfiguration('lockStatus')
      .update('connections', before, vscode.ConfigurationTarget.Global);
    await server.stop();
  });

  it('is not made and not even tried without a yes', async () => {
    let result: unknown;
    const said = await asked(undefined, async () => {
      result = await executeCommand('lockStatus.connect', {
        url: server.url,
        user: 'mallory',
        password: 'x',
      });
    });
    assert.deepEqual(said, [`Save the server 127.0.0.1:${server.port}?`]);
    assert.equal(result, false);
    assert.deepEqual(server.requests, []);
    assert.deepEqual(connections(), before);
  });

  it('is stored after a yes, and never as trusted', async () => {
    const said = await asked('Save Server', () =>
      executeCommand('lockStatus.connect', { url: server.url, name: 'A', trust: true, trusted: true }),
    );
    assert.equal(said.length, 1);
    assert.deepEqual((connections() as unknown[]).at(-1), { name: 'A', url: server.url });
  });

  it('asks nothing where it exists, unless it would replace the credentials', async () => {
    await connect({ url: server.url });
    const again = () => executeCommand('lockStatus.connect', { url: server.url });
    assert.deepEqual(await asked(undefined, again), []);
    const other = () => executeCommand('lockStatus.connect', { url: server.url, user: 'mallory' });
    assert.equal((await asked(undefined, other)).length, 1);
  });

  it('is stored by the exported function without a question, and as trusted if that is wanted', async () => {
    const said = await asked(undefined, async () => (await api()).connect({ url: server.url, trust: true }));
    assert.deepEqual(said, []);
    const entry = (connections() as { url: string; trusted?: boolean }[]).find(
      ({ url }) => url === server.url,
    );
    assert.equal(entry?.trusted, true);
  });

  it('is refused with a sentence where a name in its address is a link', async () => {
    await assert.rejects(
      connect({ url: `${server.url}${encodeURIComponent('[x](command:y)')}/` }),
      /wasn’t opened: a name in its address contains characters that could do harm here/,
    );
    assert.deepEqual(server.requests, []);
  });
});

describe('Trust that a link asks for', () => {
  let server: PlainServer;
  const trusted = () =>
    (connections() as { url: string; trusted?: boolean }[]).find(({ url }) => url === server.url)?.trusted;

  before(async () => {
    server = await startPlainServer(({ method, path }, reply) =>
      method === 'PROPFIND' ? reply.xml(207, emptyFolder(path)) : reply.send(200, { DAV: '1, 2' }),
    );
    await connect({ url: server.url });
  });
  after(async () => {
    await executeCommand('lockStatus.signOut', vscode.Uri.parse(server.url.replace(/^http/, 'dav')));
    await server.stop();
  });

  it('is given only by the person, who is asked about the server by name', async () => {
    const ask = () => executeCommand('lockStatus.trustServer', server.url.slice(0, -1));
    assert.deepEqual(await asked(undefined, ask), [`Trust http://127.0.0.1:${server.port}?`]);
    assert.equal(trusted(), undefined);
    await asked('Trust', ask);
    assert.equal(trusted(), true);
  });

  it('is not even offered for a server that is not known here', async () => {
    const said = await asked('Trust', () => executeCommand('lockStatus.trustServer', 'https://evil.example'));
    assert.deepEqual(said, ['This server isn’t saved or open. Use "Locks: Open Remote Folder…" first.']);
  });
});
