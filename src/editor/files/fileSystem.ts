import {
  commands,
  EventEmitter,
  FileChangeType,
  FileSystemError,
  FileType,
  type FileChangeEvent,
  type FileStat,
  type FileSystemProvider,
  type Uri,
} from 'vscode';
import { Owner } from '../../base/disposable';
import type { BlockedSaves } from '../../core/saving/blockedSaves';
import type { ContentChange, Directory } from '../../core/polling/directory';
import type { RemoteStat } from '../../core/polling/remoteStat';
import { isFailure, orElse, RemoteFailure } from '../../core/model/failure';
import type { ExpandedFolders } from '../../core/polling/expandedFolders';
import { FolderOpening, notReached } from '../../core/polling/folderOpening';
import type { Leases } from '../../core/leases/leases';
import type { OpenDocuments } from '../../core/leases/openDocuments';
import type { FilesOf } from '../../core/model/ports';
import { listedSizeOf } from '../../core/model/version';
import { TreeLocked, type Relocation } from '../../core/saving/relocation';
import type { ServerCopy } from '../../core/saving/serverCopy';
import { nameOf, serverOf as serverIdOf, type ResourceId, type ServerId } from '../../core/model/resource';
import type { Saver } from '../../core/saving/saver';
import { readBase, type BaseVersions } from '../../core/saving/baseVersions';
import { isAnyOpenedWithSlash, openFolders } from '../connection/openFolders';
import { areOnDifferentServers, copyBetween } from './copyingBetween';
import { lockedMembersError, fileError, withoutName, resourceAt } from './fileErrors';
import { lockedChangeText, blockingLock } from './lockedChange';
import type { Merges } from './merges';
import type { OpenFiles } from './openFiles';
import { plain } from '../words/plainText';
import { blockedMessage, refusalOf, type Refusal, type RefusalDeps } from './saveMessage';
import { ReportedStats } from './reportedStats';
import { ShownReads } from './shownReads';
import { toUri, uriNameOf } from '../uris';
import { uploading } from './uploading';

export interface FileSystemDeps extends RefusalDeps {
  readonly filesOf: FilesOf;
  readonly directory: Directory;
  readonly saver: Saver;
  readonly baseVersions: BaseVersions;
  readonly relocation: Relocation;
  readonly serverCopy: ServerCopy;
  readonly leases: Leases;
  readonly blockedSaves: BlockedSaves;
  readonly documents: OpenDocuments;
  readonly merges: Pick<Merges, 'loadedOf'>;
  readonly openFiles: OpenFiles;
  readonly folders: ExpandedFolders;
  /** Whether the editor looks for such a file in every folder that it opens. */
  readonly isLookedFor: (resource: ResourceId) => boolean;
  readonly programEdits: { has(resource: ResourceId): boolean };
  /** Asks the user to sign in to the server of this resource; nothing waits for the answer. */
  readonly onSignInNeeded: (resource: ResourceId) => void;
}

/** Tab switches and window focus repeat the same requests, so answers younger than this are reused. */
const burstMs = 1_500;

/** The provider for remote files. It fails fast and never reports a write that did not happen. */
export class RemoteFileSystem extends Owner implements FileSystemProvider {
  private readonly changes = this.owned.add(new EventEmitter<FileChangeEvent[]>());
  private readonly reportedStats: ReportedStats;
  private readonly reads: ShownReads;
  private readonly opening: FolderOpening;

  readonly onDidChangeFile = this.changes.event;

  constructor(private readonly deps: FileSystemDeps) {
    super();
    const { baseVersions, openFiles } = deps;
    this.reportedStats = new ReportedStats(baseVersions, (id) => deps.merges.loadedOf(id));
    const onStale = (id: ResourceId) => this.fire(FileChangeType.Changed, [id]);
    const { directory, clock } = deps;
    this.opening = new FolderOpening({ directory, clock, roots: openFolders, isLookedFor: deps.isLookedFor });
    const reads = (this.reads = new ShownReads({ baseVersions, tabs: openFiles, onStale }));
    this.owned.add(
      deps.directory.onDidChange((changes) => {
        for (const { resource, kind } of changes) {
          reads.expect(resource);
          if (kind === 'deleted') deps.folders.forget(resource);
        }
        this.changes.fire(changes.map(asEvent));
      }),
    );
    this.owned.add(
      openFiles.onDidChangeNonTextEditors((ids) => {
        for (const id of ids) {
          if (openFiles.isInNonTextEditor(id)) reads.opened(id);
          else if (!deps.documents.isOpen(id)) reads.closed(id);
        }
      }),
    );
    this.owned.add(
      openFiles.onDidChangeDirty((ids) => {
        for (const id of ids) if (!openFiles.isDirty(id)) reads.cleaned(id);
      }),
    );
  }

  /** Makes VS Code read a server's folders again, because a sign-in may change what they contain. */
  async reloadServer(server: ServerId): Promise<void> {
    const roots = openFolders().filter((id) => serverIdOf(id) === server);
    for (const id of roots) this.deps.directory.forget(id);
    this.fire(FileChangeType.Changed, roots);
    const members = await this.membersOf(roots);
    // VS Code reads folder settings again only if the files in `.vscode` themselves are reported.
    const settings = await this.membersOf(members.filter((id) => nameOf(id) === '.vscode'));
    // The explorer reads again only for files that it does not know yet.
    this.fire(FileChangeType.Created, [...members, ...settings]);
    // It takes no event for a member of a folder that was opened with a slash at the end of its address.
    if (isAnyOpenedWithSlash(server))
      await commands.executeCommand('workbench.files.action.refreshFilesExplorer');
  }

  /** Changes are found by polling what is visible, so there is nothing to set up here. */
  watch(): { dispose(): void } {
    return { dispose: () => undefined };
  }

  stat(uri: Uri): Promise<FileStat> {
    return this.guarded(uri, async (id) => {
      // A dirty file keeps the time and size that the user has seen: VS Code's own check knows less than the
      // save's, and its message would offer an overwrite that the save then refuses. So the server, which VS Code
      // would have asked before every write, is not asked.
      const seen = this.deps.documents.isDirty(id) ? this.reportedStats.ofBase(id) : undefined;
      if (seen) return seen;
      await this.mustNotBeMissing(id);
      return this.reportedStats.report(id, await this.statOrRoot(id));
    });
  }

  readDirectory(uri: Uri): Promise<[string, FileType][]> {
    return this.guarded(uri, async (id) => {
      await this.mustNotBeMissing(id);
      this.deps.folders.recordRead(id);
      const members = await this.deps.directory.list(id, this.opening.takeListing(id) ?? burstMs);
      return members.map((member) => [uriNameOf(member), this.typeOf(member)]);
    });
  }

  readFile(uri: Uri): Promise<Uint8Array> {
    return this.guarded(uri, async (id) => {
      await this.mustNotBeMissing(id);
      const leases = this.deps.leases.covering(id);
      const listed = this.deps.directory.cached(id)?.version;
      const content = await this.deps.filesOf(id).read(id, listedSizeOf(listed));
      this.reads.read(id, readBase(content, leases));
      return content.bytes;
    });
  }

  async writeFile(
    uri: Uri,
    content: Uint8Array,
    options: { create: boolean; overwrite: boolean },
  ): Promise<void> {
    const id = resourceAt(uri);
    const { saver, blockedSaves, documents } = this.deps;
    if (!options.overwrite || !options.create) await this.checkExistence(uri, id, options);
    const known = this.deps.directory.cached(id) !== undefined;
    try {
      const mode = { mustBeNew: !options.overwrite, mayReplaceUnseen: !documents.isDirty(id) };
      const shown = await uploading(id, content.length, (onSent) =>
        saver.save(id, content, onSent ? { ...mode, onSent } : mode),
      );
      this.reportedStats.report(id, shown);
    } catch (error) {
      if (!isFailure(error)) throw error;
      this.noteSignIn(id, error);
      const save = blockedSaves.of(id);
      const message = save && blockedMessage(save, await this.refusal(id, error));
      // Without an editor nobody can save, revert or close it; the text stays in the journal.
      if (save && !this.isInEditor(id)) blockedSaves.closeEditor(id);
      throw fileError(error, uri, message);
    }
    this.changes.fire([{ type: known ? FileChangeType.Changed : FileChangeType.Created, uri }]);
  }

  createDirectory(uri: Uri): Promise<void> {
    return this.guarded(uri, async (id) => {
      await this.deps.filesOf(id).makeCollection(id, this.deps.relocation.guardFor(id));
      this.deps.directory.forget(id);
      this.changes.fire([{ type: FileChangeType.Created, uri }]);
    });
  }

  delete(uri: Uri, options: { recursive: boolean }): Promise<void> {
    return this.guarded(uri, async (id) => {
      const { kind } = await this.deps.directory.stat(id, 0);
      const isFull = async () => (await this.deps.directory.list(id, 0)).length > 0;
      if (kind === 'collection' && !options.recursive && (await isFull())) {
        throw withoutName(FileSystemError.NoPermissions(`${plain(nameOf(id), 80)} is not empty.`));
      }
      await this.deps.relocation.remove(id);
      this.forget(id);
      this.changes.fire([{ type: FileChangeType.Deleted, uri }]);
    });
  }

  rename(from: Uri, to: Uri, options: { overwrite: boolean }): Promise<void> {
    return this.transfer(from, to, options, 'move');
  }

  copy(from: Uri, to: Uri, options: { overwrite: boolean }): Promise<void> {
    return this.transfer(from, to, options, 'copy');
  }

  /**
   * A workspace folder counts as existing before the sign-in or while its server is unreachable: otherwise VS Code
   * would say in a modal that it does not exist. Its contents still fail with the reason.
   */
  private async statOrRoot(id: ResourceId): Promise<RemoteStat> {
    try {
      await this.opening.list(id);
      return await this.deps.directory.stat(id, this.opening.maxAgeMs(id) ?? burstMs);
    } catch (error) {
      if (!isFailure(error, ...notReached) || !openFolders().includes(id)) throw error;
      this.noteSignIn(id, error);
      return { kind: 'collection', version: {}, modified: 0, created: 0, size: 0 };
    }
  }

  /** Answers from a listing what VS Code looks for in every folder that it opens. */
  private async mustNotBeMissing(id: ResourceId): Promise<void> {
    if (await this.opening.isMissing(id)) throw new RemoteFailure('notFound', { resource: id });
  }

  /** Skips folders that cannot be listed: opening them shows the reason. */
  private async membersOf(folders: readonly ResourceId[]): Promise<ResourceId[]> {
    const lists = await Promise.allSettled(folders.map((id) => this.deps.directory.list(id, burstMs)));
    return lists.flatMap((list) => (list.status === 'fulfilled' ? list.value : []));
  }

  private fire(type: FileChangeType, resources: readonly ResourceId[]): void {
    this.changes.fire(resources.map((id) => ({ type, uri: toUri(id) })));
  }

  private async transfer(
    from: Uri,
    to: Uri,
    options: { overwrite: boolean },
    how: 'move' | 'copy',
  ): Promise<void> {
    const isBetween = areOnDifferentServers(resourceAt(from), resourceAt(to));
    return this.guarded(isBetween ? to : from, async () => {
      const [source, target] = [resourceAt(from), resourceAt(to)];
      // Between servers VS Code itself has deleted what is to be overwritten.
      if (isBetween || !options.overwrite)
        await this.checkExistence(to, target, { create: true, overwrite: false });
      if (isBetween) await copyBetween(this.deps.serverCopy, how, { from: source, to: target });
      else
        await this.deps.relocation.transfer({ how, from: source, to: target, overwrite: options.overwrite });
      if (how === 'move') this.forget(source);
      const moved = how === 'move' ? [{ type: FileChangeType.Deleted, uri: from }] : [];
      this.changes.fire([...moved, { type: FileChangeType.Created, uri: to }]);
    });
  }

  private async checkExistence(
    uri: Uri,
    id: ResourceId,
    options: { create: boolean; overwrite: boolean },
  ): Promise<void> {
    const exists = await this.exists(uri, id);
    if (exists && !options.overwrite) throw FileSystemError.FileExists(uri);
    if (!exists && !options.create) throw FileSystemError.FileNotFound(uri);
  }

  private exists(uri: Uri, id: ResourceId): Promise<boolean> {
    return this.guarded(uri, async () => {
      const stat = await orElse(undefined, () => this.deps.directory.stat(id, 0), 'notFound');
      return stat !== undefined;
    });
  }

  /** A new file may be refused because its folder is locked. */
  private async refusal(id: ResourceId, failure: RemoteFailure): Promise<Refusal> {
    const cannotWait = !this.deps.documents.isOpen(id) && { cannotWait: true as const };
    const writer = { ...this.programIn(id), ...cannotWait };
    const own = { ...refusalOf(this.deps, id), ...writer };
    if (own.view.lock || failure.kind !== 'locked') return own;
    const { view } = await blockingLock(this.deps, failure);
    return view.lock ? { view, now: own.now, ...writer } : own;
  }

  private programIn(id: ResourceId): Pick<Refusal, 'program'> {
    if (!this.isInEditor(id)) return { program: 'noEditor' };
    return this.deps.programEdits.has(id) ? { program: 'inEditor' } : {};
  }

  /** Whether an editor of any kind shows the file. */
  private isInEditor(id: ResourceId): boolean {
    return this.deps.documents.isOpen(id) || this.deps.openFiles.hasTab(id);
  }

  private forget(root: ResourceId): void {
    this.deps.folders.forget(root);
    this.reportedStats.forget(root);
  }

  private typeOf(id: ResourceId): FileType {
    return this.deps.directory.cached(id)?.kind === 'collection' ? FileType.Directory : FileType.File;
  }

  /** Runs for one URI; a failure becomes a FileSystemError with our sentence. */
  private async guarded<T>(uri: Uri, run: (id: ResourceId) => Promise<T>): Promise<T> {
    const id = resourceAt(uri);
    try {
      return await run(id);
    } catch (error) {
      if (error instanceof TreeLocked) throw lockedMembersError(error, this.deps.clock.now());
      if (!isFailure(error)) throw error;
      this.noteSignIn(id, error);
      const message = isFailure(error, 'locked') ? await lockedChangeText(this.deps, error) : undefined;
      throw fileError(error, uri, message);
    }
  }

  private noteSignIn(id: ResourceId, error: unknown): void {
    if (isFailure(error, 'signInNeeded')) this.deps.onSignInNeeded(id);
  }
}

function asEvent({ resource, kind }: ContentChange): FileChangeEvent {
  const types = {
    created: FileChangeType.Created,
    changed: FileChangeType.Changed,
    deleted: FileChangeType.Deleted,
  };
  return { type: types[kind], uri: toUri(resource) };
}
