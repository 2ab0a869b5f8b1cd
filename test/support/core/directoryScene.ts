// A directory over a server in memory, with two files in one folder.
import { Directory, type ContentChange } from '../../../src/core/polling/directory';
import { LockStore } from '../../../src/core/locks/lockStore';
import type { Lock } from '../../../src/core/model/lock';
import { childOf } from '../../../src/core/model/resource';
import { FakeClock } from './fakeClock';
import { file } from './files';
import { ModelClient } from './modelClient';
import { goodHabits, ModelServer, type Habits } from './modelServer';

export const root = file('folder');
export const a = childOf(root, 'a');
export const b = childOf(root, 'b');

/** A file `0`, `1` … of the folder as a server without versions lists it. */
export const listedFile = (index: number, ...locks: readonly Lock[]) => ({
  resource: childOf(root, `${index}`),
  kind: 'file' as const,
  version: {},
  listing: { locks, reported: true },
});

export const listedFiles = (count: number) => Array.from({ length: count }, (_, index) => listedFile(index));

export async function given(habits: Partial<Habits> = {}) {
  const clock = new FakeClock();
  const server = new ModelServer(clock, { ...goodHabits, ...habits });
  for (const id of [a, b]) server.put(id, 'base');
  await clock.pass(5_000);
  const client = new ModelClient(server, 'ann');
  const store = new LockStore();
  const directory = new Directory(() => client, store, clock);
  const changes: ContentChange[] = [];
  directory.onDidChange((news) => changes.push(...news));
  const told = () => changes.splice(0).map(({ resource, kind }) => `${kind} ${resource.slice(-1)}`);
  return { clock, server, client, store, directory, told };
}
