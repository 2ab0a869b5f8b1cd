// Locks for tests: only what a test is about is said, the rest is a lock of somebody else's.
import { Emitter } from '../../../src/base/emitter';
import type { Holder, Lock, LockId, Stamp } from '../../../src/core/model/lock';
import { resourceId, type ResourceId } from '../../../src/core/model/resource';
import type { Wait, Waits } from '../../../src/core/waiting/waits';

let serial = 0;

export function stamp(wall: number, mono = wall): Stamp {
  return { wall, mono };
}

export function idOf(path: string): ResourceId {
  return resourceId(`https://host/${path}`);
}

export function holder(facts: Partial<Holder> = {}): Holder {
  return { contacts: [], assertedBy: 'server', self: 'other', name: 'Ann Lee', ...facts };
}

export function lock(
  facts: Partial<Omit<Lock, 'holder'>> & { readonly holder?: Partial<Holder> } = {},
): Lock {
  return {
    source: 'listing',
    id: `lock-${(serial += 1)}` as LockId,
    scope: 'exclusive',
    depth: 'self',
    expiry: { kind: 'never' },
    ...facts,
    holder: holder(facts.holder),
  };
}

/** Waits that begin and end when a test says so. */
export function waitsByHand() {
  const all: Wait[] = [];
  const changed = new Emitter<readonly ResourceId[]>();
  const waits: Waits = {
    all: () => all,
    of: (resource) => all.find((wait) => wait.resource === resource),
    onDidChange: changed.event,
    onDidEnd: new Emitter<never>().event,
  };
  const begin = (resource: ResourceId, phase: Wait['phase'] = 'waiting'): void => {
    all.unshift({ resource, since: stamp(0), until: Number.MAX_SAFE_INTEGER, phase });
    changed.fire([resource]);
  };
  const end = (resource: ResourceId): void => {
    all.splice(
      all.findIndex((wait) => wait.resource === resource),
      1,
    );
    changed.fire([resource]);
  };
  return { waits, begin, end };
}
