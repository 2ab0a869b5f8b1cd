// What the views show, by hand: no open editors, no server, and a clock that stands still.
import { Emitter } from '../../../src/base/emitter';
import { BlockedSaves } from '../../../src/core/saving/blockedSaves';
import { RemoteFailure, type FailureKind } from '../../../src/core/model/failure';
import type { Lock } from '../../../src/core/model/lock';
import { LockStore } from '../../../src/core/locks/lockStore';
import type { ResourceId } from '../../../src/core/model/resource';
import type { ServerChange } from '../../../src/core/saving/serverChange';
import { idOf, stamp, waitsByHand } from './locks';

export function statusSourcesByHand() {
  const store = new LockStore();
  const blockedSaves = new BlockedSaves();
  const { waits, begin, end } = waitsByHand();
  const dirty = new Set<ResourceId>();
  const dirtyChanged = new Emitter<readonly ResourceId[]>();
  const openFiles = {
    isDirty: (resource: ResourceId) => dirty.has(resource),
    dirtyFiles: () => dirty,
    active: () => undefined,
    onDidChangeDirty: dirtyChanged.event,
    onDidChangeActive: new Emitter<undefined>().event,
  };
  const clock = { now: () => stamp(60_000), after: () => ({ dispose: () => undefined }), random: () => 0 };
  const merged = new Map<ResourceId, ServerChange>();
  const merging = new Emitter<readonly ResourceId[]>();
  const merges = { of: (resource: ResourceId) => merged.get(resource), onDidChange: merging.event };
  return {
    sources: { store, waits, blockedSaves, merges, openFiles, clock },
    beginWait: begin,
    endWait: end,
    list: (path: string, locks: readonly Lock[], at = 1) =>
      store.apply({
        kind: 'listed',
        entries: [{ resource: idOf(path), listing: { locks, reported: true } }],
        at: stamp(at),
      }),
    setDirty: (path: string, is: boolean) => {
      if (is) dirty.add(idOf(path));
      else dirty.delete(idOf(path));
      dirtyChanged.fire([idOf(path)]);
    },
    merge: (path: string, next: ServerChange) => {
      merged.set(idOf(path), next);
      merging.fire([idOf(path)]);
    },
    block: (path: string, kind: FailureKind = 'locked') =>
      blockedSaves.keep({
        resource: idOf(path),
        bytes: new Uint8Array(),
        base: undefined,
        since: stamp(1),
        failure: new RemoteFailure(kind, { resource: idOf(path) }),
      }),
  };
}
