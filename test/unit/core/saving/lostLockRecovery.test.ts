import assert from 'node:assert/strict';
import { FakeClock, settle } from '../../../support/core/fakeClock';
import { file } from '../../../support/core/files';
import { goodHabits, ModelServer, type Habits } from '../../../support/core/modelServer';
import { Person } from '../../../support/core/person';

const a = file('a');

async function given(habits: Partial<Habits> = {}) {
  const clock = new FakeClock();
  const server = new ModelServer(clock, { ...goodHabits, ...habits });
  server.put(a, 'base');
  const ann = new Person('ann', server, clock);
  ann.learnsToList(a);
  await ann.open(a);
  ann.type(a, 'mine');
  await settle();
  const outcomes = () => ann.losses.map(({ outcome, content }) => `${outcome} ${content}`);
  const verify = async () => {
    for (const lease of ann.leases.held()) await ann.leases.verify(lease);
    await settle();
  };
  return { clock, server, ann, outcomes, verify };
}

describe('A lost lock', () => {
  it('is taken again silently where it is free and the content the same', async () => {
    const { server, ann, outcomes, verify } = await given();
    server.restart();
    await verify();
    assert.deepEqual(outcomes(), ['retaken same']);
    assert.equal(server.lockOn(a)?.who, 'ann');
    assert.equal(ann.store.lossOf(a), undefined);
    assert.deepEqual([...ann.leases.claimsOn(a)], ['edit']);
  });

  it('is told where the content changed, and not taken again', async () => {
    const { server, ann, outcomes, verify } = await given();
    server.break(a);
    server.put(a, 'theirs');
    await verify();
    assert.deepEqual(outcomes(), ['lost changed']);
    assert.equal(server.lockOn(a), undefined);
    assert.notEqual(ann.store.lossOf(a), undefined);
  });

  it('that is taken again tells what was written just before', async () => {
    const { server, ann, outcomes, verify } = await given();
    server.break(a);
    ann.client.travel = (operation, way) => {
      if (operation === 'lock' && way === 'there') server.put(a, 'theirs');
      return Promise.resolve();
    };
    await verify();
    assert.deepEqual(outcomes(), ['retaken changed']);
    assert.equal(server.lockOn(a)?.who, 'ann');
    assert.equal(await ann.save(a), false, 'and is never written over');
    assert.equal(server.text(a), 'theirs');
  });

  it('is taken again where the content is the same under another tag', async () => {
    const { server, outcomes, verify } = await given();
    server.break(a);
    server.put(a, 'base');
    await verify();
    assert.deepEqual(outcomes(), ['retaken same']);
    assert.equal(server.lockOn(a)?.who, 'ann');
  });

  for (const way of ['there', 'back'] as const) {
    it(`knows what was saved while it was asked about, on the way ${way}`, async () => {
      const { server, ann, outcomes, verify } = await given();
      server.break(a);
      let open = () => undefined as void;
      const gate = new Promise<void>((resolve) => (open = resolve));
      let stats = 0;
      ann.client.travel = (operation, now) =>
        operation === 'stat' && now === way && (stats += 1) === 1 ? gate : Promise.resolve();
      await verify();
      assert.equal(await ann.save(a), true);
      open();
      await settle();
      assert.deepEqual(outcomes(), ['retaken same']);
      assert.equal(server.lockOn(a)?.who, 'ann');
    });
  }

  it('knows what a save under way has written', async () => {
    const { server, ann, outcomes, verify } = await given();
    server.break(a);
    let open = () => undefined as void;
    const gate = new Promise<void>((resolve) => (open = resolve));
    ann.client.travel = (operation, way) =>
      operation === 'write' && way === 'back' ? gate : Promise.resolve();
    // Without our lock, which the save has not noticed to be lost.
    ann.leases.forget(a);
    const saving = ann.save(a);
    await settle();
    assert.equal(server.text(a), 'mine');
    await ann.leases.take(a, 'edit');
    server.break(a);
    await verify();
    assert.deepEqual(outcomes(), [], 'the save is waited for');
    open();
    assert.equal(await saving, true);
    await settle();
    assert.deepEqual(outcomes(), ['retaken same']);
  });

  it('that a save finds out about is told when the save has said what it has to say', async () => {
    const { server, ann, clock } = await given();
    server.break(a);
    // Free when it is looked at, and taken before we get there again.
    ann.client.travel = (operation, way) => {
      if (operation === 'lock' && way === 'there') server.lockFor('bob', a);
      return Promise.resolve();
    };
    const blocked: boolean[] = [];
    const told = ann.losses.push.bind(ann.losses);
    ann.losses.push = (...losses) => {
      blocked.push(ann.blockedSaves.of(a) !== undefined);
      return told(...losses);
    };
    const saving = ann.save(a);
    await clock.pass(10_000);
    assert.equal(await saving, false);
    assert.deepEqual(blocked, [true], 'so that its own message is the only one');
  });

  it('twice in a row is wanted by all who wanted it either time, and told of once', async () => {
    const { server, ann, outcomes, verify } = await given();
    await ann.leases.take(a, 'hand');
    server.break(a);
    let open = () => undefined as void;
    const gate = new Promise<void>((resolve) => (open = resolve));
    let stats = 0;
    ann.client.travel = (operation) =>
      operation === 'stat' && (stats += 1) === 1 ? gate : Promise.resolve();
    await verify();
    await ann.leases.take(a, 'edit');
    server.break(a);
    await verify();
    open();
    await settle();
    assert.deepEqual([...ann.leases.claimsOn(a)].sort(), ['edit', 'hand']);
    assert.deepEqual(outcomes(), ['retaken same']);
  });

  it('that nobody wants any more is no news', async () => {
    const { server, ann, outcomes, verify } = await given();
    server.break(a);
    let open = () => undefined as void;
    const gate = new Promise<void>((resolve) => (open = resolve));
    ann.client.travel = (operation) => (operation === 'stat' ? gate : Promise.resolve());
    await verify();
    assert.notEqual(ann.store.lossOf(a), undefined);
    await ann.leases.drop(a, 'edit');
    assert.equal(ann.store.lossOf(a), undefined);
    open();
    await settle();
    assert.deepEqual(outcomes(), []);
    assert.equal(server.lockOn(a), undefined);
  });

  it('stays away where the file was closed while another lock on it was being let go', async () => {
    const { server, ann, clock, verify } = await given();
    server.break(a);
    let answer = () => undefined as void;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    let free = () => undefined as void;
    const freed = new Promise<void>((resolve) => (free = resolve));
    ann.client.travel = (operation, way) => {
      if (operation === 'stat') return answered;
      return operation === 'unlock' && way === 'back' ? freed : Promise.resolve();
    };
    await verify();
    // Taken and let go again for something else, before the loss is settled.
    await ann.leases.take(a, 'wait');
    const dropping = ann.leases.drop(a, 'wait');
    answer();
    await settle();
    const closing = ann.leases.drop(a, 'edit');
    free();
    await Promise.all([dropping, closing]);
    await clock.pass(10_000);
    assert.equal(server.lockOn(a), undefined);
    assert.deepEqual(ann.leases.held(), []);
  });

  for (const [end, run] of Object.entries({
    saved: (ann: Person) => ann.save(a),
    'thrown away': (ann: Person) => ann.revert(a),
    closed: (ann: Person) => Promise.resolve(ann.close(a)),
  })) {
    it(`is over when the text is ${end}`, async () => {
      const { clock, server, ann, verify } = await given();
      server.break(a);
      server.lockFor('bob', a);
      await verify();
      assert.equal(ann.store.lossOf(a), 'broken');
      server.break(a);
      const running = run(ann);
      await clock.pass(5_000);
      await running;
      assert.equal(ann.store.lossOf(a), undefined);
    });
  }

  it('is told where somebody else holds it', async () => {
    const { server, outcomes, verify } = await given();
    server.break(a);
    server.lockFor('bob', a);
    await verify();
    assert.deepEqual(outcomes(), ['lost same']);
    assert.equal(server.lockOn(a)?.who, 'bob');
  });

  it('is told where the server cannot be asked', async () => {
    const { server, ann, outcomes, verify } = await given();
    server.break(a);
    ann.client.fail('stat', 'unreachable');
    await verify();
    assert.deepEqual(outcomes(), ['lost unknown']);
  });

  it('is taken again on a server that does not list locks', async () => {
    const { server, outcomes, verify } = await given({ lists: false });
    server.restart();
    await verify();
    assert.deepEqual(outcomes(), ['retaken same']);
  });

  it('stays away where the file was closed while it was asked about', async () => {
    const { server, ann, clock, verify } = await given();
    server.break(a);
    let open = () => undefined as void;
    const gate = new Promise<void>((resolve) => (open = resolve));
    ann.client.travel = (operation) => (operation === 'stat' ? gate : Promise.resolve());
    await verify();
    ann.close(a);
    await ann.leases.drop(a, 'edit');
    open();
    await clock.pass(10_000);
    assert.equal(server.lockOn(a), undefined);
    assert.deepEqual(ann.leases.held(), []);
    assert.equal(clock.pending, 0);
  });

  it('is let go when the file is closed while it is taken again', async () => {
    const { server, ann, clock, verify } = await given();
    server.break(a);
    let open = () => undefined as void;
    const gate = new Promise<void>((resolve) => (open = resolve));
    ann.client.travel = (operation) => (operation === 'lock' ? gate : Promise.resolve());
    await verify();
    ann.close(a);
    open();
    await clock.pass(10_000);
    assert.equal(server.lockOn(a), undefined);
    assert.equal(clock.pending, 0);
  });

  it('is not fought over for ever', async () => {
    const { server, ann, clock, outcomes, verify } = await given();
    for (let round = 0; round < 6; round += 1) {
      server.break(a);
      await verify();
      await clock.pass(1_000);
    }
    assert.deepEqual(outcomes(), ['retaken same', 'retaken same', 'retaken same', 'lost same']);
    await clock.pass(6 * 60_000);
    await ann.leases.take(a, 'hand');
    server.break(a);
    await verify();
    assert.equal(outcomes().at(-1), 'retaken same');
  });
});
