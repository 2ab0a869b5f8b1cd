import assert from 'node:assert/strict';
import { isFailure, type FailureKind, type RemoteFailure } from '../../../src/core/model/failure';
import { FakeClock } from './fakeClock';
import { bytesOf, file } from './files';
import { goodHabits, ModelServer, type Habits } from './modelServer';
import { Person } from './person';

/** The file that is saved. */
export const saving = file('a');
const a = saving;
export const saveMode = { mustBeNew: false, mayReplaceUnseen: false };

/** A person with the file `base` open, who takes no lock by typing. */
export async function given(habits: Partial<Habits> = {}) {
  const clock = new FakeClock();
  const server = new ModelServer(clock, { ...goodHabits, ...habits });
  server.put(a, 'base');
  // Nobody writes in the second in which the file was made, unless a test says so.
  await clock.pass(5_000);
  const ann = new Person('ann', server, clock, { lockOn: 'manual' });
  if (server.habits.lists) ann.learnsToList(a);
  await ann.open(a);
  return { clock, server, ann, client: ann.client };
}

export type Given = Awaited<ReturnType<typeof given>>;

/** Saves, letting the time pass that it needs; gives the failure's kind, or undefined. */
export async function saved({ ann, clock }: Given, text = 'mine'): Promise<RemoteFailure | undefined> {
  ann.type(a, text);
  let failure: RemoteFailure | undefined;
  const saving = ann.saver.save(a, bytesOf(text), saveMode).then(
    () => undefined,
    (error: unknown) => {
      if (!isFailure(error)) throw error;
      failure = error;
    },
  );
  await clock.pass(4_000);
  await saving;
  const refused = ann.blockedSaves.of(a);
  assert.equal(
    refused !== undefined,
    failure !== undefined,
    'a refused text is kept, and only a refused one',
  );
  if (refused) assert.deepEqual(refused.bytes, bytesOf(text));
  return failure;
}

export async function kindOf(it: Given, text?: string): Promise<FailureKind | undefined> {
  return (await saved(it, text))?.kind;
}
