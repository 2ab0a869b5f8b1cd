import { l10n, TreeItem, type Uri, window, type TreeDataProvider, type TreeView } from 'vscode';
import { Owner } from '../../base/disposable';
import { Timer } from '../../base/timer';
import { Emitter } from '../../base/emitter';
import { LockList, type LockGroup, type LockListDeps, type LockListEntry } from '../../core/waiting/lockList';
import type { ResourceId } from '../../core/model/resource';
import type { Clock } from '../../core/model/ports';
import type { OpenFiles } from '../files/openFiles';
import type { FileStatuses } from './fileStatus';
import type { RemoteState } from './remoteState';
import { toUri } from '../uris';
import { restrictedItem, type RestrictedRow } from '../trust/restrictedRow';
import type { Restrictions } from '../trust/restrictions';
import { plain } from '../words/plainText';
import { fingerprintOf } from './fingerprint';
import { commandOf, flagsOf, groupItem, iconOf } from './lockRow';
import { rowUri } from './rowBadges';
import { rowTexts, type RowTexts } from '../words/row';
import { sectionOf, type Section } from '../words/section';
import { accessibleText, cacheableTooltip } from '../words/tooltip';
import { waitHover, waitPhaseText } from '../words/wait';

export interface LocksViewDeps extends Omit<LockListDeps, 'dirtyFiles'> {
  readonly statuses: FileStatuses;
  readonly openFiles: Pick<OpenFiles, 'dirtyFiles' | 'onDidChangeDirty'>;
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
    this.owned.add(openFiles.onDidChangeDirty(refreshSoon));
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
    const section = sectionOf({ ...entry, wait: this.deps.waits.of(entry.resource) });
    if (known) return { row: Object.assign(known, { entry, section, fingerprint }), isChanged: true };
    const resourceUri = toUri(entry.resource);
    return { row: { kind: 'row', resourceUri, entry, section, fingerprint }, isChanged: false };
  }

  private rowItem(row: Row): TreeItem {
    const { resource, view } = row.entry;
    const status = this.deps.statuses.of(resource);
    const { name, now } = status;
    const folder = this.isFolder(row.entry);
    const { text, badgeUntil } = this.textsOf(row.entry, name);
    const item = new TreeItem(rowUri(row.resourceUri, badgeUntil));
    item.id = keyOf(row.entry);
    item.label = name;
    item.iconPath = iconOf(status, folder);
    item.description = text;
    item.contextValue = flagsOf(row.entry, status, folder ? 'folder' : 'file').join(' ');
    item.accessibilityInformation = {
      // Not the description: it says the same in fewer words.
      label: [name, ...this.troubleOf(row.entry), accessibleText({ resource, view, now })].join(', '),
    };
    item.tooltip = this.tooltipOf(row.entry);
    item.command = commandOf(row.resourceUri, status, folder);
    return item;
  }

  private fingerprintFor({ resource, view }: LockListEntry): string {
    const { waits, blockedSaves } = this.deps;
    const blocked = blockedSaves.of(resource);
    return [
      waits.of(resource)?.phase,
      waits.of(resource)?.trouble,
      blocked?.key,
      blocked?.failure.kind,
      fingerprintOf(view),
    ].join('\n');
  }

  private textsOf({ resource, group, view }: LockListEntry, name: string): RowTexts {
    const { waits, blockedSaves, clock } = this.deps;
    const [wait, blockedSave] = [waits.of(resource), blockedSaves.of(resource)];
    return rowTexts({ group, view, wait, blockedSave, name, now: clock.now() });
  }

  /** What keeps the file from being saved, for a screen reader. */
  private troubleOf({ resource, group, view }: LockListEntry): string[] {
    const wait = this.deps.waits.of(resource);
    if (group === 'waiting' && wait) return [waitPhaseText(wait, view, this.deps.clock.now())];
    return this.isBlocked(resource, group) ? [l10n.t('not saved')] : [];
  }

  private isBlocked(resource: ResourceId, group: LockGroup): boolean {
    return group === 'blocking' && this.deps.blockedSaves.of(resource) !== undefined;
  }

  private tooltipOf({ resource, view }: LockListEntry): string {
    const { clock, waits } = this.deps;
    const { authority, path } = toUri(resource);
    const wait = waits.of(resource);
    return [
      ...(wait ? waitHover(wait, view) : []),
      cacheableTooltip({ resource, view, now: clock.now() }),
      plain(`${authority}${path}`, 300),
    ].join('\n');
  }

  /** Programs lock files with "depth infinity" as well: only what has known members is a folder. */
  private isFolder({ resource, view }: LockListEntry): boolean {
    return view.locks.some((lock) => lock.depth === 'tree') && this.deps.store.hasBelow(resource);
  }
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
