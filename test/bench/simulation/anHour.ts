// An hour at one window that knows 10,000 files, on a clock that nobody has to wait for.
import type { RemoteEntry, RemoteFiles } from '../../../src/core/model/ports';
import { LockPoller } from '../../../src/core/polling/lockPoller';
import { ServerPauses } from '../../../src/core/polling/serverPauses';
import { Directory } from '../../../src/core/polling/directory';
import type { Lock, LockId } from '../../../src/core/model/lock';
import { LockStore } from '../../../src/core/locks/lockStore';
import { PollScheduler } from '../../../src/core/polling/pollScheduler';
import { resourceId, type ResourceId } from '../../../src/core/model/resource';
import type { Metrics } from '../measure';
import { HeapClock } from './heapClock';

const folders = 10;
const members = 1_000;
const minute = 60_000;

/** Bytes of the heap after five minutes and after an hour, with a lock on every tenth file and another tenth each time. */
export async function anHour(heap: () => number): Promise<Metrics> {
  const before = heap();
  const clock = new HeapClock();
  const store = new LockStore();
  let listings = 0;
  const list = (folder: ResourceId) => Promise.resolve({ members: listingOf(folder, (listings += 1)) });
  const server = { list } as Partial<RemoteFiles> as RemoteFiles;
  const directory = new Directory(() => server, store, clock);
  const all = Array.from({ length: folders }, (_, at) => resourceId(`https://h/folder${at}`));
  const scheduler = new PollScheduler({
    poller: new LockPoller(directory, clock, new ServerPauses(clock)),
    store,
    clock,
    intervalMs: () => 30_000,
    interests: () => ({ files: [], folders: all }),
    onFault: (error) => {
      throw error;
    },
  });
  scheduler.start();
  await clock.pass(5 * minute);
  const early = heap() - before;
  await clock.pass(55 * minute);
  const late = heap() - before;
  scheduler.dispose();
  const known = [...store.resources()].length;
  return { known, listings, early: early / 2 ** 20, late: late / 2 ** 20, growth: late / early };
}

function listingOf(folder: ResourceId, serial: number): RemoteEntry[] {
  return Array.from({ length: members }, (_, index) => {
    const locks = (index + serial) % 10 === 0 ? [lockOf(`${folder} ${index} ${serial}`)] : [];
    return {
      resource: resourceId(`${folder}/file ${index}.txt`),
      kind: 'file',
      version: { etag: { opaque: `${index}`, weak: false }, modified: 0, size: index },
      listing: { locks, reported: true },
    };
  });
}

function lockOf(id: string): Lock {
  return {
    source: 'listing',
    id: id as LockId,
    scope: 'exclusive',
    depth: 'self',
    holder: { name: 'Bob', contacts: [], assertedBy: 'client', self: 'other' },
    expiry: { kind: 'never' },
  };
}
