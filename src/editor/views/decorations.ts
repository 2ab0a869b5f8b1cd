import { l10n, FileDecoration, ThemeColor, type Event, type FileDecorationProvider, type Uri } from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';
import { Emitter, type Event as CoreEvent } from '../../base/emitter';
import type { LockStore } from '../../core/locks/lockStore';
import { type LockView } from '../../core/model/lockView';
import type { Clock } from '../../core/model/ports';
import type { ResourceId } from '../../core/model/resource';
import type { Waits } from '../../core/waiting/waits';
import { isRemote, toResource, toUri } from '../uris';
import { fingerprintOf } from './fingerprint';
import { cacheableFacts } from '../words/tooltip';

export interface DecorationDeps {
  readonly store: LockStore;
  readonly waits: Waits;
  readonly clock: Clock;
  enabled(): boolean;
  readonly onDidChangeEnabled: CoreEvent<unknown>;
}

/** How a lock looks in the explorer, in tabs and in lists. */
interface Mark {
  readonly badge: string;
  readonly color: string;
}

// VS Code reduces longer lists to one file per folder.
const maxListLength = 250;

/** Badges and colors, provided from memory. */
export class LockDecorations implements FileDecorationProvider, Disposable {
  private readonly owned = new Disposables();
  private readonly changed = new Emitter<Uri | Uri[] | undefined>();
  /** The fingerprint of what VS Code was shown last, so that only real changes are reported. */
  private readonly shown = new Map<ResourceId, string>();

  readonly onDidChangeFileDecorations: Event<Uri | Uri[] | undefined> = this.changed.event;

  constructor(private readonly deps: DecorationDeps) {
    this.owned.add(this.changed);
    this.owned.add(deps.store.onDidChange((resources) => this.update(resources)));
    this.owned.add(deps.waits.onDidChange((resources) => this.update(resources)));
    this.owned.add(deps.onDidChangeEnabled(() => this.changed.fire(undefined)));
  }

  provideFileDecoration(uri: Uri): FileDecoration | undefined {
    if (!isRemote(uri) || !this.deps.enabled()) return undefined;
    const resource = toResource(uri);
    const view = this.viewOf(resource);
    const mark = this.markFor(resource, view);
    this.remember(resource, mark, view);
    return mark && new FileDecoration(mark.badge, this.tooltip(resource, view), new ThemeColor(mark.color));
  }

  dispose(): void {
    this.owned.dispose();
  }

  private update(resources: readonly ResourceId[]): void {
    if (!this.deps.enabled()) return;
    const changedFiles = resources.filter((resource) => {
      const view = this.viewOf(resource);
      return this.remember(resource, this.markFor(resource, view), view);
    });
    if (changedFiles.length > maxListLength) this.changed.fire(undefined);
    else if (changedFiles.length > 0) this.changed.fire(changedFiles.map(toUri));
  }

  /** Remembers how the file looks, and returns whether that changed. */
  private remember(resource: ResourceId, mark: Mark | undefined, view: LockView): boolean {
    const before = this.shown.get(resource);
    const fingerprint = mark && `${mark.badge}\n${fingerprintOf(view)}`;
    if (fingerprint === undefined) this.shown.delete(resource);
    else this.shown.set(resource, fingerprint);
    return before !== fingerprint;
  }

  private viewOf(resource: ResourceId): LockView {
    return this.deps.store.viewOf(resource);
  }

  private markFor(resource: ResourceId, view: LockView): Mark | undefined {
    return this.deps.waits.of(resource) ? { badge: 'W', color: colors.other } : markOf(view);
  }

  private tooltip(resource: ResourceId, view: LockView): string {
    const facts = cacheableFacts({ resource, view, now: this.deps.clock.now() });
    const waiting = this.deps.waits.of(resource) ? [l10n.t('Will be saved when the lock is free')] : [];
    return [...waiting, ...facts].join(' · ');
  }
}

const colors = {
  other: 'lockStatus.lockedByOther',
  mine: 'lockStatus.lockedByMe',
  lost: 'lockStatus.lost',
};

function markOf(view: LockView): Mark | undefined {
  switch (view.state) {
    case 'free':
    case 'unknown':
      return undefined;
    case 'lost':
      return { badge: '!', color: colors.lost };
    case 'mine':
      // Not M, which means "modified" in Git.
      return { badge: 'Me', color: colors.mine };
    case 'mineElsewhere':
      return { badge: 'L', color: colors.mine };
    case 'shared':
      return { badge: 'L+', color: colors.other };
    case 'other':
      return { badge: 'L', color: colors.other };
  }
}
