import { FileDecoration, ThemeColor, type Event, type FileDecorationProvider, type Uri } from 'vscode';
import { Owner } from '../../base/disposable';
import { Emitter, type Event as CoreEvent } from '../../base/emitter';
import type { ResourceId } from '../../core/model/resource';
import { isRemote, toResource, toUri } from '../uris';
import type { FileStatus, FileStatuses } from './fileStatus';
import { cacheableTooltip } from '../words/tooltip';
import { nextSteps } from '../words/nextSteps';

export interface DecorationDeps {
  readonly statuses: FileStatuses;
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
export class LockDecorations extends Owner implements FileDecorationProvider {
  private readonly changed = this.owned.add(new Emitter<Uri | Uri[] | undefined>());
  /** The files that VS Code shows a badge on. */
  private readonly marked = new Set<ResourceId>();

  readonly onDidChangeFileDecorations: Event<Uri | Uri[] | undefined> = this.changed.event;

  constructor(private readonly deps: DecorationDeps) {
    super();
    this.owned.add(this.changed);
    this.owned.add(deps.statuses.onDidChange((resources) => this.update(resources)));
    this.owned.add(deps.onDidChangeEnabled(() => this.changed.fire(undefined)));
  }

  provideFileDecoration(uri: Uri): FileDecoration | undefined {
    if (!isRemote(uri) || !this.deps.enabled()) return undefined;
    const status = this.deps.statuses.of(toResource(uri));
    const mark = markOf(status);
    this.remember(status.resource, mark);
    return mark && new FileDecoration(mark.badge, tooltip(status), new ThemeColor(mark.color));
  }

  private update(resources: readonly ResourceId[]): void {
    if (!this.deps.enabled()) return;
    const changed = resources.filter((id) => {
      const wasMarked = this.marked.has(id);
      return this.remember(id, markOf(this.deps.statuses.of(id))) || wasMarked;
    });
    if (changed.length > maxListLength) this.changed.fire(undefined);
    else if (changed.length > 0) this.changed.fire(changed.map(toUri));
  }

  /** Returns whether the file has a mark now. */
  private remember(resource: ResourceId, mark: Mark | undefined): boolean {
    if (mark) this.marked.add(resource);
    else this.marked.delete(resource);
    return mark !== undefined;
  }
}

function tooltip(status: FileStatus): string {
  return [...nextSteps(status), cacheableTooltip(status)].join('\n');
}

const colors = {
  other: 'lockStatus.lockedByOther',
  mine: 'lockStatus.lockedByMe',
  lost: 'lockStatus.lost',
};

function markOf({ view, wait, serverChange }: FileStatus): Mark | undefined {
  // Git's badge for a conflict, which also asks for a decision.
  if (serverChange !== undefined && serverChange !== 'save') return { badge: '!', color: colors.lost };
  if (wait) return { badge: 'W', color: colors.other };
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
