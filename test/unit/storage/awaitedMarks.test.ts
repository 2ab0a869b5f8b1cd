import assert from 'node:assert/strict';
import { UnconfirmedLocks } from '../../../src/core/leases/unconfirmedLocks';
import { keepAwaitedMarks } from '../../../src/storage/awaitedMarks';
import type { KeyValueStore } from '../../../src/storage/keyValueStore';
import { FakeClock, settle } from '../../support/core/fakeClock';
import { file } from '../../support/core/files';
import { ModelServer } from '../../support/core/modelServer';
import { Person } from '../../support/core/person';
import { connectTo } from '../../support/model/connect';
import { plainServer, type Ways } from '../../support/model/servers';
import { WireServer } from '../../support/model/wireServer';

const a = file('a');

/** The editor's memory of the workspace, as JSON as it is on the disk. */
function memory(): KeyValueStore {
  let text = '{}';
  const all = () => JSON.parse(text) as Record<string, unknown>;
  return {
    get: <T>(key: string, otherwise?: T) => (all()[key] ?? otherwise) as T,
    update: (key, value) => {
      text = JSON.stringify({ ...all(), [key]: value });
      return Promise.resolve();
    },
  };
}

/** A window that ends while its LOCK is under way, or was not answered; `arrive` opens the next one. */
async function crashed(answer: 'under way' | 'missing') {
  const clock = new FakeClock();
  const server = new ModelServer<Ways>(clock, plainServer);
  const wire = new WireServer(server);
  server.put(a, 'base');
  const memento = memory();
  const arrive = () => {
    const { transport, connect } = connectTo(wire, 'ann');
    const ann = new Person('ann', server, clock, { lockOn: 'manual', connect });
    keepAwaitedMarks(memento, ann.core.ownLocks.unconfirmed, clock);
    return { ann, transport };
  };
  const { ann, transport } = arrive();
  if (answer === 'under way')
    transport.travel = (operation, way) =>
      operation === 'lock' && way === 'back' ? new Promise(() => undefined) : Promise.resolve();
  else {
    transport.mishaps.add('lock', { kind: 'interrupted', lost: true });
    // Nor does a look tell what the LOCK came to.
    transport.travel = (operation, way) => {
      if (operation === 'lock' && way === 'back') transport.offline = true;
      return Promise.resolve();
    };
  }
  void ann.leases.take(a, 'hand').catch(() => undefined);
  while (!server.lockOn(a)) await settle();
  await clock.pass(1_000);
  ann.dispose();
  return { clock, server, arrive };
}

describe('A lock whose LOCK had no response when the window ended', () => {
  for (const answer of ['under way', 'missing'] as const)
    it(`is taken up by the next window, the answer being ${answer}`, async () => {
      const { server, arrive } = await crashed(answer);
      const token = server.lockOn(a)?.token;
      assert.ok(token);
      const { ann } = arrive();
      await ann.leases.take(a, 'hand');
      assert.equal(server.lockOn(a)?.token, token);
      assert.equal(ann.leases.of(a)?.token.reveal(), token);
      ann.dispose();
    });

  it('is not looked for after it must have ended', async () => {
    const { server, arrive, clock } = await crashed('missing');
    await clock.pass(2 * 600_000 + 1);
    const { ann } = arrive();
    assert.deepEqual(ann.core.ownLocks.unconfirmed.awaited(), []);
    assert.equal(server.lockOn(a), undefined);
    ann.dispose();
  });

  it('leaves nothing to the next window once it was answered', () => {
    const clock = new FakeClock();
    const memento = memory();
    const locks = new UnconfirmedLocks();
    keepAwaitedMarks(memento, locks, clock);
    locks.sent(a, { seconds: 600, owner: '', mark: 'm1' }, clock.now());
    locks.confirmed(a);
    const next = new UnconfirmedLocks();
    keepAwaitedMarks(memento, next, clock);
    assert.deepEqual(next.awaited(), []);
  });
});
