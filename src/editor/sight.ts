import type { BlockedSaves } from '../core/blockedSaves';
import type { LockStore } from '../core/lockStore';
import type { Stamp } from '../core/lock';
import { lockView, type LockView } from '../core/lockView';
import type { Clock } from '../core/ports';
import { nameOf, type ResourceId } from '../core/resource';
import type { Waits } from '../core/waiting';
import type { OpenFiles } from './openFiles';
import { plain } from './plainText';

/** Where the views look. None of them asks a server. */
export interface Sources {
  readonly store: LockStore;
  readonly waits: Waits;
  readonly blockedSaves: BlockedSaves;
  readonly openFiles: Pick<
    OpenFiles,
    'isDirty' | 'dirtyFiles' | 'active' | 'onDidChangeDirty' | 'onDidChangeActive'
  >;
  readonly clock: Clock;
}

/** A file's lock at one moment. */
export interface Sight {
  readonly resource: ResourceId;
  /** The file's name, fit to be shown. */
  readonly name: string;
  readonly view: LockView;
  /** Whether there is text that the server has not got: a dirty document or a refused save. */
  readonly edited: boolean;
  readonly now: Stamp;
}

export function lookAt(sources: Sources, resource: ResourceId): Sight {
  const { store, blockedSaves, openFiles, clock } = sources;
  return {
    resource,
    name: plain(nameOf(resource), 60),
    view: lockView(store.stateOf(resource), store.lossOf(resource)),
    edited: openFiles.isDirty(resource) || blockedSaves.of(resource) !== undefined,
    now: clock.now(),
  };
}
