import {
  EventEmitter,
  FileChangeType,
  FileSystemError,
  FileType,
  type FileChangeEvent,
  type FileStat,
  type FileSystemProvider,
  type Uri,
} from 'vscode';
import { Disposables } from '../../base/disposable';
import type { BlockedSaves } from '../../core/saving/blockedSaves';
import type { ContentChange, Directory, Shown } from '../../core/polling/directory';
import { isFailure, type RemoteFailure } from '../../core/model/failure';
import type { ExpandedFolders } from '../../core/polling/expandedFolders';
import type { Leases } from '../../core/leases/leases';
import type { OpenDocuments } from '../../core/leases/openDocuments';
import type { ServerOf } from '../../core/model/ports';
import { TreeBarred, type Relocation } from '../../core/saving/relocation';
import {
  isWithin,
  nameOf,
  serverOf as serverIdOf,
  type ResourceId,
  type ServerId,
} from '../../core/model/resource';
import type { Saver } from '../../core/saving/saver';
import { readBase, type BaseVersions } from '../../core/saving/baseVersions';
import { openFolders } from '../connection/connections';
import { barredError, fileError, bare, resourceAt } from './fileErrors';
import { lockedChange, lockInTheWay } from './lockedChange';
import type { OpenFiles } from './openFiles';
import { plain } from '../words/plainText';
import { blockedMessage, refusalOf, type Refusal, type RefusalDeps } from './saveMessage';
import { ShownReads } from './shownReads';
import { toUri } from '../uris';
import { uploading } from './uploading';

export interface FileSystemDeps extends RefusalDeps {
  readonly serverOf: ServerOf;
  readonly directory: Directory;
  readonly saver: Saver;
  readonly baseVersions: BaseVersions;
  readonly relocation: Relocation;
  readonly leases: Leases;
  readonly blockedSaves: BlockedSaves;
  readonly documents: OpenDocuments;
  readonly openFiles: OpenFiles;
  readonly folders: ExpandedFolders;
  /** The server of this resource wants a sign-in: the person is asked, and nothing waits for the answer. */
  readonly onSignInNeeded: (resource: ResourceId) => void;
}

/** Tab switches and window focus ask for the same things many times over; younger answers serve them all. */
const burstMs = 1_500;

/** Remote files as VS Code's files. It fails fast and never reports a write that did not happen. */
export class RemoteFileSystem implements FileSystemProvider {
  private readonly changes = new EventEmitter<FileChangeEvent[]>();
  /** What VS Code was told of each file when it had no unsaved changes. */
  private readonly told = new Map<ResourceId, FileStat>();
  private readonly owned = new Disposables();
  private readonly reads: ShownReads;

  readonly onDidChangeFile = this.changes.event;

  constructor(private readonly deps: FileSystemDeps) {
    const { baseVersions, openFiles } = deps;
    const onStale = (id: ResourceId) => this.fire(FileChangeType.Changed, [id]);
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
      openFiles.onDidChangeOthers((ids) => {
        for (const id of ids) {
          if (openFiles.isOther(id)) reads.opened(id);
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

  /** After a sign-in everything of the server may read differently. */
  async readAgain(server: ServerId): Promise<void> {
    const roots = openFolders().filter((id) => serverIdOf(id) === server);
    for (const id of roots) this.deps.directory.forget(id);
    this.fire(FileChangeType.Changed, roots);
    const members = await this.membersOf(roots);
    // The settings of the folder are read again only where their own files are news.
    const settings = await this.membersOf(members.filter((id) => nameOf(id) === '.vscode'));
    // The explorer looks again only for files that it has not got.
    this.fire(FileChangeType.Created, [...members, ...settings]);
  }

  /** Changes are noticed by asking about what is on the screen, so there is nothing to set up here. */
  watch(): { dispose(): void } {
    return { dispose: () => undefined };
  }

  stat(uri: Uri): Promise<FileStat> {
    return this.guarded(uri, async (id) => {
      const now = asStat(await this.statOrRoot(id));
      // A file with unsaved changes keeps the time and size that the person has seen: VS Code's own check knows less
      // than the save's, and its message would offer an overwrite that the save then refuses.
      const seen = this.isDirty(id) ? this.statOfSeen(id) : undefined;
      if (!seen) this.told.set(id, now);
      return seen ?? now;
    });
  }

  readDirectory(uri: Uri): Promise<[string, FileType][]> {
    return this.guarded(uri, async (id) => {
      this.deps.folders.read(id);
      const members = await this.deps.directory.list(id, burstMs);
      return members.map((member) => [nameOf(member), this.typeOf(member)]);
    });
  }

  readFile(uri: Uri): Promise<Uint8Array> {
    return this.guarded(uri, async (id) => {
      const leases = this.deps.leases.covering(id);
      const listedSize = this.deps.directory.recall(id)?.version.size;
      const content = await this.deps.serverOf(id).read(id, listedSize === undefined ? {} : { listedSize });
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
    const { saver, blockedSaves } = this.deps;
    if (!options.overwrite || !options.create) await this.checkExistence(uri, id, options);
    const known = this.deps.directory.recall(id) !== undefined;
    try {
      const mode = { mustBeNew: !options.overwrite, mayReplaceUnseen: !this.isDirty(id) };
      const shown = await uploading(id, content.length, (onSent) =>
        saver.save(id, content, onSent ? { ...mode, onSent } : mode),
      );
      this.told.set(id, asStat(shown));
    } catch (error) {
      if (!isFailure(error)) throw error;
      this.noteSignIn(id, error);
      const save = blockedSaves.of(id);
      const message = save && blockedMessage(save, await this.refusal(id, error));
      // Nobody would ever save, revert or close it: the journal has the text for who looks for it.
      if (save && !this.isInEditor(id)) blockedSaves.setAside(id);
      throw fileError(error, uri, message);
    }
    this.changes.fire([{ type: known ? FileChangeType.Changed : FileChangeType.Created, uri }]);
  }

  createDirectory(uri: Uri): Promise<void> {
    return this.guarded(uri, async (id) => {
      await this.deps.serverOf(id).makeCollection(id, this.deps.relocation.guardFor(id));
      this.deps.directory.forget(id);
      this.changes.fire([{ type: FileChangeType.Created, uri }]);
    });
  }

  delete(uri: Uri, options: { recursive: boolean }): Promise<void> {
    return this.guarded(uri, async (id) => {
      const { kind } = await this.deps.directory.stat(id, 0);
      const isFull = async () => (await this.deps.directory.list(id, 0)).length > 0;
      if (kind === 'collection' && !options.recursive && (await isFull())) {
        throw bare(FileSystemError.NoPermissions(`${plain(nameOf(id), 80)} is not empty.`));
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

  dispose(): void {
    this.owned.dispose();
    this.changes.dispose();
  }

  /**
   * A folder of the workspace counts as there before anybody has signed in or while its server is out of reach: VS Code
   * would say in a modal that it does not exist. What is in it still fails with the reason.
   */
  private async statOrRoot(id: ResourceId): Promise<Shown> {
    try {
      return await this.deps.directory.stat(id, burstMs);
    } catch (error) {
      if (
        !isFailure(error, 'signInNeeded', 'cannotSignIn', 'unreachable', 'timeout') ||
        !openFolders().includes(id)
      )
        throw error;
      this.noteSignIn(id, error);
      return { kind: 'collection', version: {}, modified: 0, created: 0, size: 0 };
    }
  }

  /** None where they cannot be had: who opens the folder is told why. */
  private async membersOf(folders: readonly ResourceId[]): Promise<ResourceId[]> {
    const lists = await Promise.allSettled(folders.map((id) => this.deps.directory.list(id, burstMs)));
    return lists.flatMap((list) => (list.status === 'fulfilled' ? list.value : []));
  }

  private fire(type: FileChangeType, resources: readonly ResourceId[]): void {
    this.changes.fire(resources.map((id) => ({ type, uri: toUri(id) })));
  }

  /** Text that outlived a restart of the window rests on the version that was kept with it. */
  private statOfSeen(id: ResourceId): FileStat | undefined {
    const told = this.told.get(id);
    const { modified, size } = this.deps.baseVersions.of(id)?.version ?? {};
    if (modified === undefined || size === undefined || (told && told.mtime <= modified)) return told;
    return { type: FileType.File, ctime: told?.ctime ?? modified, mtime: modified, size };
  }

  private async transfer(
    from: Uri,
    to: Uri,
    options: { overwrite: boolean },
    how: 'move' | 'copy',
  ): Promise<void> {
    return this.guarded(from, async (source) => {
      const target = resourceAt(to);
      if (serverIdOf(source) !== serverIdOf(target)) {
        throw bare(FileSystemError.Unavailable('Files can only be moved or copied within one server.'));
      }
      if (!options.overwrite) await this.checkExistence(to, target, { create: true, overwrite: false });
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
      try {
        await this.deps.directory.stat(id, 0);
        return true;
      } catch (error) {
        if (isFailure(error, 'notFound')) return false;
        throw error;
      }
    });
  }

  /** A new file may be refused for the lock of its folder. */
  private async refusal(id: ResourceId, failure: RemoteFailure): Promise<Refusal> {
    const own = refusalOf(this.deps, id);
    if (own.view.lock || failure.kind !== 'locked') return own;
    const { view } = await lockInTheWay(this.deps, failure);
    return view.lock ? { view, now: own.now } : own;
  }

  /** Whether an editor of any kind shows it. */
  private isInEditor(id: ResourceId): boolean {
    return this.deps.documents.isOpen(id) || this.deps.openFiles.hasTab(id);
  }

  private forget(root: ResourceId): void {
    this.deps.folders.forget(root);
    for (const id of [...this.told.keys()]) if (isWithin(id, root)) this.told.delete(id);
  }

  private typeOf(id: ResourceId): FileType {
    return this.deps.directory.recall(id)?.kind === 'collection' ? FileType.Directory : FileType.File;
  }

  /** Runs for one address; a failure becomes the editor's error with a sentence. */
  private async guarded<T>(uri: Uri, run: (id: ResourceId) => Promise<T>): Promise<T> {
    const id = resourceAt(uri);
    try {
      return await run(id);
    } catch (error) {
      if (error instanceof TreeBarred) throw barredError(error, this.deps.clock.now());
      if (!isFailure(error)) throw error;
      this.noteSignIn(id, error);
      const message = isFailure(error, 'locked') ? await lockedChange(this.deps, error) : undefined;
      throw fileError(error, uri, message);
    }
  }

  /** In whatever editor. */
  private isDirty(id: ResourceId): boolean {
    return this.deps.documents.isDirty(id) || this.deps.openFiles.isDirty(id);
  }

  private noteSignIn(id: ResourceId, error: unknown): void {
    if (isFailure(error, 'signInNeeded')) this.deps.onSignInNeeded(id);
  }
}

function asStat(shown: Shown): FileStat {
  const type = shown.kind === 'collection' ? FileType.Directory : FileType.File;
  return { type, ctime: shown.created, mtime: shown.modified, size: shown.size };
}

function asEvent({ resource, kind }: ContentChange): FileChangeEvent {
  const types = {
    created: FileChangeType.Created,
    changed: FileChangeType.Changed,
    deleted: FileChangeType.Deleted,
  };
  return { type: types[kind], uri: toUri(resource) };
}
