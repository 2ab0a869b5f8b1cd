// A folder with files in it, and a person who moves and deletes there.
import { childOf, type ResourceId } from '../../../src/core/model/resource';
import { FakeClock } from './fakeClock';
import { file } from './files';
import { goodHabits, ModelServer, type Habits } from './modelServer';
import { Person } from './person';

export const folder = file('folder');
export const a = childOf(folder, 'a');
export const deep = childOf(childOf(folder, 'sub'), 'deep');
export const other = file('other');

export async function givenFolder(habits: Partial<Habits> = {}) {
  const clock = new FakeClock();
  const server = new ModelServer(clock, { ...goodHabits, ...habits });
  for (const id of [a, deep]) server.put(id, 'base');
  server.folders.add(folder);
  server.folders.add(childOf(folder, 'sub'));
  await clock.pass(1_000);
  const ann = new Person('ann', server, clock, { lockOn: 'manual' });
  if (server.habits.lists) ann.learnsToList(a);
  const { relocation } = ann.core;
  const move = async (from: ResourceId, to: ResourceId, overwrite = false) => {
    await clock.pass(1);
    return relocation.transfer({ how: 'move', from, to, overwrite });
  };
  const remove = async (resource: ResourceId) => {
    await clock.pass(1);
    return relocation.remove(resource);
  };
  return { clock, server, ann, relocation, problems: ann.problems, move, remove };
}
