import {
  l10n,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  window,
  type TreeDataProvider,
  type TreeView,
  type Uri,
} from 'vscode';
import { Owner } from '../../base/disposable';
import { Timer } from '../../base/timer';
import { Emitter } from '../../base/emitter';
import { LockList, type LockGroup, type LockListDeps, type LockListEntry } from '../../core/waiting/lockList';
import type { ResourceId } from '../../core/model/resource';
import type { Clock } from '../../core/model/ports';
import type { OpenFiles } from '../files/openFiles';
import type { FileStatus, FileStatuses } from './fileStatus';
import { offersOn } from './offers';
import type { RemoteState } from './remoteState';
import { toUri } from '../uris';
import { restrictedItem, type RestrictedRow } from '../trust/restrictedRow';
import type { Restrictions } from '../trust/restrictions';
import { plain } from '../words/plainText';
import { fingerprintOf } from './fingerprint';
import { cacheableStatus } from '../words/status';
import { accessibleText, cacheableTooltip } from '../words/tooltip';
import { waitAdvice, waitPhaseText } from '../words/wait';

export interface LocksViewDeps extends Omit<LockListDeps, 'dirtyFiles'> {
  readonly statuses: FileStatuses;
  readonly openFiles: Pick<OpenFiles, 'dirtyFiles' | 'onDidChangeDirty'>;
  readonly clock: Clock;
  /** Whether file decorations are enabled. */
  decorated(): boolean;
  readonly restrictions: Restrictions;
  readonly remote: Pick<RemoteState, 'hosts' | 'trouble' | 'onDidChange'>;
}

interface Group {
  readonly kind: 'group';
  readonly group: LockGroup;
  rows: readonly Row[];
}

/** A file or folder in the view. Menus pass it to commands, which read `resourceUri`. */
interface Row {
  readonly kind: 'row';
  readonly resourceUri: Uri;
  entry: LockListEntry;
  /** The row is redrawn only when this text changes. */
  fingerprint: string;
}

type Node = Group | Row | RestrictedRow;

const order: readonly LockGroup[] = ['blocking', 'waiting', 'mine', 'others'];

/** The Locks view: all known locks, grouped by what they mean for the user. */
export class LocksView extends Owner implements TreeDataProvider<Node> {
  private readonly changed = this.owned.add(new Emitter<Node | undefined>());
  private readonly groups = new Map<LockGroup, Group>();
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
    if (!node) return [...this.restrictedRows(), ...order.flatMap((group) => this.groups.get(group) ?? [])];
    return node.kind === 'group' ? [...node.rows] : [];
  }

  getParent(node: Node): Node | undefined {
    return node.kind === 'row' ? this.groups.get(node.entry.group) : undefined;
  }

  getTreeItem(node: Node): TreeItem {
    if (node.kind === 'restricted') return restrictedItem(node);
    return node.kind === 'group' ? groupItem(node) : this.rowItem(node);
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
    const before = new Map([...this.groups].map(([name, { rows }]) => [name, rows]));
    const changedRows = this.arrange();
    this.describe();
    const sameGroups = order.every((name) => before.has(name) === this.groups.has(name));
    if (!sameGroups) this.changed.fire(undefined);
    else {
      const regrouped = new Set(
        [...this.groups.values()].filter(({ group, rows }) => !sameRows(rows, before.get(group) ?? [])),
      );
      for (const group of regrouped) this.changed.fire(group);
      for (const row of changedRows) {
        const group = this.groups.get(row.entry.group);
        if (!group || !regrouped.has(group)) this.changed.fire(row);
      }
    }
  }

  /** Sorts the known locks into groups; returns the existing rows whose text changed. */
  private arrange(): Row[] {
    const changedRows: Row[] = [];
    const present = new Set<string>();
    const members = new Map<LockGroup, Row[]>();
    for (const entry of this.lockList.entries()) {
      const key = keyOf(entry);
      const fingerprint = this.fingerprintFor(entry);
      const known = this.rows.get(key);
      if (known && known.fingerprint !== fingerprint) changedRows.push(known);
      const row: Row = known ?? { kind: 'row', resourceUri: toUri(entry.resource), entry, fingerprint };
      Object.assign(row, { entry, fingerprint });
      this.rows.set(key, row);
      present.add(key);
      const group = members.get(entry.group);
      if (group) group.push(row);
      else members.set(entry.group, [row]);
    }
    for (const key of [...this.rows.keys()]) if (!present.has(key)) this.rows.delete(key);
    for (const name of order) this.setGroup(name, members.get(name));
    return changedRows;
  }

  private setGroup(name: LockGroup, rows: readonly Row[] | undefined): void {
    const group = this.groups.get(name);
    if (!rows) this.groups.delete(name);
    else if (group) group.rows = rows;
    else this.groups.set(name, { kind: 'group', group: name, rows });
  }

  private rowItem(row: Row): TreeItem {
    const { resource, view } = row.entry;
    const status = this.deps.statuses.of(resource);
    const { name, now } = status;
    const folder = this.isFolder(row.entry);
    const item = new TreeItem(row.resourceUri);
    item.id = keyOf(row.entry);
    item.label = name;
    item.iconPath = folder ? ThemeIcon.Folder : ThemeIcon.File;
    item.description = this.descriptionOf(row.entry);
    item.contextValue = flagsOf(row.entry, status, folder ? 'folder' : 'file').join(' ');
    item.accessibilityInformation = {
      // Not the description: it says the same in fewer words.
      label: [name, ...this.troubleOf(row.entry), accessibleText({ resource, view, now })].join(', '),
    };
    item.tooltip = this.tooltipOf(row.entry);
    item.command = folder
      ? { command: 'revealInExplorer', title: l10n.t('Reveal in Explorer'), arguments: [row.resourceUri] }
      : { command: 'vscode.open', title: l10n.t('Open'), arguments: [row.resourceUri] };
    return item;
  }

  private fingerprintFor({ resource, view }: LockListEntry): string {
    const { waits, blockedSaves } = this.deps;
    return [
      this.deps.decorated(),
      waits.of(resource)?.phase,
      waits.of(resource)?.trouble,
      blockedSaves.of(resource)?.key,
      fingerprintOf(view),
    ].join('\n');
  }

  private descriptionOf({ resource, group, view }: LockListEntry): string {
    const { now } = this.deps.statuses.of(resource);
    const wait = this.deps.waits.of(resource);
    if (group === 'waiting' && wait) return waitPhaseText(wait, view, now);
    return this.isBlocked(resource, group)
      ? l10n.t('{0} · not saved', cacheableStatus(view, now))
      : cacheableStatus(view, now);
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

  /** The facts, unless VS Code adds them from the decoration of the file. */
  private tooltipOf({ resource, view }: LockListEntry): string {
    const { clock, waits } = this.deps;
    const { authority, path } = toUri(resource);
    const wait = waits.of(resource);
    const advice = wait && waitAdvice(wait, view);
    const inDecoration =
      this.deps.decorated() && (wait || (view.state !== 'free' && view.state !== 'unknown'));
    const facts = inDecoration ? [] : [cacheableTooltip({ resource, view, now: clock.now() })];
    const lines = advice === undefined ? facts : [...facts, advice];
    return [plain(`${authority}${path}`, 300), ...lines].join('\n');
  }

  /** Programs lock files with "depth infinity" as well: only what has known members is a folder. */
  private isFolder({ resource, view }: LockListEntry): boolean {
    return view.locks.some((lock) => lock.depth === 'tree') && this.deps.store.hasBelow(resource);
  }
}

/** The flags of a row for menu conditions. */
function flagsOf({ group, view }: LockListEntry, status: FileStatus, kind: 'file' | 'folder'): string[] {
  const offers = offersOn(status);
  const self = view.lock?.holder.self;
  return [
    'row',
    kind,
    view.state,
    ...(group === 'blocking' || group === 'waiting' ? [group] : []),
    ...(self === 'other' || self === 'unknown' ? ['others'] : []),
    ...(offers.ask ? ['askable'] : []),
    ...(offers.break ? ['breakable'] : []),
    ...(offers.wait ? ['unsaved'] : []),
    ...(view.state === 'lost' && offers.lock ? ['takeable'] : []),
  ];
}

function groupItem({ group, rows }: Group): TreeItem {
  const item = new TreeItem(groupName(group), TreeItemCollapsibleState.Expanded);
  item.id = group;
  item.description = `${rows.length}`;
  item.accessibilityInformation = { label: `${groupName(group)}, ${rows.length}` };
  item.contextValue = 'group';
  return item;
}

function groupName(group: LockGroup): string {
  switch (group) {
    case 'mine':
      return l10n.t('Locked by Me');
    case 'blocking':
      return l10n.t('Blocking My Saves');
    case 'waiting':
      return l10n.t('Waiting');
    case 'others':
      return l10n.t('Locked by Others');
  }
}

function keyOf({ group, resource }: { readonly group: LockGroup; readonly resource: ResourceId }): string {
  return `${group} ${resource}`;
}

function sameRows(one: readonly Row[], two: readonly Row[]): boolean {
  return one.length === two.length && one.every((row, index) => row === two[index]);
}
