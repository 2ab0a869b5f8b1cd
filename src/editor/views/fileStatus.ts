import type { BlockedSaves } from '../../core/saving/blockedSaves';
import type { LockStore } from '../../core/locks/lockStore';
import type { Stamp } from '../../core/model/lock';
import { type LockView } from '../../core/model/lockView';
import type { Clock } from '../../core/model/ports';
import { nameOf, type ResourceId } from '../../core/model/resource';
import type { Waits } from '../../core/waiting/waits';
import type { OpenFiles } from '../files/openFiles';
import { plain } from '../words/plainText';

/** Where views get their data; none of these asks a server. */
export interface StatusSources {
  readonly store: LockStore;
  readonly waits: Waits;
  readonly blockedSaves: BlockedSaves;
  readonly openFiles: Pick<
    OpenFiles,
    'isDirty' | 'dirtyFiles' | 'active' | 'onDidChangeDirty' | 'onDidChangeActive'
  >;
  readonly clock: Clock;
}

/** A file's lock status at one moment. */
export interface FileStatus {
  readonly resource: ResourceId;
  /** The file's name, sanitized. */
  readonly name: string;
  readonly view: LockView;
  /** Whether there is text that the server does not have: a dirty document or a refused save. */
  readonly edited: boolean;
  readonly now: Stamp;
}

export function statusOf(sources: StatusSources, resource: ResourceId): FileStatus {
  const { store, blockedSaves, openFiles, clock } = sources;
  return {
    resource,
    name: plain(nameOf(resource), 60),
    view: store.viewOf(resource),
    edited: openFiles.isDirty(resource) || blockedSaves.of(resource) !== undefined,
    now: clock.now(),
  };
}
