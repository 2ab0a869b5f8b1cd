// What an untrusted server's configuration may do: nothing, and what happens when the person decides.
import assert from 'node:assert/strict';
import type { FileSystemError } from 'vscode';
import { FileChangeType, FileType, Uri, type FileChangeEvent } from 'vscode';
import { Emitter } from '../../src/base/emitter';
import { serverOf } from '../../src/core/model/resource';
import { defaults, type Settings } from '../../src/core/settings/settings';
import { RestrictedFileSystem } from '../../src/editor/trust/restrictedFileSystem';
import { Restrictions } from '../../src/editor/trust/restrictions';
import { SeenConfiguration } from '../../src/editor/trust/seenConfiguration';
import { ServerTrust } from '../../src/editor/trust/serverTrust';
import { restrictedText } from '../../src/editor/trust/words';
import { toResource, toUri } from '../../src/editor/uris';
import { idOf } from '../support/builders/locks';

const folder = idOf('folder');
const at = (name: string) => Uri.joinPath(toUri(folder), name);
const text = new TextEncoder().encode('Text');

/** The file system over one that has everything and notes what it is asked. */
function given(trusted?: boolean) {
  const changed = new Emitter<Settings>();
  const events = new Emitter<FileChangeEvent[]>();
  let current = connectionsWith(trusted);
  const settings = { get: () => current, onDidChange: changed.event };
  const trust = new ServerTrust(settings as never);
  const asked: string[] = [];
  const note =
    (what: string, answer?: unknown) =>
    (...args: readonly unknown[]) => {
      asked.push(
        `${what} ${args
          .filter((one) => one instanceof Uri)
          .map((uri) => uri.path)
          .join(' ')}`,
      );
      return Promise.resolve(answer);
    };
  const files = {
    onDidChangeFile: events.event,
    stat: note('stat', { type: FileType.File, ctime: 0, mtime: 0, size: 0 }),
    readFile: note('read', text),
    readDirectory: note('list', [
      ['.vscode', FileType.Directory],
      ['AGENTS.md', FileType.File],
      ['notes.md', FileType.File],
    ]),
    writeFile: note('write'),
    createDirectory: note('mkcol'),
    delete: note('delete'),
    rename: note('move'),
    copy: note('copy'),
  };
  const seen = new SeenConfiguration();
  const contacts: string[] = [];
  const system = new RestrictedFileSystem({
    files: files as never,
    trust,
    seen,
    onContact: (resource) => contacts.push(resource),
  });
  const told: FileChangeEvent[] = [];
  system.onDidChangeFile((some) => told.push(...some));
  const decide = (answer: boolean) => {
    current = connectionsWith(answer);
    changed.fire(current);
  };
  return { system, asked, seen, trust, told, events, contacts, decide };
}

function connectionsWith(trusted: boolean | undefined): Settings {
  const connection = { name: 'A', folder, ...(trusted !== undefined && { trusted }) };
  return { ...defaults, connections: [connection] };
}

describe('Until a server is trusted', () => {
  const hidden = [
    '.vscode',
    '.vscode/settings.json',
    'a/AGENTS.md',
    'x.code-workspace',
    '.devcontainer.json',
  ];

  it('requests for configuration are answered "not found" without asking the server', async () => {
    const { system, asked } = given();
    for (const name of hidden)
      for (const request of [
        () => system.stat(at(name)),
        () => system.readFile(at(name)),
        () => system.readDirectory(at(name)),
        () => system.delete(at(name), { recursive: true }),
        () => system.rename(at(name), at('b'), { overwrite: true }),
        () => system.copy(at(name), at('b'), { overwrite: true }),
      ])
        await assert.rejects(request, (error: FileSystemError) => error.code === 'FileNotFound');
    assert.deepEqual(asked, []);
  });

  it('listings leave it out, and say how much of it there is', async () => {
    const { system, seen, trust } = given();
    assert.deepEqual(await system.readDirectory(toUri(folder)), [['notes.md', FileType.File]]);
    const [restriction] = new Restrictions(trust, seen).all();
    assert.equal(restriction?.server, serverOf(folder));
    assert.equal(
      restrictedText(restriction?.hidden ?? []),
      'Restricted: 2 configuration files and folders hidden',
    );
    const files = (restriction?.hidden ?? []).filter(({ isFolder }) => !isFolder);
    assert.equal(restrictedText([...files, ...files, ...files]), 'Restricted: 3 configuration files hidden');
  });

  it('writes to it are refused with a sentence, also by a copy or a rename', async () => {
    const { system, asked } = given();
    for (const name of hidden)
      for (const request of [
        () => system.writeFile(at(name), text, { create: true, overwrite: true }),
        () => system.createDirectory(at(name)),
        () => system.rename(at('b'), at(name), { overwrite: true }),
        () => system.copy(at('b'), at(name), { overwrite: true }),
      ])
        await assert.rejects(request, (error: FileSystemError) => {
          assert.match(error.message, /^\S+ wasn’t saved: you haven’t trusted .*Trust Server…" first\.$/);
          return error.name === '' && error.code === 'NoPermissions';
        });
    assert.deepEqual(asked, []);
  });

  it('everything else is served, and news of hidden files is not passed on', async () => {
    const { system, asked, told, events } = given();
    await system.stat(at('notes.md'));
    await system.readFile(at('a/notes.md'));
    await system.writeFile(at('notes.md'), text, { create: true, overwrite: true });
    assert.deepEqual(asked, ['stat /folder/notes.md', 'read /folder/a/notes.md', 'write /folder/notes.md']);
    const type = FileChangeType.Changed;
    events.fire([
      { type, uri: at('notes.md') },
      { type, uri: at('.vscode/tasks.json') },
    ]);
    assert.deepEqual(told, [{ type, uri: at('notes.md') }]);
  });

  it('the first listing is contact, a request that fails is not', async () => {
    const { system, contacts } = given();
    await system.stat(at('notes.md'));
    // The editor asks for it before anybody has signed in.
    await assert.rejects(system.readFile(at('.vscode/settings.json')));
    assert.deepEqual(contacts, []);
    await system.readDirectory(at('sub'));
    assert.deepEqual(contacts, [toResource(at('sub'))]);
  });
});

describe('A decision about a server', () => {
  it('takes effect at once: what was hidden is told of as created, and taken back as deleted', async () => {
    const { system, told, decide, asked, trust, seen } = given(false);
    const restrictions = new Restrictions(trust, seen);
    await system.readDirectory(toUri(folder));
    await assert.rejects(() => system.readFile(at('.vscode/settings.json')));
    decide(true);
    const names = () => told.splice(0).map(({ type, uri }) => `${FileChangeType[type]} ${uri.path}`);
    const paths = ['/folder/.vscode', '/folder/AGENTS.md', '/folder/.vscode/settings.json'];
    assert.deepEqual(
      names(),
      paths.map((path) => `Created ${path}`),
    );
    assert.deepEqual(restrictions.all(), []);
    asked.length = 0;
    await system.readFile(at('.vscode/settings.json'));
    assert.equal((await system.readDirectory(toUri(folder))).length, 3);
    assert.deepEqual(asked, ['read /folder/.vscode/settings.json', 'list /folder']);
    decide(false);
    assert.deepEqual(names().sort(), paths.map((path) => `Deleted ${path}`).sort());
    assert.equal(restrictions.all()[0]?.hidden.length, 2);
  });
});
