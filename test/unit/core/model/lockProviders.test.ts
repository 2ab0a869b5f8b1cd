import assert from 'node:assert/strict';
import { isFailure } from '../../../../src/core/model/failure';
import { LockProviders } from '../../../../src/core/model/lockProviders';
import type { LockProvider } from '../../../../src/core/model/ports';
import { resourceId } from '../../../../src/core/model/resource';
import { testCore } from '../../../support/core/core';
import { FakeClock } from '../../../support/core/fakeClock';
import { ModelClient } from '../../../support/core/modelClient';
import { ModelServer } from '../../../support/core/modelServer';

const remote = resourceId('https://host/a.txt');
const onDisk = resourceId('file:///home/ann/a.psd');
const provider = (id: LockProvider['id']) => ({ id }) as Partial<LockProvider> as LockProvider;

describe('Who knows the locks of a resource', () => {
  const providers = new LockProviders([
    (id) => (id.startsWith('https:') ? provider('webdav') : undefined),
    (id) => (id.startsWith('file:') ? provider('git-lfs') : undefined),
  ]);

  it('is the source that is responsible for it', () => {
    assert.equal(providers.of(remote).id, 'webdav');
    assert.equal(providers.of(onDisk).id, 'git-lfs');
  });

  it('is nobody where no source is responsible, which is a failure and not an empty answer', () => {
    const none = resourceId('http://host/a.txt');
    assert.equal(providers.find(none), undefined);
    assert.throws(
      () => providers.of(none),
      (error) => isFailure(error, 'unsupported') && error.resource === none,
    );
  });

  it('takes, refreshes and releases the lock of a file on disk through the same leases and store', async () => {
    const clock = new FakeClock();
    const server = new ModelServer(clock);
    server.put(onDisk, 'pixels');
    const client = new ModelClient(server, 'ann');
    const core = testCore({ clock, server: { files: client, locks: client } });
    await core.leases.take(onDisk, 'hand');
    assert.equal(core.store.stateOf(onDisk).kind, 'locked');
    await clock.pass(30 * 60_000);
    assert.ok(client.count('refresh') > 0);
    assert.equal(server.lockOn(onDisk)?.who, 'ann');
    await core.leases.release(onDisk);
    assert.equal(server.lockOn(onDisk), undefined);
    core.dispose();
  });
});
