import assert from 'node:assert/strict';
import { Uri } from 'vscode';
import type { BlockedSave } from '../../src/core/saving/blockedSaves';
import { RemoteFailure } from '../../src/core/model/failure';
import type { PollTargets } from '../../src/core/polling/lockPoller';
import { lockView } from '../../src/core/model/lockView';
import { resourceId, serverOf, type ResourceId } from '../../src/core/model/resource';
import { breakLock } from '../../src/editor/commands/locks/breakLock';
import { signOut } from '../../src/editor/commands/servers/signIn';
import { refresh } from '../../src/editor/commands/locks/lock';
import { HumanError } from '../../src/editor/messages/humanError';
import { blockedMessage } from '../../src/editor/files/saveMessage';
import { toUri } from '../../src/editor/uris';
import { idOf, lock, stamp } from '../support/builders/locks';
import { heard, contextByHand } from './contextByHand';

const file = idOf('folder/report.md');
const server = serverOf(file);

async function sentence(run: () => unknown): Promise<string> {
  let text = '';
  await assert.rejects(
    async () => {
      await run();
    },
    (error: unknown) => {
      assert.ok(error instanceof HumanError, String(error));
      text = error.message;
      return true;
    },
  );
  return text;
}

const refused: BlockedSave = {
  key: '1',
  resource: file,
  bytes: new Uint8Array(),
  base: undefined,
  since: stamp(1),
  failure: new RemoteFailure('locked', { resource: file, status: 423 }),
};

describe('Signing out', () => {
  function given(release: () => Promise<void>, servers = [server]) {
    const out: string[] = [];
    const context = contextByHand({
      connections: {
        servers: () => servers,
        signOut: (id: string) => Promise.resolve(void out.push(id)),
      },
      leases: { held: () => [{ resource: file }, { resource: resourceId('https://elsewhere/a') }], release },
    });
    return { context, out };
  }

  it('lets the locks there go first', async () => {
    const released: ResourceId[] = [];
    const { context, out } = given((...ids: ResourceId[]) => Promise.resolve(void released.push(...ids)));
    const { words } = await heard(() => signOut(context, toUri(file)));
    assert.deepEqual([released, out, words], [[file], [server], ['Signed out of host.']]);
  });

  it('goes on where a lock cannot be let go, and says which', async () => {
    const { context, out } = given(() =>
      Promise.reject(new RemoteFailure('unreachable', { resource: file })),
    );
    assert.match(
      await sentence(() => signOut(context, toUri(file))),
      /^Signed out of host, but .*: report\.md\./,
    );
    assert.deepEqual(out, [server]);
  });

  it('says in a sentence that there is nothing to sign out of', async () => {
    const { context, out } = given(() => Promise.resolve(), []);
    assert.match(await sentence(() => signOut(context, undefined)), /No servers are saved or open/);
    assert.match(await sentence(() => signOut(context, Uri.file('/tmp/a'))), /nothing to sign out of\.$/);
    assert.deepEqual(out, []);
  });
});

describe('Refreshing', () => {
  const folder = idOf('folder');
  const sub = idOf('folder/sub');
  const visibleResources: Required<PollTargets> = { files: [file], folders: [idOf(''), sub] };

  function given(kinds: readonly (readonly [ResourceId, 'file' | 'collection'])[]) {
    const asked: string[] = [];
    const known = new Map(kinds);
    const context = contextByHand({
      visibleResources: () => visibleResources,
      directory: { cached: (id: ResourceId) => known.has(id) && { kind: known.get(id) } },
      poller: {
        ask: (ids: ResourceId[]) => {
          asked.push(`files ${ids.join(' ')}`);
          for (const id of ids) if (!known.has(id)) known.set(id, 'collection');
          return Promise.resolve();
        },
        askFolders: (ids: ResourceId[]) => Promise.resolve(void asked.push(`folders ${ids.join(' ')}`)),
        askAll: (wanted: PollTargets) => Promise.resolve(void asked.push(JSON.stringify(wanted))),
      },
    });
    return { context, asked };
  }

  it('asks about all that is in sight where nothing is named', async () => {
    const { context, asked } = given([]);
    await refresh(context, undefined);
    assert.deepEqual(asked, [JSON.stringify(visibleResources)]);
  });

  it('asks about the file that is named', async () => {
    const { context, asked } = given([[file, 'file']]);
    await refresh(context, toUri(file));
    assert.deepEqual(asked, [`files ${file}`]);
  });

  it('asks a folder for its members, and for those of the folders in it that are open', async () => {
    const known = given([[folder, 'collection']]);
    await refresh(known.context, toUri(folder));
    assert.deepEqual(known.asked, [`folders ${folder} ${sub}`]);
    const unknown = given([]);
    await refresh(unknown.context, { resourceUri: toUri(folder) });
    assert.deepEqual(unknown.asked, [`files ${folder}`, `folders ${folder} ${sub}`]);
  });
});

describe('The person’s own lock elsewhere', () => {
  const mine = lock({ holder: { self: 'elsewhere', host: 'LAPTOP-7' } });

  it('is taken over where another’s would be broken', async () => {
    const did: string[] = [];
    const context = contextByHand({
      poller: { ask: () => Promise.resolve() },
      documents: { isOpen: () => true },
      leaseRecovery: { leftoverOn: () => Promise.resolve(undefined) },
      leaseStore: { find: () => Promise.resolve(undefined) },
      lockProviders: {
        of: () => ({ breakLock: () => Promise.resolve({ wasHeld: did.push('ended there') > 0 }) }),
      },
      leases: { take: (_: ResourceId, claim: string) => Promise.resolve(did.push(`taken to ${claim}`)) },
    });
    context.store.apply({
      kind: 'listed',
      entries: [{ resource: file, listing: { locks: [mine], reported: true } }],
      at: stamp(1),
    });
    const { messages } = await heard(() => breakLock(context, toUri(file)), 'Take Over');
    assert.match(messages.join(), /^Take over your lock on report\.md\?/);
    assert.deepEqual(did, ['ended there', 'taken to edit']);
  });

  it('is offered to be taken over in the message of a refused save', () => {
    const told = (locks: (typeof mine)[]) =>
      blockedMessage(refused, { view: lockView({ kind: 'locked', locks, at: stamp(1) }), now: stamp(2) });
    assert.match(told([mine]), /· \[Take Over…\]\(command:lockStatus\.breakLock\?[^)]*\) ·/);
    assert.doesNotMatch(told([mine]), /Ask/);
    assert.match(told([lock()]), /· \[Ask Ann Lee…\]\(command:lockStatus\.contactHolder/);
  });
});

describe('The message of a save that a missing right refused with 423', () => {
  it('says so, and offers the administrator instead of a wait', () => {
    const view = lockView({ kind: 'unlocked', proof: 'listed', at: stamp(1) });
    const text = blockedMessage(refused, { view, noRight: 'This is no lock.', now: stamp(2) });
    assert.match(text, /^This is no lock\. \[Ask Administrator…\].*\[Explain\].*\[More…\]/);
    assert.doesNotMatch(text, /Save When Free/);
  });
});
