// Ann with one file, on a server that may answer two requests at once in any order.
import assert from 'node:assert/strict';
import { connectTo } from '../model/connect';
import { plainServer, type Ways } from '../model/servers';
import { WireServer } from '../model/wireServer';
import { FakeClock } from './fakeClock';
import { bytesOf, file } from './files';
import { ModelServer } from './modelServer';
import { Person } from './person';
import { saveMode } from './saving';

export const a = file('a');

/** Ann has the file open, on a server that is known to check conditions unless told otherwise. */
export async function opened(ways: Partial<Ways> = {}, lockOn: 'edit' | 'manual' = 'manual') {
  const clock = new FakeClock();
  const server = new ModelServer<Ways>(clock, {
    ...plainServer,
    pipelined: 'in order',
    name: 'sabre',
    tellsTag: false,
    ...ways,
  });
  const wire = new WireServer(server);
  const asked: string[] = [];
  const answer = wire.answer.bind(wire);
  wire.answer = (request) => {
    asked.push(request.method);
    return answer(request);
  };
  server.put(a, 'base');
  await clock.pass(5_000);
  const { connect, transport } = connectTo(wire, 'ann');
  const ann = new Person('ann', server, clock, { lockOn, connect });
  ann.learnsToList(a);
  await ann.directory.stat(a, 0);
  await ann.open(a);
  asked.splice(0);
  const save = async (text: string) => {
    let failure: unknown;
    const under = { way: true };
    void ann.saver
      .save(a, bytesOf(text), saveMode)
      .catch((error: unknown) => (failure = error))
      .finally(() => (under.way = false));
    // On a busy machine, an answer may still be read when that time has passed.
    do await clock.pass(4_000);
    while (under.way);
    const done = asked.splice(0).join(' ');
    if (failure) throw failure as Error;
    return done;
  };
  return { clock, server, wire, ann, transport, asked, save };
}

export type Opened = Awaited<ReturnType<typeof opened>>;

/** The version that the next save is compared with is the one that the server has. */
export function knowsVersion({ server, ann }: Opened): boolean {
  const now = server.files.get(a);
  assert.ok(now);
  return ann.baseVersions.of(a)?.version.etag?.opaque === server.versionOf(now).etag?.opaque;
}

/** Somebody writes when the next PUT has nearly arrived, after whatever was sent before it. */
export function ambush({ transport, server }: Opened, run: () => void): void {
  let isDone = false;
  transport.travel = async (operation, way) => {
    if (operation !== 'write' || way !== 'there' || isDone) return;
    isDone = true;
    // The look behind it gets there first.
    for (let turns = 0; turns < 20; turns += 1) await Promise.resolve();
    run();
  };
  assert.ok(server);
}

/** Answers are read in turns by the real clock: on a busy machine they would still be read when a test goes on. */
export function readAtOnce(): void {
  const now = performance.now.bind(performance);
  before(() => void (performance.now = () => 0));
  after(() => void (performance.now = now));
}
