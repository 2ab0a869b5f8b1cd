import { l10n, TreeItem, type Uri, window, type TreeDataProvider, type TreeView } from 'vscode';
import { Owner } from '../../base/disposable';
import { Timer } from '../../base/timer';
import { Emitter } from '../../base/emitter';
import { LockList, type LockGroup, type LockListDeps, type LockListEntry } from '../../core/waiting/lockList';
import type { ResourceId } from '../../core/model/resource';
import type { Clock } from '../../core/model/ports';
import type { OpenFiles } from '../files/openFiles';
import type { FileStatus, FileStatuses } from './fileStatus';
import type { RemoteState } from './remoteState';
import { toUri } from '../uris';
import { restrictedItem, type RestrictedRow } from '../trust/restrictedRow';
import type { Restrictions } from '../trust/restrictions';
import { plain } from '../words/plainText';
import { fingerprintOf } from './fingerprint';
import { commandOf, flagsOf, groupItem, iconOf } from './lockRow';
import { rowUri } from './rowBadges';
import { nextSteps, nextStepTexts } from '../words/nextSteps';
import { rowTexts } from '../words/row';
import { sectionOf, type Section } from '../words/section';
import { accessibleText, cacheableTooltip } from '../words/tooltip';

export interface LocksViewDeps extends Omit<LockListDeps, 'dirtyFiles'> {
  readonly statuses: FileStatuses;
  readonly openFiles: Pick<OpenFiles, 'dirtyFiles'>;
  readonly clock: Clock;
  readonly restrictions: Restrictions;
  readonly remote: Pick<RemoteState, 'hosts' | 'trouble' | 'onDidChange'>;
}

interface Group {
  readonly kind: 'group';
  readonly section: Section;
  rows: readonly Row[];
}

/** A file or folder in the view. Menus pass it to commands, which read `resourceUri`. */
interface Row {
  readonly kind: 'row';
  readonly resourceUri: Uri;
  entry: LockListEntry;
  section: Section;
  /** The row is redrawn only when this text changes. */
  fingerprint: string;
}

type Node = Group | Row | RestrictedRow;

const order: readonly LockGroup[] = ['blocking', 'waiting', 'mine', 'others'];

/** The Locks view: all known locks, grouped by what they mean for the user. */
export class LocksView extends Owner implements TreeDataProvider<Node> {
  private readonly changed = this.owned.add(new Emitter<Node | undefined>());
  /** By the title of their section, from the top. */
  private readonly groups = new Map<string, Group>();
  private readonly rows = new Map<string, Row>();
  private readonly lockList: LockList;
  private readonly view: TreeView<Node>;

  readonly onDidChangeTreeData = this.changed.event;

  constructor(private readonly deps: LocksViewDeps) {
    super();
    const { openFiles, clock } = deps;
    const refreshing = this.owned.add(new Timer(clock));
    // One refresh for a burst of changes.
    const refreshSoon = () => refreshing.setOnce(0, () => this.refresh());
    this.lockList = this.owned.add(new LockList({ ...deps, dirtyFiles: () => openFiles.dirtyFiles() }));
    this.arrange();
    this.view = this.owned.add(
      window.createTreeView<Node>('lockStatus.locks', { treeDataProvider: this, showCollapseAll: true }),
    );
    this.owned.add(deps.remote.onDidChange(() => this.describe()));
    this.describe();
    this.owned.add(deps.restrictions.onDidChange(() => this.changed.fire(undefined)));
    this.owned.add(this.lockList.onDidChange(refreshSoon));
    this.owned.add(deps.statuses.onDidChange(refreshSoon));
  }

  /** The resources that the view shows. */
  resources(): ResourceId[] {
    return this.lockList.entries().map(({ resource }) => resource);
  }

  getChildren(node?: Node): Node[] {
    if (!node) return [...this.restrictedRows(), ...this.groups.values()];
    return node.kind === 'group' ? [...node.rows] : [];
  }

  getParent(node: Node): Node | undefined {
    return node.kind === 'row' ? this.groups.get(node.section.fullTitle) : undefined;
  }

  getTreeItem(node: Node): TreeItem {
    if (node.kind === 'restricted') return restrictedItem(node);
    return node.kind === 'group' ? groupItem(node.section, node.rows.length) : this.rowItem(node);
  }

  /** An empty view has words of its own, which a message above it would hide. */
  private describe(): void {
    const { remote } = this.deps;
    this.view.description = remote.hosts();
    this.view.message = this.groups.size > 0 ? (remote.trouble() ?? '') : '';
  }

  private restrictedRows(): RestrictedRow[] {
    return this.deps.restrictions.all().map((restriction) => ({ kind: 'restricted', ...restriction }));
  }

  private refresh(): void {
    const before = new Map([...this.groups].map(([title, { rows }]) => [title, rows]));
    const changedRows = this.arrange();
    this.describe();
    if ([...before.keys()].join('\n') !== [...this.groups.keys()].join('\n'))
      return this.changed.fire(undefined);
    const regrouped = [...this.groups].filter(
      ([title, { rows }]) => !sameRows(rows, before.get(title) ?? []),
    );
    for (const [, group] of regrouped) this.changed.fire(group);
    const redrawn = new Set(regrouped.flatMap(([, { rows }]) => rows));
    for (const row of changedRows) if (!redrawn.has(row)) this.changed.fire(row);
  }

  /** Sorts the known locks into groups; returns the existing rows whose text changed. */
  private arrange(): Row[] {
    const changedRows: Row[] = [];
    const rows = this.lockList.entries().map((entry) => {
      const { row, isChanged } = this.updated(entry);
      if (isChanged) changedRows.push(row);
      return row;
    });
    this.rows.clear();
    for (const row of rows) this.rows.set(keyOf(row.entry), row);
    this.setGroups(rows);
    return changedRows;
  }

  /** The groups that were there stay the same objects, by which VS Code knows them. */
  private setGroups(rows: readonly Row[]): void {
    const found = new Map<string, { readonly section: Section; readonly rows: Row[] }>();
    for (const row of rows) {
      const { section } = row;
      const group = found.get(section.fullTitle);
      if (group) group.rows.push(row);
      else found.set(section.fullTitle, { section, rows: [row] });
    }
    const known = new Map(this.groups);
    this.groups.clear();
    for (const [title, group] of [...found].sort(([, one], [, two]) => inOrder(one.section, two.section)))
      this.groups.set(title, Object.assign(known.get(title) ?? { kind: 'group' as const }, group));
  }

  private updated(entry: LockListEntry): { row: Row; isChanged: boolean } {
    const fingerprint = this.fingerprintFor(entry);
    const known = this.rows.get(keyOf(entry));
    if (known?.fingerprint === fingerprint) return { row: Object.assign(known, { entry }), isChanged: false };
    const section = sectionOf({ ...this.deps.statuses.of(entry.resource), ...entry });
    if (known) return { row: Object.assign(known, { entry, section, fingerprint }), isChanged: true };
    const resourceUri = toUri(entry.resource);
    return { row: { kind: 'row', resourceUri, entry, section, fingerprint }, isChanged: false };
  }

  private rowItem(row: Row): TreeItem {
    const { entry } = row;
    const status = this.deps.statuses.of(entry.resource);
    const folder = this.isFolder(entry);
    const { text, badgeUntil } = rowTexts({ ...status, ...entry });
    const item = new TreeItem(rowUri(row.resourceUri, badgeUntil));
    item.id = keyOf(entry);
    item.label = status.name;
    item.iconPath = iconOf(status, folder);
    item.description = text;
    item.contextValue = flagsOf(entry, status, folder ? 'folder' : 'file').join(' ');
    item.accessibilityInformation = {
      // Not the description: it says the same in fewer words.
      label: [status.name, ...troubleOf(entry, status), accessibleText({ ...status, ...entry })].join(', '),
    };
    item.tooltip = tooltipOf(entry, status);
    item.command = commandOf(row.resourceUri, status, folder);
    return item;
  }

  private fingerprintFor({ resource, view }: LockListEntry): string {
    const { wait, blockedSave, serverChange } = this.deps.statuses.of(resource);
    return [
      wait?.phase,
      wait?.trouble,
      blockedSave?.key,
      blockedSave?.failure.kind,
      serverChange,
      fingerprintOf(view),
    ].join('\n');
  }

  /** Programs lock files with "depth infinity" as well: only what has known members is a folder. */
  private isFolder({ resource, view }: LockListEntry): boolean {
    return view.locks.some((lock) => lock.depth === 'tree') && this.deps.store.hasBelow(resource);
  }
}

/** What keeps the file from being saved, for a screen reader. */
function troubleOf({ group, view }: LockListEntry, status: FileStatus): string[] {
  const next = nextStepTexts({ ...status, view });
  if (next.length > 0) return next;
  return group === 'blocking' && status.blockedSave ? [l10n.t('not saved')] : [];
}

function tooltipOf({ resource, view }: LockListEntry, status: FileStatus): string {
  const { authority, path } = toUri(resource);
  return [
    ...nextSteps({ ...status, view }),
    cacheableTooltip({ resource, view, now: status.now }),
    plain(`${authority}${path}`, 300),
  ].join('\n');
}

function keyOf({ group, resource }: { readonly group: LockGroup; readonly resource: ResourceId }): string {
  return `${group} ${resource}`;
}

/** What keeps me from saving comes first; holders by name. */
function inOrder(one: Section, two: Section): number {
  return (
    order.indexOf(one.group) - order.indexOf(two.group) ||
    Number(two.saysWho) - Number(one.saysWho) ||
    one.title.localeCompare(two.title)
  );
}

function sameRows(one: readonly Row[], two: readonly Row[]): boolean {
  return one.length === two.length && one.every((row, index) => row === two[index]);
}
