import assert from 'node:assert/strict';
import { ownerText } from '../../../../src/core/model/ownerText';
import type { LocksMapping } from '../../../../src/core/model/endpoint';
import { resourceId } from '../../../../src/core/model/resource';
import { readLock } from '../../../../src/protocol/http/lockReader';
import { lockIdOf } from '../../../../src/protocol/webdav/reading/token';

const resource = resourceId('https://a/f.md');
const held = lockIdOf('held');
const mapping = {
  holder: { kind: 'pointer', pointer: '/by' },
  contact: { kind: 'pointer', pointer: '/mail' },
  mine: { kind: 'pointer', pointer: '/login', equals: '{user}' },
  since: { value: { kind: 'pointer', pointer: '/since' }, unit: 'iso' },
} as const;
const since = '2026-11-22T10:00:00Z';

describe('A lock without an id in an answer', () => {
  const read = (json: unknown, locks: LocksMapping = {}) => {
    const found = readLock(
      resource,
      mapping,
      { json, headers: {}, variables: { user: 'alice' }, sentAt: { mono: 0, wall: 0 }, skewMs: 0 },
      {
        locks,
        identity: {
          ownsLock: (id) => id === held,
          heldOn: () => held,
          lockByMark: (mark) => (mark === 'alice-1' ? held : undefined),
          isMyAccount: () => false,
        },
      },
    );
    return found?.lock.holder.self;
  };
  const chosenByClient = { lock: { url: '{url}', body: '{owner}' } };
  const textOf = (mark: string) => ownerText({ name: 'Alice Ray', contacts: [], app: 'VS Code', mark });

  it('is one of an unknown holder if all that is known is that it is not ours', () => {
    assert.equal(read({ login: 'ann' }), 'unknown');
  });
  it('is none if nothing is said', () => {
    for (const json of [{}, { login: null }, { login: '' }, []]) assert.equal(read(json), undefined);
  });
  it('is ours if the server says so, whatever name it gives', () => {
    assert.equal(read({ login: 'alice', by: 'Alice Ray' }), 'thisWindow');
  });
  it('is the one that we hold if nobody is named', () => {
    assert.equal(read({ since }), 'thisWindow');
    assert.equal(read({ since, login: 'ann' }), 'unknown');
  });
  it('is of whoever it names', () => {
    assert.equal(read({ since, by: 'Ann Lee' }), 'other');
    assert.equal(read({ since, by: 'Ann Lee' }, chosenByClient), 'other');
    assert.equal(read({ mail: 'ann@example.org' }), 'other');
    assert.notEqual(read({ since, mail: 'ann' }), 'thisWindow');
  });
  it('is ours by our mark, and by no other', () => {
    assert.equal(read({ by: textOf('alice-1') }, chosenByClient), 'thisWindow');
    assert.equal(read({ by: textOf('ann-1') }, chosenByClient), 'other');
  });
});
