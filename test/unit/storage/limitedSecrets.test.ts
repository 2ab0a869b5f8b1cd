import assert from 'node:assert/strict';
import { LimitedSecrets } from '../../../src/storage/limitedSecrets';
import { FakeClock } from '../../support/core/fakeClock';

const never = () => new Promise<never>(() => undefined);

describe('The secret storage of the editor', () => {
  it('has a limit for each answer, which is told as a sentence', async () => {
    const clock = new FakeClock();
    const secrets = new LimitedSecrets({ get: never, store: never, delete: never }, clock);
    for (const answer of [secrets.get('key'), secrets.store('key', 'value'), secrets.delete('key')]) {
      const rejected = assert.rejects(answer, /did not answer.*Unlock the keyring/);
      await clock.pass(31_000);
      await rejected;
    }
    assert.equal(clock.pending, 0);
  });

  it('answers as before in time', async () => {
    const clock = new FakeClock();
    const answers = {
      get: () => Promise.resolve('value'),
      store: never,
      delete: () => Promise.reject(new Error('locked')),
    };
    const secrets = new LimitedSecrets(answers, clock);
    assert.equal(await secrets.get('key'), 'value');
    await assert.rejects(secrets.delete('key'), /locked/);
    assert.equal(clock.pending, 0);
  });
});
