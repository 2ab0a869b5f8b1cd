// What one answer costs where much is known already: 100,000 files in memory, without a wire.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { RemoteFailure } from '../../../src/core/model/failure';
import type { Lock, LockId } from '../../../src/core/model/lock';
import type { RemoteEntry, RemoteFiles } from '../../../src/core/model/ports';
import { childOf, resourceId, type ResourceId } from '../../../src/core/model/resource';
import { clock } from '../../support/core/onServer';
import { testCore } from '../../support/core/core';
import type { Metrics } from '../measure';

const folder = resourceId('https://h/folder');
const files = 100_000;

/** A name that is not there is asked for, beside so many that are, and one file is seen locked. */
export async function oneAnswer(): Promise<Metrics> {
  const { core } = await coreOver(listingOf(undefined));
  const see = (at: number) => {
    const resource = childOf(folder, `${at}`);
    const listing = { locks: [treeLock], reported: true };
    core.store.apply({ kind: 'listed', entries: [{ resource, listing }], at: clock.now() });
  };
  const each = async (times: number, run: (at: number) => unknown): Promise<number> => {
    const start = performance.now();
    for (let at = 0; at < times; at++) await run(at);
    return (performance.now() - start) / times;
  };
  // The first lock that a server lists says something of all its files, once.
  see(0);
  const missingMs = await each(200, (at) => {
    const gone = childOf(folder, `missing ${at}`);
    core.directory.noteFailure(gone, new RemoteFailure('notFound', { resource: gone }));
  });
  const evidenceMs = await each(200, (at) => see(at + 1));
  core.dispose();
  return { missingMs, evidenceMs };
}

/** The folder is listed again, with a lock on all of it or without. */
export async function listedAgain(lock: 'locked' | 'unlocked'): Promise<Metrics> {
  const { core, list } = await coreOver(listingOf(lock === 'locked' ? treeLock : undefined));
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await pause(20);
  delay.reset();
  const start = performance.now();
  await list();
  const againMs = performance.now() - start;
  await pause(5);
  delay.disable();
  core.dispose();
  return { againMs, turnMs: delay.max / 1e6 };
}

async function coreOver(listing: { self: RemoteEntry; members: readonly RemoteEntry[] }) {
  const server = { list: () => Promise.resolve(listing) } as Partial<RemoteFiles> as RemoteFiles;
  const core = testCore({ clock, server: { files: server, locks: undefined as never } });
  const list = () => core.directory.list(folder, -1);
  await list();
  return { core, list };
}

/** Without its root, as Apache tells it: the same on the folder and on each of its members. */
const treeLock: Lock = {
  source: 'listing',
  id: 'the lock' as LockId,
  scope: 'exclusive',
  depth: 'tree',
  holder: { name: 'Bob Example', contacts: [], assertedBy: 'client', self: 'other' },
  expiry: { kind: 'never' },
};

function listingOf(lock: Lock | undefined) {
  const listing = { locks: lock ? [lock] : [], reported: true };
  const entry = (resource: ResourceId, kind: RemoteEntry['kind'], index: number): RemoteEntry => ({
    resource,
    kind,
    version: { etag: { opaque: `${index}`, weak: false }, modified: 0, size: index },
    listing,
  });
  const members = Array.from({ length: files }, (_, at) => entry(childOf(folder, `${at}`), 'file', at));
  return { self: entry(folder, 'collection', 0), members };
}

function pause(ms: number): Promise<void> {
  return new Promise((resume) => setTimeout(resume, ms));
}
