// Somebody who waits for a lock.
import assert from 'node:assert/strict';
import { isFailure, type FailureKind } from '../../../src/core/model/failure';
import { FakeClock, settle } from './fakeClock';
import { file } from './files';
import { goodHabits, ModelServer, type Habits } from './modelServer';
import { Person } from './person';

const a = file('a');
const minute = 60_000;
/** Seconds of a lock that somebody works under. */
export const atWorkS = 7_200;

/** Ann types in a file that Bob has locked, and waits without having tried to save. */
export async function armed(habits: Partial<Habits> = {}, limitMs = 60 * minute) {
  const clock = new FakeClock();
  const server = new ModelServer(clock, { ...goodHabits, ...habits });
  server.put(a, 'base');
  await clock.pass(5_000);
  const ann = new Person('ann', server, clock, { lockOn: 'manual', limitMs });
  if (server.habits.lists) ann.learnsToList(a);
  await ann.open(a);
  const lock = server.lockFor('bob', a, atWorkS);
  ann.type(a, 'mine');
  ann.waits.arm(a);
  await settle();
  const ends = () => ann.ends.map((end) => end.split(' ')[1]);
  const reasons: FailureKind[] = [];
  ann.waits.onDidEnd(({ error }) => isFailure(error) && reasons.push(error.kind));
  return { clock, server, ann, lock, ends, reasons, client: ann.client };
}

/** The same, after a save that was refused. */
export async function given(habits: Partial<Habits> = {}, limitMs = 60 * minute) {
  const it = await armed(habits, limitMs);
  it.ann.waits.stop(a);
  it.ann.ends.length = 0;
  const refusing = it.ann.save(a);
  await it.clock.pass(3_000);
  assert.equal(await refusing, false);
  it.ann.waits.arm(a);
  await settle();
  return it;
}
