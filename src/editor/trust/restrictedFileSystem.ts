import {
  workspace,
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
import type { ResourceId, ServerId } from '../../core/model/resource';
import { resourceAt, withoutName } from '../files/fileErrors';
import { toResource, toUri } from '../uris';
import { isConfiguration } from './configurationFiles';
import type { SeenConfiguration } from './seenConfiguration';
import type { ServerTrust } from './serverTrust';
import { restrictedWriteSentence } from './words';

type Provider = Required<FileSystemProvider>;

export interface RestrictedDeps {
  readonly files: Provider;
  readonly trust: ServerTrust;
  readonly seen: SeenConfiguration;
  /** The server has shown something of the folder. */
  readonly onContact: (resource: ResourceId) => void;
}

/**
 * Serves the files of servers that the person does not trust without their configuration. VS Code trusts every virtual
 * workspace and would apply what stands in its `.vscode` without a question.
 */
export class RestrictedFileSystem extends Owner implements FileSystemProvider {
  private readonly changes = this.owned.add(new EventEmitter<FileChangeEvent[]>());

  readonly onDidChangeFile = this.changes.event;

  constructor(private readonly deps: RestrictedDeps) {
    super();
    const { files, trust } = deps;
    this.owned.add(this.changes);
    this.owned.add(files.onDidChangeFile((events) => this.passOn(events)));
    this.owned.add(trust.onDidChange((server) => this.trustChanged(server)));
  }

  watch(...args: Parameters<Provider['watch']>) {
    return this.deps.files.watch(...args);
  }

  async stat(uri: Uri): Promise<FileStat> {
    this.mustBeServed(uri);
    return this.deps.files.stat(uri);
  }

  async readDirectory(uri: Uri): Promise<[string, FileType][]> {
    this.mustBeServed(uri);
    const folder = uri.path.replace(/\/$/, '');
    const entries = (await this.deps.files.readDirectory(uri)).map((entry) => ({
      entry,
      resource: toResource(uri.with({ path: `${folder}/${entry[0]}` })),
      isFolder: entry[1] === FileType.Directory,
    }));
    const about = toResource(uri);
    this.deps.onContact(about);
    const configuration = entries.filter(({ resource }) => isConfiguration(resource));
    // What is in a folder of configuration is hidden with that folder.
    if (!isConfiguration(about))
      this.deps.seen.setListed(
        about,
        configuration.map(({ resource, isFolder }) => ({ resource, isFolder })),
      );
    return entries.filter(({ resource }) => !this.isHidden(resource)).map(({ entry }) => entry);
  }

  async readFile(uri: Uri): Promise<Uint8Array> {
    this.mustBeServed(uri);
    const bytes = await this.deps.files.readFile(uri);
    this.deps.onContact(toResource(uri));
    return bytes;
  }

  async writeFile(...args: Parameters<Provider['writeFile']>): Promise<void> {
    this.mustBeWritable(args[0]);
    await this.deps.files.writeFile(...args);
  }

  async createDirectory(uri: Uri): Promise<void> {
    this.mustBeWritable(uri);
    await this.deps.files.createDirectory(uri);
  }

  async delete(...args: Parameters<Provider['delete']>): Promise<void> {
    this.mustBeServed(args[0]);
    await this.deps.files.delete(...args);
  }

  async rename(...args: Parameters<Provider['rename']>): Promise<void> {
    this.mustBeServed(args[0]);
    this.mustBeWritable(args[1]);
    await this.deps.files.rename(...args);
  }

  async copy(...args: Parameters<Provider['copy']>): Promise<void> {
    this.mustBeServed(args[0]);
    this.mustBeWritable(args[1]);
    await this.deps.files.copy(...args);
  }

  /** Not asked of the server: whether the file exists there makes no difference. */
  private mustBeServed(uri: Uri): void {
    const resource = resourceAt(uri);
    if (!this.isHidden(resource)) return;
    // Without it there is no folder to list.
    if (uri.toString() === workspace.workspaceFile?.toString()) this.deps.onContact(resource);
    throw FileSystemError.FileNotFound(uri);
  }

  private mustBeWritable(uri: Uri): void {
    const resource = resourceAt(uri);
    if (this.isHidden(resource))
      throw withoutName(FileSystemError.NoPermissions(restrictedWriteSentence(resource)));
  }

  private isHidden(resource: ResourceId): boolean {
    if (!isConfiguration(resource)) return false;
    this.deps.seen.noteAsked(resource);
    return this.deps.trust.hides(resource);
  }

  private passOn(events: readonly FileChangeEvent[]): void {
    for (const { type, uri } of events)
      if (type === FileChangeType.Deleted) this.deps.seen.forget(toResource(uri));
    const shown = events.filter(({ uri }) => !this.isHidden(toResource(uri)));
    if (shown.length > 0) this.changes.fire(shown);
  }

  /** VS Code applies settings, and shows files in the explorer, as soon as it hears of exactly these. */
  private trustChanged(server: ServerId): void {
    const type = this.deps.trust.trusts(server) ? FileChangeType.Created : FileChangeType.Deleted;
    const seen = this.deps.seen.seenOn(server);
    if (seen.length > 0) this.changes.fire(seen.map((resource) => ({ type, uri: toUri(resource) })));
  }
}
