import assert from 'node:assert/strict';
import { readSettings } from '../../../../src/core/settings/settings';
import { fileServiceMapping } from '../../../support/servers/fileService';

const read = (endpoints: unknown, connections: unknown = []) =>
  readSettings((name) => ({ endpoints, connections })[name as 'endpoints' | 'connections']);
const placesOf = (mapping: unknown) =>
  read({ api: mapping }).bad.map(({ place }) => place.slice('endpoints["api"]'.length));

describe('The mapping of an endpoint', () => {
  it('is read as it is written', () => {
    const { settings, bad } = read({ api: fileServiceMapping });
    assert.deepEqual(bad, []);
    const { files, locks } = settings.endpoints['api'] ?? {};
    assert.deepEqual(files?.list?.isFolder, { kind: 'pointer', pointer: '/kind', equals: 'dir' });
    assert.deepEqual(locks?.status?.until, { value: { kind: 'pointer', pointer: '/expires' }, unit: 'iso' });
    assert.deepEqual(Object.keys(locks ?? {}), ['status', 'lock', 'refresh', 'unlock', 'break', 'submit']);
  });

  const url = '{url}/lock';
  const mistakes: readonly (readonly [string, unknown, string])[] = [
    ['no object', 'https://api/', ''],
    ['an unknown part', { lokcs: {} }, '["lokcs"]'],
    ['an unknown part of a part', { locks: { lock: { url, stauts: 1 } } }, '.locks.lock["stauts"]'],
    ['a missing address', { files: { list: { members: '/items', name: '/name' } } }, '.files.list.url'],
    ['an address that leads nowhere', { locks: { unlock: { url: 'lock' } } }, '.locks.unlock.url'],
    ['a broken template', { locks: { unlock: { url: '{url}/{id' } } }, '.locks.unlock.url'],
    ...['{+id}', '{#user}', '{/id}', '{/path,id:3}', '{+user*,path}'].map(
      (part) =>
        [
          `${part} in an address`,
          { locks: { unlock: { url: `{url}/lock${part}` } } },
          '.locks.unlock.url',
        ] as const,
    ),
    ['an unknown variable', { locks: { unlock: { url: '{url}/{ident}' } } }, '.locks.unlock.url'],
    ['one in a body', { locks: { lock: { url, body: { who: ['{me}'] } } } }, '.locks.lock.body.who[0]'],
    [
      'one in a header',
      { locks: { submit: { headers: { 'X-Id': '{token}' } } } },
      '.locks.submit.headers["X-Id"]',
    ],
    ['no JSON Pointer', { locks: { status: { url, holder: 'owner.name' } } }, '.locks.status.holder'],
    ['a wrong escape', { locks: { status: { url, holder: '/a~2' } } }, '.locks.status.holder'],
    [
      'an unknown unit',
      { locks: { lock: { url, until: { pointer: '/t', unit: 'ms' } } } },
      '.locks.lock.until.unit',
    ],
    ['no status', { locks: { lock: { url, heldOn: 'locked' } } }, '.locks.lock.heldOn'],
    ['no method', { files: { write: { url, method: 'PUT IT' } } }, '.files.write.method'],
    ['a body of a write', { files: { write: { url, body: {} } } }, '.files.write["body"]'],
  ];
  for (const [what, mapping, place] of mistakes)
    it(`with ${what} is named by the path to it`, () => assert.deepEqual(placesOf(mapping), [place]));

  it('may have other variables without escapes, and the id in a query', () => {
    assert.deepEqual(placesOf({ locks: { unlock: { url: '{+base}/locks{/path,newId}{?id,user}' } } }), []);
  });

  it('goes without a part that has a mistake, and keeps the others', () => {
    const { settings } = read({ api: { locks: { lock: { url, until: 'soon' }, unlock: { url } } } });
    assert.deepEqual(Object.keys(settings.endpoints['api']?.locks ?? {}), ['unlock']);
  });

  it('is looked for by the name that a connection gives', () => {
    const connection = (endpoint: string) => [{ name: 'Docs', url: 'https://a/', endpoint }];
    assert.deepEqual(read({ api: {} }, connection('api')).bad, []);
    assert.deepEqual(read({}, connection('terraform')).bad, []);
    const [{ place } = { place: '' }] = read({}, connection('toString')).bad;
    assert.equal(place, 'connections["Docs"].endpoint');
  });
});
