// What agents in the editor are told and may do, on a real server; each tool by the editor's own call.
import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { LockStatusApi } from '../../lock-status';
import { toolNames } from '../../src/editor/agents/toolNames';
import { fileNamed } from '../../src/editor/agents/toolPath';
import type { Colleague } from '../support/colleague';
import type { SuiteServer } from '../support/rings/suiteServers';
import { api } from './extensionApi';
import { enter } from './scene';

interface Answer {
  readonly state?: string;
  readonly locks?: readonly {
    readonly holder?: string;
    readonly verified?: boolean;
    readonly until?: string;
  }[];
  readonly locked?: boolean;
  readonly saved?: boolean;
  readonly waiting?: boolean;
  readonly unsaved?: boolean;
  readonly advice: string;
}

describe('The tools for agents', () => {
  let server: SuiteServer;
  let root: vscode.Uri;
  let bob: Colleague;
  let exported: LockStatusApi;
  let serial = 0;

  before(async function () {
    ({ server, root, bob } = await enter(this, 'nephele'));
    exported = await api();
  });
  afterEach(() => vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor'));
  after(() => server?.restart({ forgetLocks: true }));

  /** An open file of its own for each test: only what is open is in a tool's reach. */
  async function opened(): Promise<{ name: string; document: vscode.TextDocument }> {
    const name = `agent-${(serial += 1)}.md`;
    writeFileSync(join(server.dataDir, name), 'Text.\n');
    const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(root, name));
    await vscode.window.showTextDocument(document, { preview: false });
    return { name, document };
  }

  async function edit({ uri }: vscode.TextDocument, text = 'More. '): Promise<void> {
    const edit = new vscode.WorkspaceEdit();
    edit.insert(uri, new vscode.Position(0, 0), text);
    await vscode.workspace.applyEdit(edit);
  }

  async function call(
    tool: keyof typeof toolNames,
    path: unknown,
    token?: vscode.CancellationToken,
  ): Promise<Answer> {
    const options = { input: { path } as object, toolInvocationToken: undefined };
    const { content } = await vscode.lm.invokeTool(toolNames[tool], options, token);
    const [part] = content;
    assert.ok(part instanceof vscode.LanguageModelTextPart && content.length === 1);
    return JSON.parse(part.value) as Answer;
  }

  const address = ({ uri }: vscode.TextDocument) => uri.toString();
  const refused = (run: Promise<unknown>, sentence: RegExp) =>
    assert.rejects(run, (error: Error) => sentence.test(error.message));

  it('are offered while a server is connected', async () => {
    const offered = () =>
      vscode.lm.tools.map(({ name }) => name).filter((name) => name.startsWith('lock-status_'));
    while (offered().length === 0) await new Promise((next) => setTimeout(next, 50));
    assert.deepEqual(offered().sort(), Object.values(toolNames).sort());
  });

  describe('Who holds a file', () => {
    it('is answered in facts, as of now', async () => {
      const { name, document } = await opened();
      await bob.lock(name, { owner: 'Bob Roe' });
      const answer = await call('holder', address(document));
      assert.deepEqual([answer.state, answer.unsaved, answer.waiting], ['other', false, false]);
      const [lock] = answer.locks ?? [];
      assert.deepEqual([lock?.holder, lock?.verified], ['Bob Roe', false]);
      assert.ok(Date.parse(lock?.until ?? '') > Date.now());
      assert.match(answer.advice, /lock-status_save_when_free/);
      assert.ok(!answer.advice.includes('Bob'));
      await bob.unlock(name);
      assert.equal((await call('holder', address(document))).state, 'free');
    });

    it('is not asked of any server that is not open here', async () => {
      const asked = ['davs://127.0.0.1:1/secret', 'http://127.0.0.1:1/a', 'file:///etc/passwd', 'untitled:a'];
      for (const path of asked) await refused(call('holder', path), /isn’t in an open remote folder/);
      await refused(call('holder', ''), /path of a file/);
    });
  });

  describe('Taking the lock', () => {
    it('takes it for the person, who releases it', async () => {
      const { name, document } = await opened();
      const answer = await call('lock', address(document));
      assert.deepEqual([answer.locked, answer.state], [true, 'mine']);
      assert.equal((await bob.locksOn(name)).length, 1);
      await vscode.commands.executeCommand('lockStatus.release', document.uri);
      assert.deepEqual(await bob.locksOn(name), []);
    });

    it('leaves the lock of another as it is, and says whose it is', async () => {
      const { name, document } = await opened();
      const token = await bob.lock(name, { owner: 'Bob Roe' });
      const answer = await call('lock', address(document));
      assert.deepEqual([answer.locked, answer.state, answer.locks?.[0]?.holder], [false, 'other', 'Bob Roe']);
      assert.deepEqual(await bob.locksOn(name), [token]);
      await bob.unlock(name);
    });

    it('creates no file', async () => {
      const { name, document } = await opened();
      await bob.del(name);
      await refused(call('lock', address(document)), /agent-\d+\.md/);
      assert.ok(!existsSync(join(server.dataDir, name)));
    });
  });

  describe('Saving when free', () => {
    it('saves at once what nobody holds', async () => {
      const { name, document } = await opened();
      await edit(document);
      assert.deepEqual(
        await call('saveWhenFree', address(document)).then(({ saved, waiting }) => [saved, waiting]),
        [true, false],
      );
      assert.equal(await bob.get(name), 'More. Text.\n');
    });

    it('waits for the lock of another and says so only when the text is there', async () => {
      const { name, document } = await opened();
      await bob.lock(name, { owner: 'Bob Roe' });
      await edit(document);
      assert.equal(await document.save(), false);
      const waiting = isWaiting(document);
      const answered = call('saveWhenFree', address(document));
      await waiting;
      assert.equal(await bob.get(name), 'Text.\n');
      await bob.unlock(name);
      assert.equal((await answered).saved, true);
      assert.equal(await bob.get(name), 'More. Text.\n');
    });

    it('writes nothing over a version that nobody has seen', async () => {
      const { name, document } = await opened();
      await bob.lock(name);
      await edit(document);
      const waiting = isWaiting(document);
      const answered = call('saveWhenFree', address(document));
      await waiting;
      await bob.put(name, 'By Bob.\n');
      await bob.unlock(name);
      const { saved, advice } = await answered;
      assert.equal(saved, false);
      assert.match(advice, /compare or merge/);
      assert.equal(await bob.get(name), 'By Bob.\n');
      assert.deepEqual((await call('saveWhenFree', address(document))).saved, false);
      await vscode.commands.executeCommand('workbench.action.files.revert');
    });

    it('ends the wait that it began when it is canceled', async () => {
      const { name, document } = await opened();
      await bob.lock(name);
      await edit(document);
      const source = new vscode.CancellationTokenSource();
      const waiting = isWaiting(document);
      const answered = call('saveWhenFree', address(document), source.token);
      await waiting;
      const over = untilBlocked(document, false);
      source.cancel();
      await assert.rejects(answered);
      await over;
      assert.equal(document.isDirty, true);
      await bob.unlock(name);
    });

    it('has nothing to do without unsaved text in an editor', async () => {
      const { document } = await opened();
      await refused(call('saveWhenFree', address(document)), /no unsaved changes/);
    });
  });

  describe('The path that a model gives', () => {
    const folder = (name: string, address: string) => ({ name, uri: vscode.Uri.parse(address) });
    const one = [folder('projects', 'davs://host/team/projects')];
    const two = [...one, folder('docs', 'davs://other/docs'), folder('local', 'file:///local')];
    const named = (path: string, folders = one, isHidden = false) =>
      fileNamed(path, { folders, isOpen: () => false, isHidden: () => isHidden });

    const found: readonly (readonly [string, string, typeof one])[] = [
      ['a b/report.md', 'https://host/team/projects/a%20b/report.md', one],
      ['/team/projects/report.md', 'https://host/team/projects/report.md', one],
      ['davs://host/team/projects/report.md', 'https://host/team/projects/report.md', one],
      ['https://host/team/projects/report.md', 'https://host/team/projects/report.md', one],
      ['docs/report.md', 'https://other/docs/report.md', two],
    ];
    for (const [path, resource, folders] of found)
      it(`${path} is found`, () => assert.equal(named(path, folders), resource));

    const outside = [
      '../secret.md',
      'a/../../../b',
      '/etc/passwd',
      'davs://host/team/other.md',
      'dav://host/team/projects/a',
    ];
    for (const path of outside)
      it(`${path} is out of reach`, () => assert.throws(() => named(path), /isn’t in an open remote folder/));

    it('in two folders has to be an address', () =>
      assert.throws(() => named('report.md', two), /more than one open folder/));

    it('is not that of a file which is hidden from the editor', () =>
      assert.throws(() => named('.vscode/settings.json', one, true), /until the user trusts/));
  });

  it('An edit by a program is refused like a person’s, and a write past all editors names the tool that waits', async () => {
    const { name, document } = await opened();
    await bob.lock(name, { owner: 'Bob Roe' });
    await edit(document);
    assert.equal(await document.save(), false);
    assert.equal(await bob.get(name), 'Text.\n');
    assert.equal(document.isDirty, true);
    const past = `past-${name}`;
    writeFileSync(join(server.dataDir, past), 'Text.\n');
    await bob.lock(past, { owner: 'Bob Roe' });
    await refused(
      Promise.resolve(vscode.workspace.fs.writeFile(vscode.Uri.joinPath(root, past), new Uint8Array([65]))),
      /Locked by Bob Roe \(unverified\) until .*lock-status_save_when_free/,
    );
    assert.equal(await bob.get(past), 'Text.\n');
  });

  const isWaiting = (document: vscode.TextDocument) => untilBlocked(document, true);

  /** Whether the file waits shows in the list of blocked saves, which changes with the lock's own news. */
  async function untilBlocked({ uri }: vscode.TextDocument, waiting: boolean): Promise<void> {
    const isSo = () =>
      exported.blockedSaves().some((one) => one.uri.toString() === uri.toString() && one.waiting) === waiting;
    while (!isSo()) await new Promise((next) => setTimeout(next, 50));
  }
});
