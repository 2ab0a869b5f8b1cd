import assert from 'node:assert/strict';
import { file } from '../../../support/core/files';
import { Screen } from '../../../support/core/screen';

describe('The refresh of a lock', () => {
  it('comes in time although the server has asked to be left alone', async () => {
    const { server, ann, clock, ...screen } = new Screen({ grants: () => 90 });
    const a = file('folder/0');
    server.put(a, 'text');
    ann.learnsToList(a);
    await ann.leases.take(a, 'hand');
    ann.client.fail('refresh', 'busy', { facts: { status: 503, retryAfterMs: 600_000 } });
    await clock.pass(120_000);
    assert.equal(server.lockOn(a)?.who, 'ann');
    assert.deepEqual([ann.losses, screen.faults], [[], []]);
  });
});
