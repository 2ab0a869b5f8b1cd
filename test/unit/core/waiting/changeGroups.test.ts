import assert from 'node:assert/strict';
import type { ResourceId } from '../../../../src/core/model/resource';
import { changeGroups } from '../../../../src/core/waiting/changeGroups';
import { idOf } from '../../../support/builders/locks';

const [a, b, c, d] = [idOf('a.md'), idOf('b.md'), idOf('c.md'), idOf('d.md')];

function grouped(given: {
  waits?: ResourceId[];
  conflicts?: ResourceId[];
  blocked?: ResourceId[];
  dirty?: ResourceId[];
  held?: ResourceId[];
}) {
  const of = (resources: ResourceId[] = []) => resources.map((resource) => ({ resource }));
  return changeGroups({
    waits: {
      all: () => [
        ...of(given.waits).map((one) => ({ ...one, phase: 'waiting' as const })),
        ...of(given.conflicts).map((one) => ({ ...one, phase: 'conflict' as const })),
      ],
    },
    blockedSaves: { all: () => of(given.blocked) },
    dirtyFiles: () => new Set(given.dirty),
    leases: { confirmed: () => of(given.held) },
  });
}

describe('What is still to be saved or released', () => {
  it('is nothing where nothing is unsaved and no lock is held', () => {
    assert.deepEqual(grouped({}), { waiting: [], notSaved: [], mine: [] });
  });

  it('has each file once, where most is to be done', () => {
    assert.deepEqual(grouped({ waits: [a], blocked: [a, b], dirty: [a, b, c], held: [a, b, c, d] }), {
      waiting: [a],
      notSaved: [b, c],
      mine: [d],
    });
  });

  it('has what was changed on the server where nothing is saved by itself', () => {
    assert.deepEqual(grouped({ waits: [a], conflicts: [b], dirty: [a, b] }), {
      waiting: [a],
      notSaved: [b],
      mine: [],
    });
  });

  it('has the newest refusal first, and other files by name', () => {
    assert.deepEqual(grouped({ blocked: [d, b], dirty: [c, a, b] }).notSaved, [d, b, a, c]);
    assert.deepEqual(grouped({ held: [c, a] }).mine, [a, c]);
  });
});
