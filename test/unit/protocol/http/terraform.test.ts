import assert from 'node:assert/strict';
import { isFailure } from '../../../../src/core/model/failure';
import { TerraformState } from '../../../support/servers/terraformState';
import { Session } from './session';

const state = 'prod.tfstate';
const plan = {
  ID: '11111111-2222-3333-4444-555555555555',
  Operation: 'OperationTypePlan',
  Info: '',
  Who: 'ann@laptop',
  Version: '1.9.0',
  Created: '2026-11-22T10:00:00.5Z',
  Path: '',
};
const refusal = (kind: string) => (error: unknown) => isFailure(error) && error.kind === kind;

describe('State of Terraform over HTTP', () => {
  let server: TerraformState;
  let alice: Session;
  const methods = () => server.requests.map(({ method }) => method);

  beforeEach(async () => {
    server = new TerraformState();
    await server.start();
    server.state = '{"serial":1}';
    alice = new Session(server.url, { endpoint: 'terraform' });
  });
  afterEach(async () => {
    await alice.end();
    await server.stop();
  });

  it('is read, and no lock is taken to look', async () => {
    assert.equal(await alice.open(state), '{"serial":1}');
    await alice.core.poller.ask([alice.at(state)]);
    assert.deepEqual([...new Set(methods())].sort(), ['GET', 'HEAD']);
    assert.equal(alice.view(state).why, 'notListed');
  });

  for (const heldStatus of [409, 423] as const)
    it(`names who holds it when a save is refused with ${heldStatus}`, async () => {
      await alice.open(state);
      server.heldStatus = heldStatus;
      server.lock = plan;
      await assert.rejects(alice.save(state, '{"serial":2}'), refusal('locked'));
      const { state: seen, lock } = alice.view(state);
      assert.deepEqual([seen, lock?.holder.name, lock?.holder.app], ['other', 'ann@laptop', 'Terraform']);
      assert.equal(lock?.since?.wall, Date.parse(plan.Created));
      assert.equal(server.lock, plan, 'nothing was taken or released');
      assert.equal(server.state, '{"serial":1}');
    });

  it('is locked, saved with the id of the lock, and released', async () => {
    await alice.open(state);
    const lease = await alice.core.leases.take(alice.at(state), 'hand');
    assert.match(server.lock?.Who ?? '', /^Alice Ray/);
    assert.equal(server.lock?.ID, lease.token.reveal());
    await alice.save(state, '{"serial":2}');
    assert.equal(server.state, '{"serial":2}');
    const post = server.requests.find(({ method }) => method === 'POST');
    assert.equal(post?.path, `/states/${state}?ID=${lease.token.reveal()}`);
    assert.equal(post?.headers['content-type'], 'application/json');
    await alice.core.leases.release(alice.at(state));
    assert.equal(server.lock, undefined);
  });

  it('confirms its own lock by the refusal that names it, and notices a forced unlock', async () => {
    await alice.open(state);
    const lease = await alice.core.leases.take(alice.at(state), 'hand');
    await alice.core.leases.verify(lease);
    assert.equal(alice.view(state).state, 'mine');
    server.lock = plan;
    await alice.core.leases.verify(lease);
    assert.equal(alice.core.leases.of(alice.at(state)), undefined);
  });

  it('notices a forced unlock after which nobody took the lock, and does not take it again', async () => {
    await alice.open(state);
    const lease = await alice.core.leases.take(alice.at(state), 'hand');
    server.lock = undefined;
    const locks = alice.files.locksOf(alice.at(state));
    await assert.rejects(locks.refresh(lease, 600), refusal('leaseLost'));
    assert.equal(server.lock, undefined, 'what the refresh took is released');
    assert.equal(methods().at(-1), 'UNLOCK');
    await alice.core.leases.verify(lease);
    assert.equal(alice.core.leases.of(alice.at(state)), undefined);
  });

  it('is new where there is none yet', async () => {
    server.state = undefined;
    assert.equal(await alice.open(state), '');
    await alice.save(state, '{"serial":1}');
    assert.equal(server.state, '{"serial":1}');
  });
});
