import assert from 'node:assert/strict';
import { resourceId } from '../../../../src/core/model/resource';
import { defaults, readSettings, type Settings } from '../../../../src/core/settings/settings';

const read = (given: Partial<Record<keyof Settings, unknown>>) => readSettings((name) => given[name]);
const placesOf = (given: Partial<Record<keyof Settings, unknown>>) =>
  read(given).bad.map(({ place, value }) => [place, value]);

describe('Settings', () => {
  it('are the defaults where nothing is set', () => {
    assert.deepEqual(read({}), { settings: defaults, bad: [] });
  });

  it('name what cannot be used, all of it, and fall back', () => {
    const given = {
      connections: 'https://a/',
      lockOn: 'always',
      requestedTimeout: 5,
      owner: 'me',
      refreshInterval: 'often',
      contacts: [],
      administrator: 'somebody',
      codeLens: 0,
    };
    const { settings, bad } = read(given);
    assert.deepEqual(settings, defaults);
    assert.deepEqual(bad.map(({ place, value }) => [place, value]).sort(), Object.entries(given).sort());
  });

  it('read connections without what is not known', () => {
    const { settings } = read({
      connections: [
        {
          url: 'https://a/',
          password: 'secret',
          tls: { ca: 'PEM', rejectUnauthorized: false, cert: 'c.pem', key: 'k.pem', pfx: 'p.pfx', other: 1 },
        },
      ],
    });
    assert.deepEqual(settings.connections, [
      {
        name: 'https://a/',
        folder: resourceId('https://a/'),
        tls: { ca: 'PEM', rejectUnauthorized: false, cert: 'c.pem', key: 'k.pem', pfx: 'p.pfx' },
      },
    ]);
  });

  it('say what is expected without words, which are the editor’s', () => {
    const expected = (given: Parameters<typeof read>[0]) => read(given).bad.map((one) => one.expected);
    assert.deepEqual(expected({ waitLimit: 0, administrator: 'somebody' }), [
      { kind: 'number', unit: 'minutes', least: 1, most: 10_080 },
      'contact',
    ]);
    assert.deepEqual(expected({ connections: [{ url: 'https://a/', tls: 'off' }] }), [
      { kind: 'object', names: ['ca', 'rejectUnauthorized', 'cert', 'key', 'pfx'] },
    ]);
  });

  it('keep the good connections beside a bad one, which is named with its place', () => {
    const urls = [
      'https//typo',
      'https://my server/',
      'https://host:99999/',
      'https://[bad/',
      'https:///nowhere',
      'ftp://host/',
      undefined,
    ];
    for (const url of urls) {
      const { settings, bad } = read({ connections: [{ url }, { name: 'Good', url: 'https://good/x/' }] });
      assert.deepEqual(settings.connections, [{ name: 'Good', folder: resourceId('https://good/x') }]);
      assert.deepEqual(
        bad.map(({ place, value }) => [place, value]),
        [['connections[0].url', url]],
      );
    }
    assert.deepEqual(placesOf({ connections: ['https://a/'] }), [['connections[0]', 'https://a/']]);
  });

  it('take no name or password in an address, and do not repeat it', () => {
    const urls = ['https://bob:secret@host/a', 'https://bob:se/cret@host', 'bob:secret@host'];
    const { settings, bad } = read({ connections: urls.map((url) => ({ url })) });
    assert.deepEqual(settings.connections, []);
    assert.deepEqual(
      bad.map(({ value }) => value),
      ['https://…@host/a', 'https://…@host', '…@host'],
    );
  });

  it('name what is wrong within a connection, and keep the rest of it', () => {
    const connection = {
      url: 'https://a/',
      user: 5,
      auth: 'kerberos',
      tls: { ca: 'PEM', rejectUnauthorized: 'no' },
    };
    const { settings, bad } = read({ connections: [connection, { url: 'https://b/', tls: 'off' }] });
    assert.deepEqual(settings.connections, [
      { name: 'https://a/', folder: resourceId('https://a/'), tls: { ca: 'PEM' } },
      { name: 'https://b/', folder: resourceId('https://b/') },
    ]);
    assert.deepEqual(
      bad.map(({ place, value }) => [place, value]),
      [
        ['connections[0].user', 5],
        ['connections[0].auth', 'kerberos'],
        ['connections[0].tls.rejectUnauthorized', 'no'],
        ['connections[1].tls', 'off'],
      ],
    );
  });

  it('name a contact that is no address, and keep the others', () => {
    const contacts = { Ann: 'mailto:ann@example.org', Bob: 'bob', Cy: 'javascript:x', Di: 1 };
    assert.deepEqual(read({ contacts }).settings.contacts, { Ann: 'mailto:ann@example.org' });
    assert.deepEqual(placesOf({ contacts }), [
      ['contacts["Bob"]', 'bob'],
      ['contacts["Cy"]', 'javascript:x'],
      ['contacts["Di"]', 1],
    ]);
  });

  it('take an empty administrator for none', () => {
    assert.deepEqual(placesOf({ administrator: '' }), []);
  });

  it('leave out parts of the owner, and name those that are wrong', () => {
    const { settings, bad } = read({ owner: { host: false, account: 'no' } });
    assert.deepEqual(settings.owner, { ...defaults.owner, host: false });
    assert.deepEqual(
      bad.map(({ place }) => place),
      ['owner.account'],
    );
  });
});
