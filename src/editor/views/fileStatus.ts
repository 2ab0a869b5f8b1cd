import { defined } from '../../base/defined';
import { Owner } from '../../base/disposable';
import { Emitter } from '../../base/emitter';
import type { LockStore } from '../../core/locks/lockStore';
import type { Stamp } from '../../core/model/lock';
import { blocksUs, type LockView } from '../../core/model/lockView';
import type { Clock } from '../../core/model/ports';
import { nameOf, type ResourceId } from '../../core/model/resource';
import type { BlockedSave, BlockedSaves } from '../../core/saving/blockedSaves';
import type { Wait, Waits } from '../../core/waiting/waits';
import type { ServerChange } from '../../core/saving/serverChange';
import type { Merges } from '../files/merges';
import type { OpenFiles } from '../files/openFiles';
import { plain } from '../words/plainText';
import { fingerprintOf } from './fingerprint';

/** Where the status of a file comes from; none of these asks a server. */
export interface StatusSources {
  readonly store: LockStore;
  readonly waits: Waits;
  readonly blockedSaves: BlockedSaves;
  readonly merges: Pick<Merges, 'of' | 'onDidChange'>;
  readonly openFiles: Pick<OpenFiles, 'isDirty' | 'onDidChangeDirty'>;
  readonly clock: Clock;
}

/** All that a person is shown about one file, at one moment. */
export interface FileStatus {
  readonly resource: ResourceId;
  /** The file's name, sanitized. */
  readonly name: string;
  readonly view: LockView;
  readonly wait?: Wait;
  readonly blockedSave?: BlockedSave;
  /** Set while the server has, or had, a version that the text was not made from, and no lock comes first. */
  readonly serverChange?: ServerChange;
  /** Whether there is text that the server does not have: a dirty document or a refused save. */
  readonly edited: boolean;
  readonly now: Stamp;
}

/**
 * The one place that views read, and the one event that they listen to. It fires only for files whose status reads
 * differently, because a poll reports thousands of files that did not change.
 */
export class FileStatuses extends Owner {
  private readonly changed = this.owned.add(new Emitter<readonly ResourceId[]>());
  /** Of the files that have something to show. */
  private readonly fingerprints = new Map<ResourceId, string>();

  readonly onDidChange = this.changed.event;

  constructor(private readonly sources: StatusSources) {
    super();
    const { store, waits, blockedSaves, merges, openFiles } = sources;
    this.owned.add(store.onDidChange((resources) => this.update(resources)));
    this.owned.add(waits.onDidChange((resources) => this.update(resources)));
    this.owned.add(blockedSaves.onDidChange((resource) => this.update([resource])));
    this.owned.add(merges.onDidChange((resources) => this.update(resources)));
    this.owned.add(openFiles.onDidChangeDirty((resources) => this.update(resources)));
    for (const resource of store.resources()) this.remember(resource);
  }

  of(resource: ResourceId): FileStatus {
    const { store, waits, blockedSaves, openFiles, clock } = this.sources;
    const wait = waits.of(resource);
    const blockedSave = blockedSaves.of(resource);
    return {
      resource,
      name: plain(nameOf(resource), 60),
      view: store.viewOf(resource),
      ...defined({ wait, blockedSave, serverChange: this.serverChangeOf(resource) }),
      edited: openFiles.isDirty(resource) || blockedSave !== undefined,
      now: clock.now(),
    };
  }

  private serverChangeOf(resource: ResourceId): ServerChange | undefined {
    const { store, waits, blockedSaves, merges } = this.sources;
    const wait = waits.of(resource);
    if (wait) return wait.phase === 'conflict' ? 'review' : undefined;
    const view = store.viewOf(resource);
    const isRefused = blockedSaves.of(resource)?.failure.kind === 'contentChanged';
    // To take a lost lock again is no help to a save that was refused for another reason.
    if (blocksUs(view) || (view.state === 'lost' && !isRefused)) return undefined;
    return merges.of(resource) ?? (isRefused ? 'review' : undefined);
  }

  private update(resources: readonly ResourceId[]): void {
    const changed = resources.filter((resource) => this.remember(resource));
    if (changed.length > 0) this.changed.fire(changed);
  }

  /** Returns whether the status reads differently than when it was remembered last. */
  private remember(resource: ResourceId): boolean {
    const before = this.fingerprints.get(resource);
    const fingerprint = this.fingerprint(resource);
    if (fingerprint === undefined) this.fingerprints.delete(resource);
    else this.fingerprints.set(resource, fingerprint);
    return before !== fingerprint;
  }

  private fingerprint(resource: ResourceId): string | undefined {
    const { store, waits, blockedSaves, openFiles } = this.sources;
    const view = store.viewOf(resource);
    const wait = waits.of(resource);
    const key = blockedSaves.of(resource)?.key;
    const isDirty = openFiles.isDirty(resource);
    // Of a free file only that it is free is shown; the age of that is redrawn by whoever shows it.
    if (view.state === 'free' && !wait && key === undefined && !isDirty) return view.state;
    if (view.state === 'unknown' && view.why === 'notAsked' && !wait && key === undefined && !isDirty)
      return undefined;
    const change = this.serverChangeOf(resource);
    return [fingerprintOf(view), wait?.phase, wait?.trouble, key, change, isDirty].join('\n');
  }
}
