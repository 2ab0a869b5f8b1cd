import {
  l10n,
  scm,
  type Command,
  type QuickDiffProvider,
  type SourceControl,
  type SourceControlResourceGroup,
  type SourceControlResourceState,
} from 'vscode';
import { Owner } from '../../base/disposable';
import { Timer } from '../../base/timer';
import type { Clock } from '../../core/model/ports';
import type { ResourceId } from '../../core/model/resource';
import type { BlockedSaves } from '../../core/saving/blockedSaves';
import { changeGroups, type ChangeGroup, type ChangeSources } from '../../core/waiting/changeGroups';
import type { Leases } from '../../core/leases/leases';
import type { Waits } from '../../core/waiting/waits';
import type { OpenFiles } from '../files/openFiles';
import { toUri } from '../uris';
import { nextSteps } from '../words/nextSteps';
import { cacheableTooltip } from '../words/tooltip';
import { changeFlags } from './changeFlags';
import type { FileStatuses } from './fileStatus';
import { fingerprintOf } from './fingerprint';

export interface SourceControlDeps {
  readonly statuses: FileStatuses;
  readonly waits: Waits;
  readonly blockedSaves: BlockedSaves;
  readonly leases: Pick<Leases, 'confirmed' | 'onDidChange'>;
  readonly openFiles: Pick<OpenFiles, 'dirtyFiles'>;
  readonly clock: Clock;
  /** The version on the server that a file's text began with. */
  readonly original: NonNullable<QuickDiffProvider['provideOriginalResource']>;
}

const order: readonly ChangeGroup[] = ['notSaved', 'waiting', 'mine'];

/**
 * What this window still has to save or to release, as a source control, which also gives the gutter its marks. It exists
 * only while there is something, so that nobody else's Source Control view has an empty section.
 */
export class ChangesControl extends Owner {
  private readonly sources: ChangeSources;
  private control: SourceControl | undefined;
  private readonly groups = new Map<ChangeGroup, SourceControlResourceGroup>();
  private shown = '';

  constructor(private readonly deps: SourceControlDeps) {
    super();
    const { statuses, openFiles, leases, clock } = deps;
    this.sources = { ...deps, dirtyFiles: () => openFiles.dirtyFiles() };
    this.owned.add({ dispose: () => this.hide() });
    const updating = this.owned.add(new Timer(clock));
    // One update for a burst of changes.
    const updateSoon = () => updating.setOnce(0, () => this.update());
    this.owned.add(statuses.onDidChange(updateSoon));
    this.owned.add(leases.onDidChange(updateSoon));
    updateSoon();
  }

  private update(): void {
    const changes = changeGroups(this.sources);
    const shown = order.flatMap((group) =>
      changes[group].map((resource) => this.fingerprint(resource, group)),
    );
    if (shown.join('\n') === this.shown) return;
    this.shown = shown.join('\n');
    if (shown.length === 0) return this.hide();
    const control = (this.control ??= this.show());
    for (const [name, group] of this.groups)
      group.resourceStates = changes[name].map((resource) => this.row(resource, name));
    control.count = changes.notSaved.length + changes.waiting.length;
  }

  private show(): SourceControl {
    const control = scm.createSourceControl('lockStatus', l10n.t('Remote Files'));
    control.inputBox.visible = false;
    control.quickDiffProvider = { provideOriginalResource: this.deps.original };
    for (const name of order) {
      const group = control.createResourceGroup(name, titleOf(name));
      group.hideWhenEmpty = true;
      this.groups.set(name, group);
    }
    return control;
  }

  private hide(): void {
    this.control?.dispose();
    this.control = undefined;
    this.groups.clear();
  }

  /** The rows are set again only when this text changes. */
  private fingerprint(resource: ResourceId, group: ChangeGroup): string {
    const status = this.deps.statuses.of(resource);
    return [group, resource, ...changeFlags(status), status.serverChange, fingerprintOf(status.view)].join(
      ' ',
    );
  }

  private row(resource: ResourceId, group: ChangeGroup): SourceControlResourceState {
    const status = this.deps.statuses.of(resource);
    const resourceUri = toUri(resource);
    const command: Command =
      group === 'mine'
        ? { command: 'vscode.open', title: l10n.t('Open'), arguments: [resourceUri] }
        : { command: 'lockStatus.compare', title: l10n.t('Compare'), arguments: [resourceUri] };
    return {
      resourceUri,
      command,
      contextValue: changeFlags(status).join(' '),
      decorations: { tooltip: [...nextSteps(status), cacheableTooltip(status)].join('\n') },
    };
  }
}

function titleOf(group: ChangeGroup): string {
  switch (group) {
    case 'notSaved':
      return l10n.t('Not Saved');
    case 'waiting':
      return l10n.t('Waiting');
    case 'mine':
      return l10n.t('Locked by Me');
  }
}
