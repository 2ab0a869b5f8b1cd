import assert from 'node:assert/strict';
import { defaults, readSettings, type Settings } from '../../../src/core/settings';

const read = (given: Partial<Record<keyof Settings, unknown>>) => readSettings((name) => given[name]);

describe('Settings', () => {
  it('are the defaults where nothing is set', () => {
    assert.deepEqual(read({}), { settings: defaults, bad: [] });
  });

  it('name what cannot be used, and fall back', () => {
    const given = {
      lockOn: 'always',
      requestedTimeout: 5,
      refreshInterval: 'often',
      connections: [{ url: 'ftp://x' }],
      contacts: { a: 1 },
    };
    const { settings, bad } = read(given);
    assert.deepEqual(settings, defaults);
    assert.deepEqual(bad.map(({ setting, value }) => [setting, value]).sort(), Object.entries(given).sort());
  });

  it('read connections without what is not known', () => {
    const { settings } = read({
      connections: [
        { url: 'https://a/', password: 'secret', tls: { ca: 'PEM', rejectUnauthorized: false, other: 1 } },
      ],
    });
    assert.deepEqual(settings.connections, [
      { name: 'https://a/', url: 'https://a/', tls: { ca: 'PEM', rejectUnauthorized: false } },
    ]);
  });

  it('leave out parts of the owner', () => {
    assert.deepEqual(read({ owner: { host: false } }).settings.owner, { ...defaults.owner, host: false });
  });
});
