// What version 0.1.0 kept, as its own code wrote it, is found again.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LockHistory } from '../../../src/core/locks/lockHistory';
import { LockStore } from '../../../src/core/locks/lockStore';
import { resourceId, serverOf } from '../../../src/core/model/resource';
import { BaseVersions } from '../../../src/core/saving/baseVersions';
import { KeptTextStore } from '../../../src/storage/keptTextStore';
import { keepHistory } from '../../../src/storage/keptHistory';
import { LeaseStore } from '../../../src/storage/leaseStore';
import { keepListingSupport, KeptBaseVersions } from '../../../src/storage/memory';
import { WindowStateStore } from '../../../src/storage/windowStateStore';
import { FakeClock } from '../../support/core/fakeClock';
import { bytesOf, textOf } from '../../support/core/files';

const recorded = join(__dirname, '../../support/fixtures/version010');
const resource = resourceId('https://files.example/docs/report.md');
const then = Date.parse('2026-11-22T10:00:00Z');

describe('What version 0.1.0 kept', () => {
  let folder: string;
  let clock: FakeClock;
  const fail = (error: unknown) => assert.fail(String(error));
  const json = (name: string) =>
    JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record<string, unknown>;
  const memento = (name: string) => {
    const values = json(name);
    return {
      get: <T>(key: string, fallback?: T) => (values[key] ?? fallback) as T,
      update: (key: string, value: unknown) => Promise.resolve(void (values[key] = value)),
    };
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'version010-'));
    cpSync(recorded, folder, { recursive: true });
    clock = new FakeClock();
    clock.wallOffset = then + 60_000 - clock.now().mono;
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('are texts with their base, also those that were given up', async () => {
    const disk = new KeptTextStore(join(folder, 'texts'), fail);
    const texts = [...(await disk.list())].sort((one, other) => (one.id < other.id ? -1 : 1));
    assert.deepEqual(
      texts.map(({ id, workspaceKey, storedBytes, end }) => [id, workspaceKey, storedBytes, end?.how]),
      [
        ['a1b2', 'aa', 8, undefined],
        ['c3d4', 'aa', 4, 'reverted'],
      ],
    );
    const content = texts[0] && (await disk.read(texts[0]));
    assert.deepEqual([textOf(content?.bytes), textOf(content?.base)], ['mine', 'base']);
  });

  it('are leases that the next window of the workspace inherits', async () => {
    const secrets = new Map(Object.entries(json('secrets.json')) as [string, string][]);
    const store = new LeaseStore({
      secrets: {
        get: (key) => Promise.resolve(secrets.get(key)),
        store: (key, value) => Promise.resolve(void secrets.set(key, value)),
        delete: (key) => Promise.resolve(void secrets.delete(key)),
      },
      folder: join(folder, 'windows'),
      presence: { window: '2b', self: { host: 'laptop', pid: 1 }, isClosed: () => true },
      workspaceKey: 'aa',
      clock,
      onProblem: fail,
    });
    assert.equal(store.isOurs('fingerprint' as never), true);
    const [kept, ...more] = await store.inherit('here');
    assert.equal(more.length, 0);
    assert.deepEqual([kept?.lease.resource, kept?.lease.token.reveal()], [resource, 'urn:uuid:kept']);
    assert.deepEqual(kept?.claims, ['hand']);
    assert.equal(kept.lease.expiry.kind === 'at' && kept.lease.expiry.at.wall, then + 600_000);
  });

  it('are the waits of a workspace', () => {
    const { inherited } = new WindowStateStore({
      folder: join(folder, 'places'),
      workspaceKey: 'aa',
      window: '2b',
      isClosed: () => true,
      clock,
      onProblem: fail,
    });
    assert.deepEqual(inherited, [[[resource, then + 3_600_000]]]);
  });

  it('are base versions with the digest of their content', () => {
    const baseVersions = new BaseVersions();
    new KeptBaseVersions(memento('workspaceState.json'), baseVersions);
    const base = baseVersions.shownOf(resource);
    assert.equal(base?.version.etag?.opaque, 'e1');
    assert.deepEqual([base.isContent?.(bytesOf('base')), base.isContent?.(bytesOf('other'))], [true, false]);
  });

  it('is the history of a lock and of what was refused', () => {
    const history = new LockHistory();
    keepHistory(memento('workspaceState.json'), history, clock);
    const { locks, changes, attempts, refusal } = history.of(resource);
    assert.deepEqual(
      locks.map(({ name }) => name),
      ['Bob'],
    );
    assert.deepEqual(
      changes.map(({ state }) => state),
      ['locked'],
    );
    assert.deepEqual(
      attempts.map(({ method, status }) => [method, status]),
      [['PUT', 423]],
    );
    assert.deepEqual(refusal?.refusal?.codes, ['locked']);
  });

  it('is which servers list locks', () => {
    const store = new LockStore();
    keepListingSupport(memento('globalState.json'), store);
    assert.equal(store.listingSupportOf(serverOf(resource)), 'seen');
  });
});
