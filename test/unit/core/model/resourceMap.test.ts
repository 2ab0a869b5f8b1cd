import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isWithin, resourceId, type ResourceId } from '../../../../src/core/model/resource';
import { ResourceMap } from '../../../../src/core/model/resourceMap';

const path = fc
  .array(fc.constantFrom('a', 'b', 'ab'), { maxLength: 4 })
  .map((names) => resourceId(`https://h${names.map((name) => `/${name}`).join('')}`));
const step = fc.record({ how: fc.constantFrom('set', 'delete', 'deleteWithin'), id: path });

describe('A map by resource', () => {
  it('knows what is below a folder, as a look at every resource would', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), path, (steps, asked) => {
        const map = new ResourceMap<number>();
        const plain = new Map<ResourceId, number>();
        for (const [at, { how, id }] of steps.entries()) {
          if (how === 'set') {
            map.set(id, at);
            plain.set(id, at);
          } else if (how === 'delete') assert.equal(map.delete(id), plain.delete(id));
          else {
            const within = [...plain.keys()].filter((one) => isWithin(one, id));
            assert.deepEqual(map.deleteWithin(id).sort(), within.sort());
            for (const one of within) plain.delete(one);
          }
        }
        const below = [...plain.keys()].filter((one) => one !== asked && isWithin(one, asked));
        assert.deepEqual([...map.below(asked)].sort(), below.sort());
        assert.equal(map.hasBelow(asked), below.length > 0);
        assert.deepEqual([...map.entries()].sort(), [...plain.entries()].sort());
        assert.equal(map.size, plain.size);
      }),
    );
  });

  it('takes a path of thousands of segments', () => {
    const deep = resourceId(`https://h${'/d'.repeat(5_000)}`);
    const map = new ResourceMap<number>();
    map.set(deep, 1);
    assert.deepEqual(map.deleteWithin(resourceId('https://h')), [deep]);
    assert.equal(map.hasBelow(resourceId('https://h')), false);
  });
});
